package io.tidemark.role.learner;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.GroupMember;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Teaches the networks of every stream from {@code training} and {@code gates}, and publishes versions.
 *
 * <ol>
 *   <li>A stream has one partition on both topics, and one learner: who the group gives both of them to.
 *   <li>Versions, the checkpoints of the partition's streams and the consumed offsets are committed together. After a kill the
 *       learner goes on from the last checkpoint, with weights, optimiser, counters, kept rows and what waited for a gate, and
 *       reads on from its offsets: nothing is learnt twice or lost.
 *   <li>What comes for a stream whose learning has taken more than its declared share waits until time has caught up, in memory, and
 *       beyond 32 MiB of a partition on the topic; the other streams of the partition, and scoring, go on.
 *   <li>A commit follows every version, training that was undone when the commit before told of none,
 *       {@link #CHECKPOINT_RECORDS} records of a partition, and a clean stop.
 *   <li>Rows and gates that expired unread teach nothing, and the learner goes on at the oldest that are kept: no event lacks its
 *       outcome for it.
 *   <li>A broker that goes away is waited for. Another learner with the same instance name ends this one.
 * </ol>
 *
 * <p>One thread calls {@link #onStart}, {@link #doWork} and {@link #close}; {@link #run} does all three.
 */
public final class Learner implements AutoCloseable {
    /** Records of a partition between two checkpoints, when no version is published. */
    public static final int CHECKPOINT_RECORDS = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);
    /** Records passed over between two commits: each waits with its content. */
    private static final int PASSED_OVER_MAX = 32;

    /** Records that waited for their stream's share of time, taken between two polls. */
    private static final int HELD_AT_ONCE = 200;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final String TRAINING = PartitionLearner.TRAINING;
    private static final String GATES = PartitionLearner.GATES;

    private final RoleContext context;
    private final KafkaConnection connection;
    private final List<StreamSpec> streams;
    private final Map<String, NetworkSpec> zoo;
    private final Engine engine;
    private final Meters meters;
    private final Consumer<byte[], byte[]> consumer;
    private final Transactions transactions;
    private final KafkaClientMetrics consumerMetrics;
    private final Map<Integer, PartitionLearner> owned = new TreeMap<>();
    private final PassedOver told;
    /** Dead letters of each partition that wait for its next transaction. */
    private final Map<Integer, List<ProducerRecord<byte[], byte[]>>> passedOver = new HashMap<>();

    private @Nullable ModelPublisher publisher;
    private int partitions;

    /**
     * Connects; waits for the broker, but not yet for the topics.
     *
     * @param streams every declared stream
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     */
    public Learner(RoleContext context, List<StreamSpec> streams, Map<String, NetworkSpec> zoo, Engine engine) {
        this.context = context;
        this.connection = context.connection();
        this.meters = context.meters();
        this.streams = List.copyOf(streams);
        this.zoo = Map.copyOf(zoo);
        this.engine = engine;
        told = new PassedOver(roleName(), meters);
        Map<String, Object> own = GroupMember.settings(connection.names().role(roleName()), "earliest");
        own.put("max.poll.interval.ms", "600000"); // the first training of a large network takes minutes
        own.put("max.poll.records", "200");
        // Gives the partitions of one number of both topics to the same member.
        own.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
        consumer = connection.consumer(own);
        consumerMetrics = new KafkaClientMetrics(consumer);
        connection.clients().measure(consumerMetrics, meters.registry());
        transactions = new Transactions(
                connection,
                connection.names().role("learner-" + context.instance()),
                Map.of("buffer.memory", Integer.toString(128 << 20), "max.request.size", Integer.toString(4 << 20)));
    }

    /** The name under which this role is started. */
    public String roleName() {
        return "learner";
    }

    /** Waits for the topics, saying so. */
    public void onStart() throws InterruptedException {
        TopicNames names = connection.names();
        partitions = TopicTail.await(consumer, names.training());
        for (String topic : List.of(names.gates(), names.checkpoints())) {
            int count = TopicTail.await(consumer, topic);
            if (count != partitions) {
                throw new IllegalStateException("topic " + topic + " must have the " + partitions + " partitions of "
                        + names.training() + ", but has " + count + "; delete it and run tidemark streams apply");
            }
        }
        TopicTail.await(consumer, names.models());
        consumer.subscribe(List.of(names.training(), names.gates()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                for (int partition : List.copyOf(owned.keySet())) commit(partition);
                release();
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                release();
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                own(assigned);
            }
        });
        meters.level(MeterName.ROLE_UP, roleName()).set(1);
    }

    private void release() {
        owned.values().forEach(PartitionLearner::close);
        owned.clear();
        passedOver.clear();
        if (publisher != null) publisher.close();
        publisher = null;
    }

    private void own(Collection<TopicPartition> assigned) {
        release();
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(connection.names().training())) open(partition.partition());
        }
    }

    /** Restores a partition's learners and puts the consumer where their checkpoints stand; waits for a broker that is away. */
    private void open(int partition) {
        while (true) {
            try {
                tryOpen(partition);
                return;
            } catch (RetriableException e) {
                LOG.warn("waiting for the broker to restore partition {}: {}", partition, e.toString());
            } catch (InterruptedException e) {
                throw new InterruptException("told to stop while reading checkpoints");
            }
        }
    }

    private void tryOpen(int partition) throws InterruptedException {
        List<StreamSpec> here = new ArrayList<>();
        for (StreamSpec stream : streams) {
            if (TopicNames.partition(stream.name(), partitions) == partition) here.add(stream);
        }
        if (publisher == null) publisher = ModelPublisher.open(connection, transactions.producer());
        CheckpointStore store = CheckpointStore.open(connection, partition);
        PartitionLearner learner = new PartitionLearner(context, here, zoo, engine, store);
        try {
            position(partition, learner);
        } catch (RuntimeException e) {
            learner.close();
            throw e;
        }
        owned.put(partition, learner);
    }

    private void position(int partition, PartitionLearner learner) {
        for (String topic : List.of(TRAINING, GATES)) {
            TopicPartition at = topicPartition(topic, partition);
            Long offset = learner.resumeAt(topic);
            if (offset != null) consumer.seek(at, offset);
            else if (learner.watches()) consumer.seekToBeginning(List.of(at));
            learner.start(topic, consumer.position(at));
        }
    }

    private TopicPartition topicPartition(String topic, int partition) {
        return new TopicPartition(connection.names().prefix() + topic, partition);
    }

    /**
     * Learns from one poll; commits what is due.
     *
     * @return records taken
     */
    public int doWork() {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
        } catch (RetriableException e) {
            LOG.warn("the broker does not answer for now: {}", e.toString());
            return 0;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (!take(record)) return 0;
        }
        if (!records.isEmpty()) owned.values().forEach(PartitionLearner::measure);
        if (!takeHeld()) return 0;
        keepToBudgets();
        return records.count();
    }

    /** Teaches what waited for its stream's share of time; false when the learners went back to their last checkpoint. */
    private boolean takeHeld() {
        for (int partition : List.copyOf(owned.keySet())) {
            PartitionLearner learner = owned.get(partition);
            for (int i = 0; learner != null && i < HELD_AT_ONCE && learner.takeHeld(); i++) {
                if (!commitIfDue(partition, learner)) return false;
            }
        }
        return true;
    }

    /** Stops reading partitions of which too much waits, and goes on when less does. */
    private void keepToBudgets() {
        owned.forEach((partition, learner) -> {
            List<TopicPartition> both = List.of(topicPartition(TRAINING, partition), topicPartition(GATES, partition));
            if (learner.isFull()) consumer.pause(both);
            else consumer.resume(both);
        });
    }

    /** Learns from one record and commits what is due; false when the learners went back to their last checkpoint. */
    private boolean take(ConsumerRecord<byte[], byte[]> record) {
        PartitionLearner learner = owned.get(record.partition());
        if (learner == null) return true;
        boolean gate = record.topic().equals(connection.names().gates());
        learner.taken(gate ? GATES : TRAINING, record.offset() + 1);
        try {
            if (gate) learner.gate(record.offset(), record.key(), record.value());
            else learner.rows(record.offset(), record.key(), record.value());
        } catch (MalformedRecordException e) {
            passOver(record, gate ? "malformed-gate" : "malformed-rows", String.valueOf(e.getMessage()));
        }
        return commitIfDue(record.partition(), learner);
    }

    private boolean commitIfDue(int partition, PartitionLearner learner) {
        boolean due = learner.isDue()
                || learner.records() >= CHECKPOINT_RECORDS
                || passedOver.getOrDefault(partition, List.of()).size() >= PASSED_OVER_MAX;
        if (!due || commit(partition)) return true;
        LOG.warn("the learners go back to their last checkpoints");
        own(consumer.assignment());
        return false;
    }

    /** Its dead letter is part of the partition's next transaction. */
    private void passOver(ConsumerRecord<byte[], byte[]> record, String reason, String why) {
        told.tell(record, why);
        meters.counter(MeterName.DEAD_LETTERS, "-", reason).increment();
        passedOver
                .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                .add(DeadLetter.of(record, roleName(), reason, PassedOver.cut(why))
                        .record(connection.names().deadLetters(), record.key(), record.value()));
    }

    /** Commits what a partition has taken; false when nothing was committed. */
    private boolean commit(int partition) {
        PartitionLearner learner = owned.get(partition);
        ModelPublisher models = publisher;
        if (learner == null || models == null || learner.records() == 0) return true;
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        learner.next()
                .forEach((topic, offset) -> next.put(topicPartition(topic, partition), new OffsetAndMetadata(offset)));
        List<ProducerRecord<byte[], byte[]>> dead = passedOver.getOrDefault(partition, List.of());
        boolean committed = transactions.commit(consumer, next, producer -> {
            dead.forEach(producer::send);
            learner.send(producer, models);
        });
        if (!committed) return false;
        passedOver.remove(partition);
        learner.committed();
        return true;
    }

    /** Starts, works while told to, commits, and closes; a failure is thrown after the role is marked as down. */
    public void run(BooleanSupplier running) throws InterruptedException {
        try {
            onStart();
            while (running.getAsBoolean()) doWork();
            for (int partition : List.copyOf(owned.keySet())) commit(partition);
        } finally {
            meters.level(MeterName.ROLE_UP, roleName()).set(0);
            close();
        }
    }

    @Override
    public void close() {
        release();
        consumer.close();
        consumerMetrics.close();
        transactions.close();
    }
}
