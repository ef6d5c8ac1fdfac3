package io.tidemark.kafka.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams runs a role: exactly once, with state on disk and a changelog, from which it comes back where a process did not end in order. */
public final class ExactlyOnceStreams {
    /** Between two transactions by default: what waits for the next one is most of the time that a score takes. */
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(50);

    private ExactlyOnceStreams() {}

    /**
     * Settings that every role has; the caller adds its own.
     *
     * @param application id, group and prefix of the internal topics
     * @param threads stream threads
     * @param commitInterval between two transactions
     * @param standbys processes besides the active one that keep a task's state warm
     * @param stateFolder a folder of this process alone
     */
    public static Map<String, Object> settings(
            String application, int threads, Duration commitInterval, int standbys, Path stateFolder) {
        Map<String, Object> all = new HashMap<>();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateFiles.class);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2_000);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 15_000);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), KafkaConnection.RECORD_BYTES_MAX);
        return all;
    }
}
