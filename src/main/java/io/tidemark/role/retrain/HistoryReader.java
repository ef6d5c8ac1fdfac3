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
import io.tidemark.series.sample.TrainingRows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code training} and {@code gates} hold of a stream, from the beginning to the end they had when it began, and keeps
 * the rows of a range of event time that a gate lets teach.
 *
 * <p>The last history stays until {@link #forget}: asked for the same range of the same stream again, as the jobs of one run do, only
 * what was written since is read. Who was given a history must be done with it before the next is read. One thread at a time.
 */
final class HistoryReader {
    private static final Duration ASK = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final PassedOver told;
    private @Nullable Reading last;

    private record Range(String stream, int generation, long fromMs, long toMs, int rowsMax) {}

    /** @param next the first offset of each partition that was not read */
    private record Reading(Range range, History history, Map<TopicPartition, Long> next) {
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

    /**
     * @param rowsMax the most rows kept; the oldest go first
     * @throws InterruptedException when the thread is told to stop while it waits for a topic
     */
    History read(StreamSpec stream, long fromMs, long toMs, int rowsMax) throws InterruptedException {
        Range range = new Range(stream.name(), stream.generation(), fromMs, toMs, rowsMax);
        Reading before = last;
        last = null;
        History history;
        TopicNames names = connection.names();
        Map<String, Object> own = Map.of(
                "auto.offset.reset", "earliest", "allow.auto.create.topics", "false", "max.poll.records", "1000");
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(own)) {
            int partition = TopicNames.partition(stream.name(), TopicTail.await(consumer, names.training()));
            TopicTail.await(consumer, names.gates());
            TopicPartition training = new TopicPartition(names.training(), partition);
            TopicPartition gates = new TopicPartition(names.gates(), partition);
            consumer.assign(List.of(training, gates));
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(List.of(training, gates), ASK));
            if (before != null && before.goesOn(range, ends)) {
                history = before.history();
                before.next().forEach(consumer::seek);
            } else {
                history = new History(stream, rowsMax);
                consumer.seekToBeginning(List.of(training, gates));
            }
            TrainingRows rows = new TrainingRows();
            while (!ends.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    try {
                        if (record.value() == null) throw new MalformedRecordException("the record has no value");
                        if (record.topic().equals(training.topic())) {
                            rows.decode(record.value());
                            if (rows.stream.equals(stream.name()) && rows.keepBetween(fromMs, toMs)) history.rows(rows);
                        } else if (Label.isLabel(record.value())) {
                            Label label = Label.decode(record.value());
                            if (label.stream().equals(stream.name())) history.label(label);
                        } else {
                            Gate gate = Gate.decode(record.value());
                            if (gate.stream().equals(stream.name())) history.gate(gate);
                        }
                    } catch (MalformedRecordException e) {
                        told.tell(record, String.valueOf(e.getMessage()));
                    }
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey(), ASK) >= end.getValue());
            }
            Map<TopicPartition, Long> next =
                    Map.of(training, consumer.position(training, ASK), gates, consumer.position(gates, ASK));
            last = new Reading(range, history, next);
        }
        return history;
    }

    /** Lets go of the last history. */
    void forget() {
        last = null;
    }
}
