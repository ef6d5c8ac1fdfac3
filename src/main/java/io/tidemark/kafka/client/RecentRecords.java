package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * The newest committed records of a topic up to the end that it had when this was opened, to be read as often as one likes without
 * holding them. One thread.
 */
public final class RecentRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> starts;
    private final Map<TopicPartition, Long> ends;

    /**
     * @param sinceMs of Kafka timestamps; what came before is left out
     * @param most offsets of each partition that are read, markers of transactions among them; at least 1
     * @throws BrokerException when there is no such topic; it is not created
     */
    public RecentRecords(KafkaConnection connection, String topic, long sinceMs, int most) {
        consumer = connection.consumer(Map.of("allow.auto.create.topics", "false", "auto.offset.reset", "earliest"));
        try {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) {
                throw new BrokerException("there is no topic " + topic
                        + "; check --prefix, or create Tidemark's topics with 'tidemark streams apply'");
            }
            consumer.assign(partitions);
            ends = Map.copyOf(consumer.endOffsets(partitions));
            starts = new HashMap<>(since(sinceMs));
            starts.replaceAll((partition, start) -> Math.max(start, end(partition) - most));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** The first offset of each partition from a time on; its end where there is none. */
    private Map<TopicPartition, Long> since(long sinceMs) {
        if (sinceMs <= 0) return consumer.beginningOffsets(ends.keySet());
        Map<TopicPartition, Long> times = new HashMap<>();
        for (TopicPartition partition : ends.keySet()) times.put(partition, sinceMs);
        Map<TopicPartition, Long> found = new HashMap<>();
        Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
        for (TopicPartition partition : ends.keySet()) {
            OffsetAndTimestamp at = offsets.get(partition);
            found.put(partition, at == null ? end(partition) : at.offset());
        }
        return found;
    }

    private long end(TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition));
    }

    /** Hands them over, each partition in its order. */
    public void read(TopicTail.Sink each) {
        starts.forEach(consumer::seek);
        while (!TopicEnds.areReached(consumer, ends)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end(new TopicPartition(record.topic(), record.partition()))) each.record(record);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
