package io.tidemark.deploy;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.tidemark.broker.KafkaForTests;
import io.tidemark.metrics.Meters;
import io.tidemark.metrics.MetricsEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A metrics page with every declared meter, whose counters go up, and a consumer that reads from a real broker. */
final class ScrapedSystem implements AutoCloseable {
    private static final byte[] RECORD = "record".getBytes(StandardCharsets.UTF_8);

    private final MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true);
    private final Meters meters = endpoint.meters();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final String topic = kafka.topic("scraped", 1);
    private final KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of());
    private final KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of());
    private final KafkaClientMetrics consumerMetrics = new KafkaClientMetrics(consumer);

    ScrapedSystem() throws IOException {
        RecordedMeters.record(meters);
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        consumerMetrics.bindTo(meters.registry());
        System.gc();
        thread.scheduleWithFixedDelay(this::work, 0, 100, TimeUnit.MILLISECONDS);
    }

    private void work() {
        producer.send(new ProducerRecord<>(topic, RECORD));
        consumer.poll(Duration.ofMillis(100));
        RecordedMeters.count(meters);
    }

    int port() {
        return endpoint.port();
    }

    Meters meters() {
        return meters;
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) throw new AssertionError("the recorder does not end");
        consumerMetrics.close();
        consumer.close();
        producer.close();
        endpoint.close();
    }
}
