package io.tidemark.kafka.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The newest records of a topic, read once and by no group. */
public final class NewestRecords {
    private static final Duration POLL = Duration.ofMillis(200);

    private NewestRecords() {}

    /**
     * Values as UTF-8 texts, one partition after another, each in the order in which it was written.
     *
     * @param most records over all partitions, at least one of each
     * @param within reading stops after this time with what there is; compacted and transactional topics have gaps
     * @throws BrokerException when there is no such topic
     */
    public static List<String> of(KafkaConnection kafka, String topic, int most, Duration within) {
        try (Consumer<byte[], byte[]> consumer =
                kafka.consumer(Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20))) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) throw new BrokerException("there is no topic " + topic);
            consumer.assign(partitions);
            long each = Math.max(1, most / partitions.size());
            Map<TopicPartition, Long> ends = seek(consumer, partitions, partition -> each);
            Map<Integer, List<String>> texts = new TreeMap<>();
            long start = System.nanoTime();
            while (System.nanoTime() - start < within.toNanos() && !TopicEnds.areReached(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() == null) continue;
                    texts.computeIfAbsent(record.partition(), p -> new ArrayList<>())
                            .add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
            List<String> all = new ArrayList<>();
            texts.values().forEach(all::addAll);
            return all;
        }
    }

    /**
     * Moves a consumer before the newest records of partitions that it is assigned.
     *
     * @param each how many records of a partition
     * @return where each partition ends; a map of the caller's own
     */
    public static Map<TopicPartition, Long> seek(
            Consumer<byte[], byte[]> consumer,
            Collection<TopicPartition> partitions,
            ToLongFunction<TopicPartition> each) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        ends.forEach((partition, end) -> consumer.seek(
                partition, Math.max(starts.getOrDefault(partition, 0L), end - each.applyAsLong(partition))));
        return ends;
    }
}
