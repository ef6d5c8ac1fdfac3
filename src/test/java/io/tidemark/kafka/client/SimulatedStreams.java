package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a Kafka Streams application under exactly_once_v2, around the application's own processors and stores: what they
 * forward, the changes of the stores and the offsets are one transaction; a task is restored from its changelog where it moves to.
 */
public final class SimulatedStreams {
    /**
     * One processor with the topics it reads.
     *
     * @param store makes its store over key-value pairs; null where it has none
     * @param changelog empty where it has none
     */
    public record Node(
            Set<String> topics,
            Supplier<Processor<byte[], byte[], byte[], byte[]>> processor,
            @Nullable Function<KeyValueStore<Bytes, byte[]>, SlotStore<?>> store,
            String changelog) {}

    /** Where what is forwarded to a name goes. */
    public record Sink(String topic, @Nullable StreamPartitioner<byte[], byte[]> partitioner) {}

    /** @param id of the application */
    public record Application(String id, List<Node> nodes, Map<String, Sink> sinks) {}

    /** It commits at the latest so long after it last did. */
    private static final long COMMIT_MS = 500;

    private record Origin(String topic, int partition, long offset) implements RecordMetadata {}

    private final SimulatedKafka kafka;
    private final KafkaConnection connection;
    private final Application application;
    private final Consumer<byte[], byte[]> consumer;
    private final String transactionalId;
    private final Map<String, Task> tasks = new TreeMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    private Producer<byte[], byte[]> producer;
    private boolean isOpen;
    private long committedMs;

    /** @param incarnation no other thread's, ever */
    public SimulatedStreams(
            SimulatedKafka kafka, KafkaConnection connection, Application application, String incarnation) {
        this.kafka = kafka;
        this.connection = connection;
        this.application = application;
        transactionalId = application.id + "-" + incarnation;
        consumer = connection.consumer(
                Map.of("group.id", application.id, "auto.offset.reset", "earliest", "max.poll.records", "40"));
        producer = open();
        subscribe();
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> fresh =
                connection.producer(Map.of("transactional.id", transactionalId, "transaction.timeout.ms", "10000"));
        fresh.initTransactions();
        return fresh;
    }

    private void subscribe() {
        Set<String> topics = new LinkedHashSet<>();
        for (Node node : application.nodes) topics.addAll(node.topics);
        consumer.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                commit();
                tasks.clear();
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                migrate();
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> assigned) {}
        });
    }

    /** Another thread has its tasks: what was begun is given up. */
    private void migrate() {
        tasks.clear();
        next.clear();
        isOpen = false;
        producer = open();
    }

    /** One round: takes one poll through the processors, and now and then commits. */
    public void doWork() throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                task(record.topic(), record.partition()).process(record);
                next.put(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
            for (TopicPartition partition : consumer.assignment()) task(partition.topic(), partition.partition());
            for (Task task : tasks.values()) task.punctuate();
            if (kafka.random().nextInt(3) == 0 || kafka.millis() - committedMs > COMMIT_MS) commit();
        } catch (KafkaException e) {
            consumer.unsubscribe();
            migrate();
            subscribe();
        }
    }

    private Task task(String topic, int partition) throws InterruptedException {
        for (int n = 0; n < application.nodes.size(); n++) {
            Node node = application.nodes.get(n);
            if (!node.topics.contains(topic)) continue;
            String id = n + "_" + partition;
            Task task = tasks.get(id);
            if (task == null) {
                task = new Task(node, partition);
                tasks.put(id, task);
            }
            return task;
        }
        throw new IllegalStateException("nobody reads " + topic);
    }

    private void commit() {
        committedMs = kafka.millis();
        if (next.isEmpty() && !isOpen) return;
        begin();
        for (Task task : tasks.values()) task.store();
        producer.sendOffsetsToTransaction(next, consumer.groupMetadata());
        producer.commitTransaction();
        next.clear();
        isOpen = false;
    }

    private void begin() {
        if (!isOpen) producer.beginTransaction();
        isOpen = true;
    }

    private final class Task {
        private final Node node;
        private final int partition;
        private final SimulatedStore values = new SimulatedStore();
        private final @Nullable SlotStore<?> store;
        private final Processor<byte[], byte[], byte[], byte[]> processor;
        private final List<Punctuation> punctuations = new ArrayList<>();
        private @Nullable RecordMetadata origin;

        @SuppressWarnings("unchecked")
        Task(Node node, int partition) throws InterruptedException {
            this.node = node;
            this.partition = partition;
            store = node.store == null ? null : node.store.apply(values);
            if (store != null) {
                try (TopicTail tail = new TopicTail(connection, node.changelog, partition)) {
                    tail.drain(record -> values.restore(record.key(), record.value()));
                }
            }
            processor = node.processor.get();
            processor.init(StandIn.as(ProcessorContext.class, new Context(this)));
        }

        void process(ConsumerRecord<byte[], byte[]> record) {
            origin = new Origin(record.topic(), record.partition(), record.offset());
            processor.process(new Record<>(record.key(), record.value(), record.timestamp(), record.headers()));
        }

        void punctuate() {
            origin = null;
            for (Punctuation punctuation : punctuations) punctuation.run();
        }

        void store() {
            if (store == null) return;
            store.flushCache();
            values.drain(
                    (key, value) -> producer.send(new ProducerRecord<>(node.changelog, partition, key.get(), value)));
        }
    }

    private final class Punctuation {
        private final long everyMs;
        private final Punctuator action;
        private long dueMs;

        Punctuation(Duration every, Punctuator action) {
            everyMs = every.toMillis();
            this.action = action;
            dueMs = kafka.millis() + everyMs;
        }

        void run() {
            if (kafka.millis() < dueMs) return;
            dueMs = kafka.millis() + everyMs;
            action.punctuate(kafka.millis());
        }
    }

    /** What a processor sees of its task. */
    public final class Context {
        private final Task task;

        private Context(Task task) {
            this.task = task;
        }

        public void forward(Record<byte[], byte[]> record, String to) {
            Sink sink = application.sinks.get(to);
            if (sink == null) throw new IllegalStateException("there is no sink " + to);
            Integer partition = sink.partitioner == null
                    ? null
                    : sink.partitioner
                            .partitions(sink.topic, record.key(), record.value(), kafka.partitions(sink.topic))
                            .orElse(Set.of(0))
                            .iterator()
                            .next();
            begin();
            producer.send(new ProducerRecord<>(
                    sink.topic, partition, record.timestamp(), record.key(), record.value(), record.headers()));
        }

        public Optional<RecordMetadata> recordMetadata() {
            return Optional.ofNullable(task.origin);
        }

        public long currentSystemTimeMs() {
            return kafka.millis();
        }

        public StateStore getStateStore(String name) {
            if (task.store == null) throw new IllegalStateException("there is no store " + name);
            return task.store;
        }

        public Cancellable schedule(Duration every, PunctuationType type, Punctuator action) {
            task.punctuations.add(new Punctuation(every, action));
            return () -> {};
        }
    }
}
