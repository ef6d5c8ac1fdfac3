package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.Sha256;
import io.tidemark.image.decode.ImageEventDecoder;
import io.tidemark.kafka.client.BrokerException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Image files into a stream's input topic, as CloudEvents in the order of their names, round after round; the files' own bytes. */
public final class FrameReplay {
    /** The largest image that goes into a record. */
    static final int INLINE_BYTES_MAX = 11 << 20;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final boolean claimCheck;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();

    /** @param claimCheck whether records name the files instead of holding their bytes */
    public FrameReplay(String topic, Producer<byte[], byte[]> producer, boolean claimCheck) {
        this.topic = topic;
        this.producer = producer;
        this.claimCheck = claimCheck;
    }

    /**
     * Sends every file and waits until Kafka has them all.
     *
     * @param times rounds; at least 1
     * @param progress told the number of records sent after each
     * @return records that Kafka acknowledged
     * @throws BrokerException when one was not
     */
    public long run(List<FrameFiles> files, int times, LongConsumer progress) throws IOException {
        long sent = 0;
        for (int round = 1; round <= times; round++) {
            for (FrameFiles file : files) {
                send(file, round);
                progress.accept(++sent);
            }
        }
        producer.flush();
        check();
        return acknowledged.get();
    }

    private void send(FrameFiles file, int round) throws IOException {
        check();
        byte[] bytes = Files.readAllBytes(file.path());
        if (!claimCheck && bytes.length > INLINE_BYTES_MAX) {
            throw new BrokerException(file.path() + " has " + bytes.length + " bytes, more than the " + INLINE_BYTES_MAX
                    + " that go into a record; add --claim-check");
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, file.series().getBytes(UTF_8), claimCheck ? null : bytes);
        header(record, "ce_specversion", "1.0");
        header(record, ImageEventDecoder.CE_ID, file.name() + "#" + round);
        header(record, ImageEventDecoder.CE_SOURCE, file.series());
        header(record, "ce_type", "io.tidemark.frame");
        header(record, "content-type", file.contentType());
        if (claimCheck) {
            header(
                    record,
                    ImageEventDecoder.URI,
                    file.path().toRealPath().toUri().toString());
            header(record, ImageEventDecoder.SHA256, Sha256.hex(bytes));
        }
        producer.send(record, (where, failure) -> {
            if (failure == null) acknowledged.incrementAndGet();
            else refused.compareAndSet(null, failure);
        });
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(UTF_8));
    }

    private void check() {
        Exception failure = refused.get();
        if (failure != null) throw new BrokerException("Kafka refused a frame: " + failure.getMessage(), failure);
    }
}
