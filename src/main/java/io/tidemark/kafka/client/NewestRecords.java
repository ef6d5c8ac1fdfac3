package io.tidemark.kafka.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The newest records of a topic, read once and by no group. */
public final class NewestRecords {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Markers of transactions take offsets too. */
    private static final long LEAST_BACK = 64;

    private NewestRecords() {}

    /**
     * What was read.
     *
     * @param texts values as UTF-8, one partition after another, each in the order in which it was written
     * @param partitions of the topic
     * @param keyless how many records had no key
     */
    public record Sample(List<String> texts, int partitions, int keyless) {}

    /**
     * The newest records of a topic.
     *
     * @param most records over all partitions, at least one of each
     * @param within reading stops after this time with what there is; compacted and transactional topics have gaps
     * @throws BrokerException when there is no such topic
     */
    public static Sample of(KafkaConnection kafka, String topic, int most, Duration within) {
        try (Consumer<byte[], byte[]> consumer =
                kafka.consumer(Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20))) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) throw new BrokerException("there is no topic " + topic);
            consumer.assign(partitions);
            long each = Math.max(1, most / partitions.size());
            Map<TopicPartition, Long> ends = seek(consumer, partitions, partition -> each);
            Map<Integer, List<String>> texts = new TreeMap<>();
            int keyless = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < within.toNanos() && !TopicEnds.areReached(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() == null) continue;
                    if (record.key() == null) keyless++;
                    texts.computeIfAbsent(record.partition(), p -> new ArrayList<>())
                            .add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
            List<String> all = new ArrayList<>();
            texts.values().forEach(all::addAll);
            return new Sample(all, partitions.size(), keyless);
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

    /**
     * What was found.
     *
     * @param records oldest first, by their timestamps
     * @param complete false where fewer were found than asked for, and what lies further back was not looked through
     */
    public record Found(List<ConsumerRecord<byte[], byte[]>> records, boolean complete) {}

    /**
     * The newest wanted records before some ends, where the consumer then stands. It looks back from each end by stretches that grow, until there
     * are enough.
     *
     * @param consumer of these partitions
     * @param ends where each partition ends
     * @param most records over all partitions
     * @param back offsets of a partition that are looked through at most
     */
    public static Found before(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            int most,
            int back,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(ends.keySet());
        Map<TopicPartition, Long> reached = new HashMap<>(ends);
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
        ends.keySet().forEach(partition -> found.put(partition, List.of()));
        boolean complete = true;
        if (most > 0) {
            for (long stretch = Math.max(LEAST_BACK, 2L * most); !reached.isEmpty(); stretch *= 4) {
                Map<TopicPartition, Long> froms = new HashMap<>();
                for (Map.Entry<TopicPartition, Long> upper : reached.entrySet()) {
                    TopicPartition partition = upper.getKey();
                    long first = Math.max(starts.getOrDefault(partition, 0L), end(ends, partition) - back);
                    froms.put(partition, Math.max(first, upper.getValue() - stretch));
                }
                Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read =
                        between(consumer, froms, reached, most, wanted);
                for (Map.Entry<TopicPartition, Long> from : froms.entrySet()) {
                    TopicPartition partition = from.getKey();
                    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(read.getOrDefault(partition, List.of()));
                    all.addAll(found.getOrDefault(partition, List.of()));
                    found.put(partition, newest(all, most));
                    boolean begins = from.getValue() <= starts.getOrDefault(partition, 0L);
                    boolean far = end(ends, partition) - from.getValue() >= back;
                    if (begins || far || all.size() >= most) reached.remove(partition);
                    else reached.put(partition, from.getValue());
                    if (far && !begins && all.size() < most) complete = false;
                }
            }
        }
        consumer.assign(ends.keySet());
        ends.forEach(consumer::seek);
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        found.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return new Found(newest(all, most), complete || all.size() >= most);
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition));
    }

    private static List<ConsumerRecord<byte[], byte[]>> newest(List<ConsumerRecord<byte[], byte[]>> all, int most) {
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /** The newest wanted records of a stretch of each partition, in order. */
    private static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> between(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> froms,
            Map<TopicPartition, Long> tos,
            int most,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
        froms.keySet().forEach(partition -> found.put(partition, new ArrayList<>()));
        consumer.assign(froms.keySet());
        froms.forEach(consumer::seek);
        Map<TopicPartition, Long> ends = Map.copyOf(tos);
        while (!TopicEnds.areReached(consumer, ends)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() >= end(ends, partition) || !wanted.test(record)) continue;
                List<ConsumerRecord<byte[], byte[]>> own = Objects.requireNonNull(found.get(partition));
                own.add(record);
                if (own.size() > most) own.remove(0);
            }
        }
        return found;
    }
}
