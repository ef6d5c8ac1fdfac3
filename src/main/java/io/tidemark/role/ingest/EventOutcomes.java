package io.tidemark.role.ingest;

import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.OutcomeWriter;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.RejectReason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Writes the one status record of an event that is part of no step, and the dead letter of a rejected one. */
final class EventOutcomes {
    private static final String ROLE = "ingest";

    private final ProcessorContext<byte[], byte[]> context;
    private static final String MALFORMED = "malformed-internal-record";

    private final Meters meters;
    private final PassedOver told;
    private final String topic;
    private final String scores;
    private final String deadLetters;
    private final OutcomeWriter writer = new OutcomeWriter();

    /**
     * @param topic the input topic
     * @param scores the sink of status records
     * @param deadLetters the sink of dead letters
     */
    EventOutcomes(
            ProcessorContext<byte[], byte[]> context, String topic, String scores, String deadLetters, Meters meters) {
        this.meters = meters;
        told = new PassedOver(ROLE, meters);
        this.context = context;
        this.topic = topic;
        this.scores = scores;
        this.deadLetters = deadLetters;
    }

    /**
     * Passes over a record that ingest did not write: a dead letter under the key it has, and a log line.
     *
     * @param why a sentence for people
     */
    void passOver(Record<byte[], byte[]> record, String why) {
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        told.tell(origin.topic(), origin.partition(), origin.offset(), why);
        DeadLetter letter = new DeadLetter(
                origin.topic(), origin.partition(), origin.offset(), "", ROLE, MALFORMED, PassedOver.cut(why));
        Headers headers = new RecordHeaders();
        letter.headers(record.value()).forEach(headers::add);
        byte[] cutKey = DeadLetter.cutKey(record.key());
        byte[] cutValue = DeadLetter.cut(record.value());
        context.forward(new Record<>(cutKey, cutValue, context.currentSystemTimeMs(), headers), deadLetters);
        meters.counter(MeterName.DEAD_LETTERS, "-", MALFORMED).increment();
    }

    /** @param reason empty where the status says it all */
    void status(String stream, DecodedEvent event, ScoreStatus status, String reason, IngestMeters meters) {
        // a rejected event may have lost its time; every other one has it
        long timeMs = status == ScoreStatus.REJECTED && event.timeMs == 0 ? Score.NO_TIME : event.timeMs;
        byte[] record =
                writer.status(stream, event.series, timeMs, status, reason, topic, event.partition, event.offset);
        byte[] key = TopicNames.key(stream, event.series).getBytes(StandardCharsets.UTF_8);
        context.forward(new Record<>(key, record, context.currentSystemTimeMs()), scores);
        meters.outcome(status).increment();
    }

    /**
     * Rejects an event.
     *
     * @param value the original record's value; null when it had none, or when only the original record has it
     */
    void reject(
            String stream,
            DecodedEvent event,
            RejectReason reason,
            byte @Nullable [] key,
            byte @Nullable [] value,
            String detail,
            IngestMeters meters) {
        status(stream, event, ScoreStatus.REJECTED, reason.label(), meters);
        DeadLetter letter = new DeadLetter(topic, event.partition, event.offset, stream, ROLE, reason.label(), detail);
        Headers headers = new RecordHeaders();
        letter.headers(value).forEach(headers::add);
        byte[] cutKey = DeadLetter.cutKey(key);
        byte[] cutValue = DeadLetter.cut(value);
        context.forward(new Record<>(cutKey, cutValue, context.currentSystemTimeMs(), headers), deadLetters);
        meters.deadLetter(reason).increment();
    }
}
