package io.tidemark.kafka.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as its clients see it, in one thread and virtual time.
 *
 * <ol>
 *   <li>Transactions hide their records until their markers are written, partition by partition and, where it is slow, later than
 *       the commit returns. One that nobody ends is aborted when its time has run out, and its producer fenced.
 *   <li>A newer producer of the same transactional id ends the open transaction of the older one and fences it.
 *   <li>Groups have members and generations; offsets of a member that has been left behind are refused.
 *   <li>Every call is told to {@link Faults} first, which may throw {@link Crash}, or let others work before it goes on.
 * </ol>
 */
public final class SimulatedKafka implements InstantSource {
    private static final long SESSION_MS = 10_000;
    private static final int MARKERS_MS = 3_000;

    /** The process is gone, between two calls. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        public Crash(String at) {
            super(at, null, false, false);
        }
    }

    /** What a commit may come to. */
    public enum Fault {
        NONE,
        /** The coordinator never heard of it. */
        NOT_DONE,
        /** It is done, and the answer was lost. */
        DONE_UNSEEN
    }

    /** What goes wrong for one process. */
    public interface Faults {
        /** Before a call, or after a commit. */
        void at(String call);

        /** What the commit under way comes to. */
        Fault commit();

        /** Whether markers are late, and a poll gives little. */
        boolean isSlow();

        /** Nothing goes wrong. */
        Faults NONE = new Faults() {
            @Override
            public void at(String call) {}

            @Override
            public Fault commit() {
                return Fault.NONE;
            }

            @Override
            public boolean isSlow() {
                return false;
            }
        };
    }

    /** An open transaction, or one whose end is not yet in all its partitions. */
    static final class Open {
        final SimulatedLog.Transaction records = new SimulatedLog.Transaction();
        final Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets = new HashMap<>();
        final long untilMs;
        boolean ends;
        /** When its next marker is written. */
        long lateMs;

        Open(long untilMs) {
            this.untilMs = untilMs;
        }
    }

    /** What the cluster knows of a transactional id. */
    final class Coordinator {
        private int epoch = -1;
        private @Nullable Open open;

        int epoch() {
            return epoch;
        }

        int begin() {
            end(true, false);
            return ++epoch;
        }

        Open open(long timeoutMs) {
            settle();
            if (open == null) open = new Open(nowMs + timeoutMs);
            return open;
        }

        /** Ends the open transaction; one that ends already goes on as it was. */
        void end(boolean aborts, boolean slow) {
            Open ending = open;
            if (ending == null) return;
            if (!ending.ends) {
                ending.ends = true;
                ending.records.aborted = aborts;
            }
            ending.lateMs = nowMs + random.nextInt(MARKERS_MS);
            if (!slow) settle();
        }

        /** Writes the markers that are late. */
        void settle() {
            Open ending = open;
            if (ending == null || !ending.ends) return;
            while (!ending.records.open.isEmpty()) markOne(ending);
            if (!ending.records.aborted) {
                ending.offsets.forEach((name, offsets) -> group(name).committed.putAll(offsets));
            }
            open = null;
        }

        private void markOne(Open ending) {
            SimulatedLog log = ending.records.open.stream()
                    .min(java.util.Comparator.comparing(each -> each.partition.toString()))
                    .orElseThrow();
            log.mark(ending.records);
        }

        void tick() {
            Open now = open;
            if (now == null) return;
            if (now.ends) {
                if (now.records.open.isEmpty()) settle();
                else if (nowMs >= now.lateMs) {
                    markOne(now);
                    now.lateMs = nowMs + random.nextInt(MARKERS_MS);
                }
            } else if (nowMs >= now.untilMs) {
                end(true, false);
                epoch++;
            }
        }

        boolean holdsOffsetsOf(String group) {
            return open != null && open.offsets.containsKey(group);
        }
    }

    private final Map<String, List<SimulatedLog>> topics = new LinkedHashMap<>();
    private final Map<String, SimulatedGroup> groups = new LinkedHashMap<>();
    private final Map<String, Coordinator> coordinators = new LinkedHashMap<>();
    private final List<Process> dying = new ArrayList<>();
    private final RandomGenerator random;
    private long nowMs;

    public SimulatedKafka(RandomGenerator random, long nowMs) {
        this.random = random;
        this.nowMs = nowMs;
    }

    /** One process with its clients. */
    public final class Process implements KafkaClients {
        private final List<SimulatedConsumer> consumers = new ArrayList<>();
        private final Faults faults;
        private long goneMs;

        private Process(Faults faults) {
            this.faults = faults;
        }

        SimulatedKafka kafka() {
            return SimulatedKafka.this;
        }

        Faults faults() {
            return faults;
        }

        void at(String call) {
            faults.at(call);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            SimulatedConsumer consumer = new SimulatedConsumer(this, settings);
            if (settings.containsKey("group.id")) consumers.add(consumer);
            return StandIn.as(Consumer.class, consumer);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return StandIn.as(Producer.class, new SimulatedProducer(this, settings));
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return StandIn.as(Admin.class, new SimulatedAdmin(SimulatedKafka.this));
        }

        @Override
        public void measure(KafkaClientMetrics client, MeterRegistry registry) {}

        @Override
        public void pause(Duration time) {
            advance(time.toMillis());
        }

        /** Its sessions have run out while it was away. */
        public void expel() {
            consumers.forEach(SimulatedConsumer::expel);
        }

        /** It is gone; its groups notice after the session timeout. */
        public void die() {
            goneMs = nowMs + SESSION_MS;
            dying.add(this);
        }
    }

    /** A process begins. */
    public Process process(Faults faults) {
        return new Process(faults);
    }

    /** The Admin's part of it. */
    public static final class SimulatedAdmin {
        private final SimulatedKafka kafka;

        private SimulatedAdmin(SimulatedKafka kafka) {
            this.kafka = kafka;
        }

        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> asked) {
            Map<TopicPartition, KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo>> ends = new HashMap<>();
            for (TopicPartition partition : asked.keySet()) {
                ends.put(
                        partition,
                        KafkaFuture.completedFuture(new ListOffsetsResult.ListOffsetsResultInfo(
                                kafka.log(partition).end(), -1, java.util.Optional.empty())));
            }
            return new ListOffsetsResult(ends);
        }

        public void close() {}
    }

    public void topic(String name, int partitions) {
        List<SimulatedLog> logs = new ArrayList<>();
        for (int p = 0; p < partitions; p++) logs.add(new SimulatedLog(new TopicPartition(name, p)));
        topics.put(name, logs);
    }

    Set<String> topics() {
        return topics.keySet();
    }

    /** Partitions of a topic; fails where there is none. */
    public int partitions(String topic) {
        List<SimulatedLog> logs = topics.get(topic);
        if (logs == null) throw new IllegalStateException("there is no topic " + topic);
        return logs.size();
    }

    SimulatedLog log(TopicPartition partition) {
        List<SimulatedLog> logs = topics.get(partition.topic());
        if (logs == null) throw new IllegalStateException("there is no topic " + partition.topic());
        return logs.get(partition.partition());
    }

    /**
     * Hands over committed records from an offset on.
     *
     * @return the next offset to read from
     */
    public long read(
            TopicPartition partition,
            long from,
            java.util.function.Consumer<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> sink) {
        return log(partition).read(from, Integer.MAX_VALUE, sink);
    }

    SimulatedGroup group(String name) {
        return groups.computeIfAbsent(name, group -> new SimulatedGroup());
    }

    Coordinator coordinator(String id) {
        return coordinators.computeIfAbsent(id, name -> new Coordinator());
    }

    /** Waits until no transaction that is under way holds offsets of a group. */
    void awaitStable(String group) {
        for (Coordinator coordinator : coordinators.values()) {
            while (coordinator.holdsOffsetsOf(group)) advance(100);
        }
    }

    /** Time passes: late markers are written, and sessions and transactions run out. */
    public void advance(long ms) {
        nowMs += ms;
        for (Coordinator coordinator : coordinators.values()) coordinator.tick();
        dying.removeIf(process -> {
            if (nowMs < process.goneMs) return false;
            process.expel();
            return true;
        });
    }

    public RandomGenerator random() {
        return random;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public long millis() {
        return nowMs;
    }
}
