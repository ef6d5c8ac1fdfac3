package io.tidemark.chaos;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends events at a steady rate from an idempotent producer that never gives up, in a thread of its own. An event is known by its
 * topic, partition and offset; its time is the moment it was sent. Three of four go to {@link #MACHINES}, the fourth to
 * {@link #LINES}; a series stays in its partition.
 */
final class EventSource implements AutoCloseable {
    static final String MACHINES = "machines";
    static final String LINES = "lines";
    static final List<String> TOPICS = List.of(MACHINES, LINES);
    static final int PARTITIONS = 4;

    private static final int MACHINE_SERIES = 40;
    private static final int LINE_SERIES = 16;
    private static final int SLICES_A_SECOND = 20;

    private final Producer<byte[], byte[]> producer;
    private final double perSecond;
    private final Random random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLongArray acknowledged = new AtomicLongArray(TOPICS.size() * PARTITIONS);
    private final Thread thread = new Thread(this::send, "event-source");
    private volatile long sent;

    /** @param perSecond events of both topics */
    EventSource(KafkaConnection kafka, double perSecond, long seed) {
        this.perSecond = perSecond;
        random = new Random(seed);
        producer = kafka.producer(Map.of(
                "delivery.timeout.ms", "1800000",
                "request.timeout.ms", "10000",
                "max.block.ms", "1800000"));
        thread.start();
    }

    /** Creates what events are sent to. */
    static void createTopics(KafkaConnection kafka) {
        try (Admin admin = kafka.admin()) {
            new Topics(admin, Duration.ofSeconds(60))
                    .create(TOPICS.stream()
                            .map(topic -> TopicSpec.of(topic, PARTITIONS))
                            .toList());
        }
    }

    private void send() {
        long began = System.nanoTime();
        try {
            while (!stop.await(1_000 / SLICES_A_SECOND, TimeUnit.MILLISECONDS)) {
                // What an outage of brokers delayed comes afterwards, as from a real client.
                long due = (long) ((System.nanoTime() - began) * 1e-9 * perSecond);
                while (sent < due && stop.getCount() > 0) send(sent++);
            }
        } catch (InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send(long number) {
        int topic = number % 4 == 3 ? 1 : 0;
        int series = (int) (number % (topic == 0 ? MACHINE_SERIES : LINE_SERIES));
        int partition = series / 4 % PARTITIONS;
        String json = String.format(
                Locale.ROOT,
                "{\"series\":\"s%02d\",\"timestamp\":%d,\"value\":%.4f}",
                series,
                System.currentTimeMillis(),
                10
                        + Math.sin(number / 400.0 + series)
                        + 0.1 * random.nextGaussian()
                        + (random.nextInt(4000) == 0 ? 8 : 0));
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(TOPICS.get(topic), partition, null, value), (at, failed) -> {
            if (failed == null) acknowledged.incrementAndGet(topic * PARTITIONS + partition);
            else failure.compareAndSet(null, failed);
        });
    }

    /** Events given to the producer so far. */
    long sent() {
        return sent;
    }

    /** Events of a partition that the brokers have taken. */
    long acknowledged(String topic, int partition) {
        return acknowledged.get(TOPICS.indexOf(topic) * PARTITIONS + partition);
    }

    /** Sends no more, and returns when the brokers have all that was sent. */
    void finish() throws InterruptedException {
        stop.countDown();
        thread.join();
        producer.flush();
        Throwable failed = failure.get();
        if (failed != null) throw new AssertionError("an event was not sent", failed);
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        producer.close(Duration.ZERO);
        thread.join();
    }
}
