package io.tidemark.kafka.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Opens Kafka's clients, whose settings are whole: over the network, or in a simulation on modelled topics. The caller closes them. */
public interface KafkaClients {
    /** A consumer of bytes. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> settings);

    /** A producer of bytes. */
    Producer<byte[], byte[]> producer(Map<String, Object> settings);

    Admin admin(Map<String, Object> settings);

    /** Begins to measure a client. */
    void measure(KafkaClientMetrics client, MeterRegistry registry);

    /** Waits before a broker is asked again; less where the thread is told to stop. */
    void pause(Duration time);

    /** Real brokers. */
    KafkaClients NETWORK = new KafkaClients() {
        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return Admin.create(settings);
        }

        @Override
        public void measure(KafkaClientMetrics client, MeterRegistry registry) {
            client.bindTo(registry);
        }

        @Override
        public void pause(Duration time) {
            LockSupport.parkNanos(time.toNanos());
        }
    };
}
