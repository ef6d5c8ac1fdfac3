package io.tidemark.app.bench;

import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends numbered records. One thread. */
final class Load implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Records records;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long next;

    Load(String bootstrap, String topic, Records records) {
        this.topic = topic;
        this.records = records;
        Properties p = new Properties();
        p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        p.put(ProducerConfig.CLIENT_ID_CONFIG, "bench-load");
        p.put(ProducerConfig.ACKS_CONFIG, "all");
        p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        p.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        p.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        producer = new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends events as fast as the broker takes them and returns their number. */
    long burst(int count) {
        for (int i = 0; i < count; i++) send();
        flush();
        return count;
    }

    /** Sends events evenly at a rate, in beats of 10 ms, and returns their number. */
    long steady(int perSecond, int seconds) {
        long total = (long) perSecond * seconds;
        long start = System.nanoTime();
        for (long sent = 0; sent < total; ) {
            long due = Math.min(total, (System.nanoTime() - start) * perSecond / 1_000_000_000L);
            while (sent < due) {
                send();
                sent++;
            }
            LockSupport.parkNanos(10_000_000L);
        }
        flush();
        return total;
    }

    private void send() {
        long number = next++;
        producer.send(new ProducerRecord<>(topic, records.key(number), records.value(number)), (metadata, e) -> {
            if (e != null) failure.compareAndSet(null, e);
        });
    }

    private void flush() {
        producer.flush();
        Exception e = failure.get();
        if (e != null) throw new IllegalStateException("an event could not be sent: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        producer.close();
    }
}
