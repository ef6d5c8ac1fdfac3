package io.tidemark.role.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BrokerAwayIT {
    /** How long the broker stays away; {@code -Dtidemark.away=30} for longer. */
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("tidemark.away", 3));

    private static final Duration SOON = Duration.ofSeconds(120);

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong sent = new AtomicLong();

    @Test
    void workerGoesOnWhenTheBrokerComesBackAndScoresEverySampleOnce() throws Exception {
        Path folder = KafkaForTests.temporaryFolder();
        EmbeddedBroker broker = EmbeddedBroker.inProcess(BrokerSpec.in(folder));
        String bootstrap = broker.bootstrap();
        KafkaConnection connection = KafkaConnection.to(bootstrap);
        try (Admin admin = connection.admin()) {
            new Topics(admin, SOON)
                    .create(List.of("models", "samples", "inferences", "dead-letters").stream()
                            .map(name -> TopicSpec.of("tidemark." + name, 1))
                            .toList());
        }
        Thread worker = start("worker", () -> worker(connection));
        Thread producer = start("producer", () -> produce(connection));
        try {
            Eventually.holds(SOON, "samples flow", () -> sent.get() > 2000);
            broker.close();
            long back = System.nanoTime() + AWAY.toNanos();
            Eventually.holds(AWAY.plus(SOON), "the outage is over", () -> System.nanoTime() > back);
            int port = Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1));
            broker = EmbeddedBroker.inProcess(BrokerSpec.in(folder).onPort(port));
            long before = sent.get();
            Eventually.holds(SOON, "samples flow again", () -> sent.get() > before + 2000);
            running.set(false);
            producer.join(60_000);
            assertEachOnce(connection, sent.get());
            assertThat(failure.get()).isNull();
        } finally {
            running.set(false);
            done.set(true);
            producer.join(60_000);
            worker.join(60_000);
            broker.close();
            KafkaForTests.delete(folder);
        }
    }

    private final AtomicBoolean done = new AtomicBoolean();

    private Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private interface Work {
        void run() throws Exception;
    }

    private void worker(KafkaConnection connection) throws InterruptedException {
        try (ScoringWorker worker = new ScoringWorker(
                connection,
                List.of(TestNetworks.stream(1)),
                Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                new FakeEngine(),
                new Meters(new SimpleMeterRegistry()),
                "a",
                InstantSource.system())) {
            worker.run(() -> !done.get());
        }
    }

    private void produce(KafkaConnection connection) throws Exception {
        Wire wire = Wire.writer(256);
        Step step = new Step();
        step.stream = "test";
        step.features(1);
        step.scale()[0] = 1;
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            while (running.get()) {
                for (int i = 0; i < 20; i++) {
                    step.step = sent.get() + i;
                    byte[] sample = Sample.encode(wire, step, new float[5], 5);
                    producer.send(new ProducerRecord<>("tidemark.samples", 0, "test/s".getBytes(UTF_8), sample));
                }
                producer.flush();
                sent.addAndGet(20);
            }
        }
    }

    private static void assertEachOnce(KafkaConnection connection, long count) {
        Map<Long, Integer> seen = new HashMap<>();
        Inference inference = new Inference();
        TopicPartition partition = new TopicPartition("tidemark.inferences", 0);
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Eventually.holds(SOON, count + " inferences", () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(r -> seen.merge(inference.decode(r.value()).step.step, 1, Integer::sum));
                return seen.size() == count;
            });
        }
        assertThat(seen.values()).allMatch(n -> n == 1);
    }
}
