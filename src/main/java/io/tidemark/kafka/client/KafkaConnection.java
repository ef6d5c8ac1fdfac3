package io.tidemark.kafka.client;

import io.tidemark.config.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How to reach a Kafka cluster, and under which names: what every client of this process starts from.
 *
 * <p>Settings go to Kafka's clients as they are, so that TLS and SASL work as Kafka documents them. A setting that begins with
 * {@code producer.}, {@code consumer.} or {@code admin.} goes to clients of that kind only and wins over the plain one.
 *
 * @param settings Kafka client settings; {@code bootstrap.servers} must be there
 * @param names the names of Tidemark's own topics, groups and transactional ids
 * @param clients opens the clients
 */
public record KafkaConnection(Map<String, String> settings, TopicNames names, KafkaClients clients) {
    /** Bytes of the largest record that a role writes or an input topic of ours takes: one of 10 MiB with its headers. */
    public static final int RECORD_BYTES_MAX = 12 << 20;

    /** What a role sets and the user may set otherwise: how soon a silent process is taken for dead. */
    private static final List<String> PATIENCE = List.of("session.timeout.ms", "heartbeat.interval.ms");

    private static final List<String> NOT_OF_SHARE_GROUPS = List.of(
            "session.timeout.ms",
            "heartbeat.interval.ms",
            "auto.offset.reset",
            "enable.auto.commit",
            "group.instance.id",
            "group.protocol",
            "group.remote.assignor",
            "interceptor.classes",
            "isolation.level",
            "partition.assignment.strategy");

    private static final String TRANSACTION_TIMEOUT = ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
    private static final String ADMIN = "admin.";
    private static final String CONSUMER = "consumer.";
    private static final String PRODUCER = "producer.";

    public KafkaConnection {
        settings = Map.copyOf(settings);
        if (settings.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "")
                .isBlank()) {
            throw new IllegalArgumentException(
                    "bootstrap.servers must name at least one broker as HOST:PORT; give --bootstrap or set it in the configuration file");
        }
    }

    /** A cluster that is reached over the network. */
    public KafkaConnection(Map<String, String> settings, TopicNames names) {
        this(settings, names, KafkaClients.NETWORK);
    }

    /** A cluster without security, under the default prefix. */
    public static KafkaConnection to(String bootstrap) {
        return new KafkaConnection(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new TopicNames(TopicNames.DEFAULT_PREFIX));
    }

    /** HOST:PORT, or several with commas between. */
    public String bootstrap() {
        return String.valueOf(settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** An Admin client; the caller closes it. */
    public Admin admin() {
        return clients.admin(client(ADMIN, Map.of()));
    }

    /** Returns once the cluster answers; see {@link BrokerReadiness}. */
    public void await(Duration within, java.util.function.Consumer<String> progress) {
        BrokerReadiness.await(client(ADMIN, Map.of()), within, progress);
    }

    /** A consumer of bytes that reads committed records only and commits nothing by itself; the caller closes it. */
    public Consumer<byte[], byte[]> consumer(Map<String, ?> own) {
        Map<String, Object> all = client(
                CONSUMER,
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"));
        all.putAll(own);
        for (String key : PATIENCE) users(CONSUMER, key).ifPresent(users -> all.put(key, users));
        return clients.consumer(all);
    }

    /** A consumer of a share group; what the user set for consumers of other groups, and such a one refuses, is left out. The caller closes it. */
    public KafkaShareConsumer<byte[], byte[]> shareConsumer(Map<String, ?> own) {
        Map<String, Object> all = client(CONSUMER, Map.of());
        all.keySet().removeAll(NOT_OF_SHARE_GROUPS);
        all.putAll(own);
        return new KafkaShareConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** An idempotent producer of bytes with large lz4 batches: a fifth of the CPU of Kafka's defaults; the caller closes it. */
    public Producer<byte[], byte[]> producer(Map<String, ?> own) {
        Map<String, Object> all = client(
                PRODUCER,
                Map.of(
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG, "262144",
                        ProducerConfig.LINGER_MS_CONFIG, "20"));
        all.putAll(own);
        return clients.producer(all);
    }

    /**
     * Settings for Kafka Streams, which itself knows the three kinds of clients by their prefixes. How many copies its topics have and how many
     * processes keep state warm is the user's, where the user says so, and so is how soon a silent process is taken for dead, how long its
     * transaction may stay open, and how records are compressed.
     */
    public Map<String, Object> streams(Map<String, ?> own) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putAll(own);
        for (String users : List.of("replication.factor", "num.standby.replicas")) {
            if (settings.containsKey(users)) all.put(users, settings.get(users));
        }
        for (String key : PATIENCE) users(CONSUMER, key).ifPresent(users -> all.put(CONSUMER + key, users));
        for (String key : List.of(TRANSACTION_TIMEOUT, ProducerConfig.COMPRESSION_TYPE_CONFIG)) {
            users(PRODUCER, key).ifPresent(users -> all.put(PRODUCER + key, users));
        }
        return all;
    }

    /** What the user set for this kind of client, or for all. */
    private Optional<String> users(String kind, String key) {
        return Optional.ofNullable(settings.getOrDefault(kind + key, settings.get(key)));
    }

    /** Defaults, then what the user set, then what the user set for this kind of client. */
    private Map<String, Object> client(String kind, Map<String, String> defaults) {
        Map<String, Object> all = new HashMap<>(defaults);
        settings.forEach((key, value) -> {
            if (!key.startsWith(ADMIN) && !key.startsWith(CONSUMER) && !key.startsWith(PRODUCER)) {
                all.put(key, value);
            }
        });
        settings.forEach((key, value) -> {
            if (key.startsWith(kind)) {
                all.put(key.substring(kind.length()), value);
            }
        });
        return all;
    }

    /** Names of the settings without their values, which may be secrets. */
    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrap() + ", prefix " + names.prefix() + ", settings "
                + new TreeSet<>(settings.keySet()) + "]";
    }
}
