package io.tidemark.app.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Counts what a read_committed reader sees on a topic, on a thread of its own, and how old each record is when it arrives. */
final class Arrivals implements AutoCloseable {
    /** Ages are kept in whole milliseconds up to this; older ones count as this. */
    private static final int AGE_MAX_MS = 60_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final int[] ages = new int[AGE_MAX_MS + 1];
    private volatile long count;
    private volatile boolean timed;
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException failure;

    Arrivals(String bootstrap, String topic) {
        Properties p = new Properties();
        p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        p.put(ConsumerConfig.CLIENT_ID_CONFIG, "bench-arrivals");
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        consumer = new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic, Duration.ofSeconds(30)).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = new Thread(this::read, "bench-arrivals");
        thread.start();
    }

    private void read() {
        try {
            while (!stopped) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(20));
                long now = System.currentTimeMillis();
                if (timed) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        ages[(int) Math.max(0, Math.min(AGE_MAX_MS, now - record.timestamp()))]++;
                    }
                }
                count = count + records.count();
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /**
     * Returns when so many records have arrived in all.
     *
     * @throws IllegalStateException when they do not within the time, or more arrive
     */
    void awaitCount(long wanted, Duration within) {
        long start = System.nanoTime();
        while (count < wanted) {
            RuntimeException failed = failure;
            if (failed != null) throw failed;
            if (System.nanoTime() - start > within.toNanos()) {
                throw new IllegalStateException(
                        "only " + count + " of " + wanted + " outcomes arrived within " + within.toSeconds() + " s");
            }
            LockSupport.parkNanos(1_000_000L);
        }
        if (count > wanted) {
            throw new IllegalStateException(count + " outcomes arrived for " + wanted + " events");
        }
    }

    /** From now on the age of each record is kept. */
    void startLatency() {
        Arrays.fill(ages, 0);
        timed = true;
    }

    /**
     * A percentile of the ages.
     *
     * @param percent in (0, 100]
     * @return milliseconds; NaN when nothing arrived
     */
    double latencyMs(double percent) {
        long total = 0;
        for (int n : ages) total += n;
        if (total == 0) return Double.NaN;
        long wanted = (long) Math.ceil(total * percent / 100);
        long seen = 0;
        for (int ms = 0; ms <= AGE_MAX_MS; ms++) {
            seen += ages[ms];
            if (seen >= wanted) return ms;
        }
        return AGE_MAX_MS;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }
}
