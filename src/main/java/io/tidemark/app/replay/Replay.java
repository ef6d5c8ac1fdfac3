package io.tidemark.app.replay;

import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Files into a stream's input topic: each file in its own order, and the files either one after another or side by side, each event when it is
 * due. Side by side at most {@value #OPEN_FILES_MAX} files are open; the next begins when one ends.
 *
 * <p>A record's Kafka timestamp is the time of sending, so a stream that declares no time field sees that time.
 */
public final class Replay {
    public static final int OPEN_FILES_MAX = 256;

    private final StreamSpec stream;
    private final Producer<byte[], byte[]> producer;
    private final Pace pace;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    private long sent;

    public Replay(StreamSpec stream, Producer<byte[], byte[]> producer, Pace pace) {
        this.stream = stream;
        this.producer = producer;
        this.pace = pace;
    }

    /**
     * Sends every row and waits until Kafka has them all.
     *
     * @param together files read side by side; in [1, {@value #OPEN_FILES_MAX}]
     * @param progress told the number of records sent after each
     * @return records that Kafka acknowledged
     * @throws BrokerException when one was not
     */
    public long run(List<SeriesFile> files, int together, LongConsumer progress) {
        Queue<ReplayedFile> open =
                new PriorityQueue<>(Comparator.comparingLong(ReplayedFile::due).thenComparingInt(ReplayedFile::index));
        Iterator<SeriesFile> waiting = files.iterator();
        int opened = 0;
        try {
            while (waiting.hasNext() || !open.isEmpty()) {
                while (open.size() < together && waiting.hasNext()) {
                    offer(open, new ReplayedFile(waiting.next(), stream, opened++, pace));
                }
                ReplayedFile next = open.poll();
                if (next != null) {
                    pace.await(next.due());
                    send(next);
                    progress.accept(sent);
                    offer(open, next);
                }
            }
        } finally {
            open.forEach(ReplayedFile::close);
        }
        producer.flush();
        check();
        return acknowledged.get();
    }

    /** Puts a file back with its next event; a file at its end is closed instead. */
    private static void offer(Queue<ReplayedFile> open, ReplayedFile file) {
        boolean more = false;
        try {
            more = file.next();
        } finally {
            if (!more) {
                file.close();
            }
        }
        if (more) {
            open.add(file);
        }
    }

    private void send(ReplayedFile file) {
        check();
        producer.send(new ProducerRecord<>(stream.input().topic(), file.key(), file.value()), (where, failure) -> {
            if (failure == null) {
                acknowledged.incrementAndGet();
            } else {
                refused.compareAndSet(null, failure);
            }
        });
        sent++;
    }

    private void check() {
        Exception failure = refused.get();
        if (failure != null) {
            throw new BrokerException(
                    "Kafka refused a record after " + acknowledged.get() + " of " + sent + ": " + failure.getMessage(),
                    failure);
        }
    }
}
