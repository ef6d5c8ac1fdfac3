package io.tidemark.role.retrain;

import io.tidemark.kafka.client.SimulatedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A share group's member: records in any order, each locked for a while, given out again when the lock runs out or it is released. */
public final class SimulatedShareQueue implements JobQueue {
    /** What the cluster knows of the group. */
    public static final class Group {
        private final Map<Long, Acquired> acquired = new HashMap<>();
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private long next;
    }

    private static final class Acquired {
        int deliveries;
        long untilMs;
        boolean done;

        @Nullable
        Object owner;
    }

    private final SimulatedKafka kafka;
    private final SimulatedKafka.Faults faults;
    private final Group group;
    private final TopicPartition jobs;
    private @Nullable Acquired hand;

    /** @param topic of the jobs */
    public SimulatedShareQueue(SimulatedKafka kafka, SimulatedKafka.Faults faults, Group group, String topic) {
        this.kafka = kafka;
        this.faults = faults;
        this.group = group;
        jobs = new TopicPartition(topic, 0);
    }

    @Override
    public Optional<Delivery> next(Duration within) {
        faults.at("next");
        group.next = kafka.read(jobs, group.next, group.records::add);
        List<ConsumerRecord<byte[], byte[]>> free = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : group.records) {
            Acquired state = group.acquired.computeIfAbsent(record.offset(), offset -> new Acquired());
            if (!state.done && kafka.millis() >= state.untilMs) free.add(record);
        }
        if (free.isEmpty()) {
            kafka.advance(within.toMillis());
            return Optional.empty();
        }
        ConsumerRecord<byte[], byte[]> record = free.get(kafka.random().nextInt(free.size()));
        Acquired taken = Objects.requireNonNull(group.acquired.get(record.offset()));
        taken.deliveries++;
        taken.untilMs = kafka.millis() + LOCK.toMillis();
        taken.owner = this;
        hand = taken;
        return Optional.of(Delivery.of(record, taken.deliveries));
    }

    @Override
    public boolean holds() {
        return hand != null;
    }

    @Override
    public boolean renew() {
        Acquired taken = ours();
        if (taken == null) return false;
        taken.untilMs = kafka.millis() + LOCK.toMillis();
        return true;
    }

    private @Nullable Acquired ours() {
        Acquired taken = hand;
        return taken != null && taken.owner == this && kafka.millis() < taken.untilMs ? taken : null;
    }

    @Override
    public void done() {
        faults.at("done");
        Acquired taken = ours();
        hand = null;
        if (taken != null) taken.done = true;
    }

    @Override
    public void release() {
        faults.at("release");
        Acquired taken = ours();
        hand = null;
        if (taken != null) taken.untilMs = 0;
    }

    @Override
    public void reject() {
        done();
    }

    @Override
    public Duration lock() {
        return LOCK;
    }

    @Override
    public void close() {}
}
