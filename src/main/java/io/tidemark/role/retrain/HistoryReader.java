package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.learn.learning.History;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.TrainingRows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code training} and {@code gates} hold of a stream, from the beginning to the end that a job names, and keeps
 * the rows of a range of event time that a gate lets teach.
 *
 * <p>The last history stays until {@link #forget}: asked for the same range of the same stream again, as the jobs of one run do, only
 * what was written since is read. Who was given a history must be done with it before the next is read. One thread at a time.
 */
final class HistoryReader {
    static final String TRAINING = "training";
    static final String GATES = "gates";
    /** What a history is read from, without prefix. */
    static final Set<String> TOPICS = Set.of(TRAINING, GATES);

    private static final Duration ASK = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final PassedOver told;
    private @Nullable Reading last;

    private record Range(String stream, int generation, long fromMs, long toMs, int rowsMax) {}

    /** @param first the first offset of each topic that was read */
    record Read(History history, Map<String, Long> first) {}

    /** @param next the first offset of each partition that was not read */
    private record Reading(Range range, Read read, Map<TopicPartition, Long> next) {
        boolean goesOn(Range wanted, Map<TopicPartition, Long> ends) {
            return range.equals(wanted)
                    && ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) <= end.getValue());
        }
    }

    /** @param told of records that are passed over; the learner writes their dead letters */
    HistoryReader(KafkaConnection connection, PassedOver told) {
        this.told = told;
        this.connection = connection;
    }

    /** The first offset that the stream's records do not have yet, by topic without prefix. */
    static Map<String, Long> ends(KafkaConnection connection, String stream) throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of("allow.auto.create.topics", "false"))) {
            Source source = Source.of(connection.names(), stream, consumer);
            return source.byTopic(consumer.endOffsets(source.both(), ASK));
        }
    }

    /** The two partitions that a stream's history lies in. */
    private record Source(TopicPartition training, TopicPartition gates) {
        /** Waits until both topics are there. */
        static Source of(TopicNames names, String stream, Consumer<byte[], byte[]> consumer)
                throws InterruptedException {
            int partition = TopicNames.partition(stream, TopicTail.await(consumer, names.training()));
            TopicTail.await(consumer, names.gates());
            return new Source(
                    new TopicPartition(names.training(), partition), new TopicPartition(names.gates(), partition));
        }

        List<TopicPartition> both() {
            return List.of(training, gates);
        }

        Map<String, Long> byTopic(Map<TopicPartition, Long> offsets) {
            return Map.of(TRAINING, offsets.getOrDefault(training, 0L), GATES, offsets.getOrDefault(gates, 0L));
        }
    }

    /**
     * @param until the first offsets that are not read, by topic without prefix; null reads up to what is there
     * @param rowsMax the most rows kept; the oldest go first
     * @throws InterruptedException when the thread is told to stop while it waits for a topic
     */
    Read read(StreamSpec stream, long fromMs, long toMs, @Nullable Map<String, Long> until, int rowsMax)
            throws InterruptedException {
        Range range = new Range(stream.name(), stream.generation(), fromMs, toMs, rowsMax);
        Reading before = last;
        last = null;
        Read read;
        Map<String, Object> own = Map.of(
                "auto.offset.reset", "earliest", "allow.auto.create.topics", "false", "max.poll.records", "1000");
        try (Consumer<byte[], byte[]> consumer = connection.consumer(own)) {
            Source source = Source.of(connection.names(), stream.name(), consumer);
            consumer.assign(source.both());
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(source.both(), ASK));
            if (until != null) {
                ends.merge(source.training(), until.getOrDefault(TRAINING, 0L), Math::min);
                ends.merge(source.gates(), until.getOrDefault(GATES, 0L), Math::min);
            }
            Map<TopicPartition, Long> limits = Map.copyOf(ends);
            if (before != null && before.goesOn(range, ends)) {
                read = before.read();
                before.next().forEach(consumer::seek);
            } else {
                read = new Read(
                        new History(stream, rowsMax), source.byTopic(consumer.beginningOffsets(source.both(), ASK)));
                consumer.seekToBeginning(source.both());
            }
            History history = read.history();
            ends.entrySet().removeIf(end -> consumer.position(end.getKey(), ASK) >= end.getValue());
            TrainingRows rows = new TrainingRows();
            while (!ends.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    TopicPartition from = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() >= limits.getOrDefault(from, 0L)) continue;
                    try {
                        take(record, record.topic().equals(source.training().topic()), range, rows, history);
                    } catch (MalformedRecordException e) {
                        told.tell(record, String.valueOf(e.getMessage()));
                    }
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey(), ASK) >= end.getValue());
            }
            Map<TopicPartition, Long> next = new HashMap<>(limits);
            next.replaceAll((at, limit) -> Math.min(limit, consumer.position(at, ASK)));
            last = new Reading(range, read, next);
        }
        return read;
    }

    private static void take(
            ConsumerRecord<byte[], byte[]> record, boolean taught, Range range, TrainingRows rows, History history) {
        byte[] value = record.value();
        if (value == null) throw new MalformedRecordException("the record has no value");
        if (taught) {
            rows.decode(value);
            RecordKey.check(record.key(), rows.stream, rows.series);
            boolean wanted = rows.stream.equals(range.stream()) && rows.keepBetween(range.fromMs(), range.toMs());
            if (wanted) history.rows(rows);
        } else if (Label.isLabel(value)) {
            Label label = Label.decode(value);
            RecordKey.check(record.key(), label.stream(), label.series());
            if (label.stream().equals(range.stream())) history.label(label);
        } else {
            Gate gate = Gate.decode(value);
            RecordKey.check(record.key(), gate.stream(), gate.series());
            if (gate.stream().equals(range.stream())) history.gate(gate);
        }
    }

    /** Lets go of the last history. */
    void forget() {
        last = null;
    }
}
