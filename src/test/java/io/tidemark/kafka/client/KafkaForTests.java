package io.tidemark.kafka.client;

import io.tidemark.Eventually;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A real broker for tests: one in-process broker for each JVM, started by the first test that asks and closed with the JVM. Each
 * instance has a topic prefix of its own, so that tests do not see each other's records.
 *
 * <pre>{@code
 * var kafka = KafkaForTests.fresh();
 * String topic = kafka.topic("samples", 2);
 * kafka.send(topic, "pump-1".getBytes(UTF_8), value);
 * List<ConsumerRecord<byte[], byte[]>> records = kafka.read(topic, 1);
 * }</pre>
 */
public final class KafkaForTests {
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);
    private static final int DELETE_ATTEMPTS = 100;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String prefix = "t" + NEXT.incrementAndGet() + ".";

    private KafkaForTests() {}

    /** The shared broker under a new topic prefix. */
    public static KafkaForTests fresh() {
        return new KafkaForTests();
    }

    private static final class Shared {
        static final Path FOLDER = temporaryFolder();
        static final EmbeddedBroker BROKER = EmbeddedBroker.inProcess(FOLDER);
        static final Admin ADMIN = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, BROKER.bootstrap()));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ADMIN.close(Duration.ZERO);
                BROKER.close();
                delete(FOLDER);
            }));
        }
    }

    public String bootstrap() {
        return Shared.BROKER.bootstrap();
    }

    /** Starts every topic, group and transactional id of this test; ends in a dot. */
    public String prefix() {
        return prefix;
    }

    public Admin admin() {
        return Shared.ADMIN;
    }

    /** To this broker, for a role whose topics, groups and transactional ids begin with the prefix. */
    public KafkaConnection connection() {
        return connection(new TopicNames(prefix));
    }

    public KafkaConnection connection(TopicNames names) {
        return new KafkaConnection(Map.of("bootstrap.servers", bootstrap()), names);
    }

    /** {@link #topic(String, int, Map)} without settings of its own. */
    public String topic(String name, int partitions) {
        return topic(name, partitions, Map.of());
    }

    /**
     * Creates {@code prefix + name}, waits until it takes records, and returns the full name. It keeps records for ever unless the settings say
     * otherwise: those of a test have the times of their events, which the broker's retention of a week would delete half a minute after its start.
     */
    public String topic(String name, int partitions, Map<String, String> configs) {
        String full = prefix + name;
        Map<String, String> all = new HashMap<>(Map.of("retention.ms", "-1"));
        all.putAll(configs);
        create(List.of(new TopicSpec(full, partitions, TopicSpec.CLUSTER_DEFAULT, all)));
        return full;
    }

    /** Changes a setting of {@code prefix + name}, and returns when the broker has taken it. */
    public void setting(String name, String key, String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, prefix + name);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin().incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
        Eventually.holds(READ_WITHIN, key + " is " + value, () -> {
            Config now = admin().describeConfigs(List.of(topic)).all().get().get(topic);
            return now != null && value.equals(now.get(key).value());
        });
    }

    public void create(List<TopicSpec> topics) {
        new Topics(admin(), READ_WITHIN).create(topics);
    }

    /** A producer with acks=all; further settings, such as a transactional id, are laid over. The caller closes it. */
    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.putAll(settings);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A read_committed consumer from the earliest record, without a group unless one is set. The caller closes it. */
    public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.putAll(settings);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void send(String topic, byte[] key, byte @Nullable [] value) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException failed) {
            throw new AssertionError("could not send to " + topic, failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Hands over every committed record that the topics have now. */
    public void readAll(List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(sink);
            }
        }
    }

    /** Reads the topic from its start until {@code count} committed records are there; fails after 30 s. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + READ_WITHIN.toNanos();
            while (records.size() < count) {
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "topic " + topic + " has " + records.size() + " of " + count + " awaited records");
                }
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** A folder outside the build, since a broker's folder can be large; the caller deletes it with {@link #delete(Path)}. */
    public static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("tidemark-kafka");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Deletes a folder with all it holds, also where another process takes files away or adds some meanwhile. */
    public static void delete(Path folder) {
        for (int attempt = 0; attempt < DELETE_ATTEMPTS; attempt++) {
            try {
                Utils.delete(folder.toFile());
                return;
            } catch (NoSuchFileException | DirectoryNotEmptyException changedMeanwhile) {
                Thread.onSpinWait();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        System.err.println("left behind, since a process still writes into it: " + folder);
    }
}
