package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A consumer of committed records, as far as Tidemark uses one. It rebalances in its polls, eagerly. */
public final class SimulatedConsumer {
    private static final ConsumerRebalanceListener NONE = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    };

    private final SimulatedKafka.Process process;
    private final SimulatedKafka kafka;
    private final String groupName;
    private final boolean resets;
    private final int max;
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private List<TopicPartition> wanted = List.of();
    private ConsumerRebalanceListener listener = NONE;
    private boolean subscribed;
    private String member = "";
    private int generation = -1;

    SimulatedConsumer(SimulatedKafka.Process process, Map<String, Object> settings) {
        this.process = process;
        kafka = process.kafka();
        groupName = settings.getOrDefault("group.id", "").toString();
        resets = settings.getOrDefault("auto.offset.reset", "").equals("earliest");
        max = Integer.parseInt(settings.getOrDefault("max.poll.records", "500").toString());
    }

    private SimulatedGroup group() {
        return kafka.group(groupName);
    }

    public void subscribe(Collection<String> topics) {
        subscribe(topics, NONE);
    }

    public void subscribe(Collection<String> topics, ConsumerRebalanceListener told) {
        wanted = new ArrayList<>();
        for (String topic : topics) {
            for (int p = 0; p < kafka.partitions(topic); p++) wanted.add(new TopicPartition(topic, p));
        }
        listener = told;
        subscribed = true;
    }

    public void unsubscribe() {
        expel();
        forget();
        subscribed = false;
    }

    public void assign(Collection<TopicPartition> partitions) {
        assigned.clear();
        assigned.addAll(partitions);
    }

    public Set<TopicPartition> assignment() {
        return Set.copyOf(assigned);
    }

    /** Leaves its group, as a session that has run out does; it hears of it at its next poll. */
    void expel() {
        if (subscribed) group().leave(member);
    }

    private void lose() {
        List<TopicPartition> lost = List.copyOf(assigned);
        if (!lost.isEmpty()) listener.onPartitionsLost(lost);
        forget();
    }

    private void forget() {
        assigned.clear();
        positions.clear();
        paused.clear();
    }

    private void keepUp() {
        if (!group().isMember(member)) {
            lose();
            member = group().enter(wanted);
        }
        if (group().waitsFor(member)) {
            List<TopicPartition> revoked = List.copyOf(assigned);
            if (!revoked.isEmpty()) listener.onPartitionsRevoked(revoked);
            forget();
            if (!group().isMember(member)) return;
            group().join(member);
        }
        if (group().rebalances() || generation == group().generation() || !group().isMember(member)) return;
        generation = group().generation();
        assigned.addAll(group().assignment(member));
        listener.onPartitionsAssigned(List.copyOf(assigned));
    }

    public ConsumerRecords<byte[], byte[]> poll(Duration within) {
        process.at("poll");
        if (subscribed) keepUp();
        RandomGenerator random = kafka.random();
        for (TopicPartition partition : assigned) position(partition);
        List<TopicPartition> order = new ArrayList<>(assigned);
        order.removeAll(paused);
        Collections.shuffle(order, new Random(random.nextLong()));
        int left = process.faults().isSlow() ? 1 + random.nextInt(3) : max;
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        for (TopicPartition partition : order) {
            if (left == 0) break;
            List<ConsumerRecord<byte[], byte[]>> of = new ArrayList<>();
            long next = kafka.log(partition).read(position(partition), Math.min(max, left), of::add);
            positions.put(partition, next);
            left -= of.size();
            if (!of.isEmpty()) records.put(partition, of);
        }
        if (records.isEmpty()) kafka.advance(Math.max(1, within.toMillis()));
        return new ConsumerRecords<>(records, Map.of());
    }

    public void seek(TopicPartition partition, long offset) {
        requireAssigned(partition);
        positions.put(partition, offset);
    }

    public void seekToBeginning(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) seek(partition, 0);
    }

    private void requireAssigned(TopicPartition partition) {
        if (!assigned.contains(partition)) throw new IllegalStateException(partition + " is not assigned");
    }

    public long position(TopicPartition partition) {
        requireAssigned(partition);
        Long known = positions.get(partition);
        if (known != null) return known;
        OffsetAndMetadata place =
                groupName.isEmpty() ? null : committed(Set.of(partition)).get(partition);
        if (place == null && !resets) throw new NoOffsetForPartitionException(partition);
        long at = place == null ? 0 : place.offset();
        positions.put(partition, at);
        return at;
    }

    public long position(TopicPartition partition, Duration within) {
        return position(partition);
    }

    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        kafka.awaitStable(groupName);
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        for (TopicPartition partition : partitions)
            found.put(partition, group().committed.get(partition));
        return found;
    }

    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        process.at("commitSync");
        group().check(member, generation);
        group().committed.putAll(offsets);
    }

    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration within) {
        commitSync(offsets);
    }

    public ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata(groupName, generation, member, Optional.empty());
    }

    public void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    public void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    public Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    public List<PartitionInfo> partitionsFor(String topic) {
        List<PartitionInfo> all = new ArrayList<>();
        for (int p = 0; p < kafka.partitions(topic); p++) all.add(new PartitionInfo(topic, p, null, null, null));
        return all;
    }

    public List<PartitionInfo> partitionsFor(String topic, Duration within) {
        return partitionsFor(topic);
    }

    public Map<String, List<PartitionInfo>> listTopics() {
        Map<String, List<PartitionInfo>> all = new HashMap<>();
        for (String topic : kafka.topics()) all.put(topic, partitionsFor(topic));
        return all;
    }

    /** Of committed records, as a reader of those is told. */
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration within) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ends.put(partition, kafka.log(partition).read(0, Integer.MAX_VALUE, record -> {}));
        }
        return ends;
    }

    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return endOffsets(partitions, Duration.ZERO);
    }

    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration within) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (TopicPartition partition : partitions) beginnings.put(partition, 0L);
        return beginnings;
    }

    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    public void wakeup() {}

    public void close() {
        expel();
    }

    public void close(Duration within) {
        expel();
    }
}
