package io.tidemark.role.verdict;

import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Gives up records of one processor: to its sink of dead letters, counted by reason. */
final class DeadLetters {
    private static final String ROLE = "verdict";

    private final ProcessorContext<byte[], byte[]> context;
    private final String sink;
    private final Meters meters;
    private final PassedOver told;

    DeadLetters(ProcessorContext<byte[], byte[]> context, String sink, Meters meters) {
        this.context = context;
        this.sink = sink;
        this.meters = meters;
        told = new PassedOver(ROLE, meters);
    }

    /**
     * Gives up the record at hand.
     *
     * @param stream it was meant for; empty where not known
     * @param declared whether the stream is declared, so that its name may be a label of a meter
     */
    void add(Record<byte[], byte[]> record, String stream, boolean declared, String reason, String detail) {
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        DeadLetter letter =
                new DeadLetter(origin.topic(), origin.partition(), origin.offset(), stream, ROLE, reason, detail);
        Headers headers = new RecordHeaders();
        letter.headers(record.value()).forEach(headers::add);
        byte[] key = DeadLetter.cutKey(record.key());
        told.tell(origin.topic(), origin.partition(), origin.offset(), reason + ": " + detail);
        context.forward(new Record<>(key, DeadLetter.cut(record.value()), record.timestamp(), headers), sink);
        meters.counter(MeterName.DEAD_LETTERS, declared ? stream : "-", reason).increment();
    }
}
