package io.tidemark.role.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.metrics.Meters;
import io.tidemark.model.inference.BrokenEngineException;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.ModelState;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Inference.Status;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoringWorkerIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int PARTITIONS = 2;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final FakeEngine engine = new FakeEngine();
    private final List<Network> networks = TestNetworks.both(1);
    private final List<Running> running = new ArrayList<>();
    private int next;

    /** A worker in a thread of its own. */
    private final class Running {
        final AtomicBoolean go = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread;

        Running(String instance, FakeEngine engine) {
            thread = new Thread(() -> {
                try (ScoringWorker worker = new ScoringWorker(
                        connection,
                        List.of(TestNetworks.stream(1)),
                        Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                        engine,
                        new Meters(new SimpleMeterRegistry()),
                        instance,
                        InstantSource.system())) {
                    worker.run(go::get);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.start();
            running.add(this);
        }

        void stop() throws InterruptedException {
            go.set(false);
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @BeforeEach
    void createTopics() {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (String topic : List.of("samples", "inferences", "dead-letters")) kafka.topic(topic, PARTITIONS);
    }

    @AfterEach
    void stopWorkers() throws InterruptedException {
        for (Running worker : running) worker.stop();
    }

    @Test
    void badSamplesGoToTheDeadLettersAndTheOthersAreScored() throws Exception {
        publish(1f);
        new Running("a", engine);
        send("test", 40, 1f);
        send("test", 1, FakeEngine.POISON);
        send("nowhere", 1, 1f);
        byte[] whole = sample("test", 42, 1f);
        send(java.util.Arrays.copyOf(whole, whole.length - 3)); // the step is whole, its rows are cut
        send("hello".getBytes(UTF_8));
        send("test", 40, 1f);

        List<Inference> inferences = inferences(83);
        assertThat(inferences.stream().filter(i -> i.failure.isEmpty())).hasSize(80);
        assertThat(inferences.stream().filter(i -> !i.failure.isEmpty()).map(i -> i.step.step))
                .containsExactlyInAnyOrder(40L, 41L, 42L);
        for (Inference inference : inferences) {
            if (!inference.failure.isEmpty()) continue;
            assertThat(inference.member(0).status).isEqualTo(Status.SCORED);
            assertThat(inference.member(1).status).isEqualTo(Status.NO_MODEL);
        }
        List<ConsumerRecord<byte[], byte[]>> dead = kafka.read(kafka.prefix() + "dead-letters", 4);
        assertThat(dead)
                .extracting(r ->
                        new String(r.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                .containsExactlyInAnyOrder("poison-sample", "unknown-stream", "malformed-sample", "malformed-sample");
    }

    @Test
    void modelOfNaNsFailsItsMembersUntilTheNextVersionIsSwappedIn() throws Exception {
        publish(Float.NaN);
        new Running("a", engine);
        send("test", 20, 1f);
        assertThat(inferences(20)).allSatisfy(i -> {
            assertThat(i.failure).isEmpty();
            assertThat(i.member(0).status).isEqualTo(Status.FAILED);
        });
        publish(0.5f);
        int sent = 20;
        for (boolean swapped = false; !swapped; ) {
            send("test", 10, 1f);
            sent += 10;
            assertThat(sent).as("samples until the swap").isLessThan(5000);
            swapped = inferences(sent).stream().anyMatch(i -> i.member(0).version == 2);
        }
        for (Inference inference : inferences(sent)) {
            Inference.Member ae = inference.member(0);
            assertThat(ae.status).isEqualTo(ae.version == 2 ? Status.SCORED : Status.FAILED);
        }
    }

    @Test
    void aChallengerScoresAShareOfTheStepsInTheShadowAndReportsHowItFares() throws Exception {
        kafka.topic("vitals", 1);
        publish(1f);
        TestModels.publish(
                connection,
                TestModels.draft("test", networks.get(0), 1),
                FakeEngine.state(networks.get(0), 0.5f),
                ModelState.CHALLENGER);
        new Running("a", engine);
        send("test", 6400, 1f);
        List<Inference> inferences = inferences(6400);
        long challenged = inferences.stream().filter(i -> i.challengers() == 1).count();
        assertThat(challenged).as("a tenth of the steps, in turns of 64").isBetween(128L, 1280L);
        assertThat(inferences).allSatisfy(i -> assertThat(i.member(0).version).isEqualTo(1));
        int sent = 6400;
        List<HealthReport> health = new ArrayList<>();
        while (health.stream().noneMatch(HealthReport::challenger)) { // reports go with the batches
            send("test", 64, 1f);
            sent += 64;
            inferences(sent);
            health.clear();
            for (ConsumerRecord<byte[], byte[]> r : kafka.read(kafka.prefix() + "vitals", 1)) {
                health.add(HealthReport.fromJson(r.value()));
            }
        }
        HealthReport shadow =
                health.stream().filter(HealthReport::challenger).findFirst().orElseThrow();
        assertThat(shadow.version()).isEqualTo(2);
        assertThat(shadow.shadow().compared()).isPositive();
        HealthReport champion =
                health.stream().filter(v -> !v.challenger()).findFirst().orElseThrow();
        assertThat(champion.scored().samples()).isPositive();
        assertThat(champion.scored().failed()).isZero();
    }

    @Test
    void brokenEngineEndsTheWorkerAndTheNextOneLosesNothing() throws Exception {
        publish(1f);
        FakeEngine bad = new FakeEngine();
        Running first = new Running("a", bad);
        send("test", 50, 1f);
        inferences(50);
        bad.broken = true;
        send("test", 50, 1f);
        Eventually.holds(SOON, "the worker has ended", () -> first.failure.get() != null);
        assertThat(first.failure.get()).isInstanceOf(BrokenEngineException.class);
        new Running("a", engine);
        assertEachOnce(inferences(100), 100);
    }

    @Test
    void secondWorkerOfTheSameInstanceEndsTheFirstAndNothingIsScoredTwice() throws Exception {
        publish(1f);
        Running first = new Running("a", engine);
        send("test", 500, 1f);
        inferences(500);
        new Running("a", new FakeEngine());
        Eventually.holds(SOON, "the first worker has been fenced", () -> {
            send("test", 100, 1f);
            return first.failure.get() != null;
        });
        assertThat(first.failure.get())
                .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        assertEachOnce(inferences(next), next);
    }

    @Test
    void whatLiesBehindTheLastSampleIsNoLossWhenTheTopicHasExpired() throws Exception {
        publish(1f);
        Running first = new Running("a", engine);
        try (Producer<byte[], byte[]> producer =
                connection.producer(Map.of("transactional.id", kafka.prefix() + "ingest"))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(
                        connection.names().samples(), 0, "test/s".getBytes(UTF_8), sample("test", next++, 1f)));
            }
            producer.commitTransaction();
        }
        inferences(10);
        TopicPartition samples = new TopicPartition(connection.names().samples(), 0);
        Eventually.holds(SOON, "the place is behind the marker", () -> place(samples) == 11);
        first.stop();
        kafka.admin()
                .deleteRecords(Map.of(samples, RecordsToDelete.beforeOffset(-1)))
                .all()
                .get();
        new Running("a", engine);
        send("test", 20, 1f);
        assertEachOnce(inferences(30), 30);
    }

    @Test
    void samplesThatExpireUnreadEndTheWorkerWithTheirNumber() throws Exception {
        publish(1f);
        Running first = new Running("a", engine);
        send("test", 100, 1f);
        inferences(100);
        first.stop();
        send("test", 100, 1f);
        TopicPartition samples = new TopicPartition(connection.names().samples(), 0);
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            long end =
                    Objects.requireNonNull(consumer.endOffsets(List.of(samples)).get(samples));
            kafka.admin()
                    .deleteRecords(Map.of(samples, RecordsToDelete.beforeOffset(end - 10)))
                    .all()
                    .get();
        }
        Running second = new Running("a", engine);
        Eventually.holds(SOON, "the worker has ended", () -> second.failure.get() != null);
        assertThat(second.failure.get())
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("up to 40 of " + samples)
                .hasMessageContaining("--accept-loss");
    }

    /** Where the workers stand; -1 before their first place. */
    private long place(TopicPartition partition) throws Exception {
        OffsetAndMetadata place = kafka.admin()
                .listConsumerGroupOffsets(connection.names().role("worker"))
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return place == null ? -1 : place.offset();
    }

    private void publish(float gain) throws InterruptedException {
        TestModels.champion(
                connection, TestModels.draft("test", networks.get(0), 1), FakeEngine.state(networks.get(0), gain));
    }

    private static byte[] sample(String stream, long number, float value) {
        Step step = new Step();
        step.stream = stream;
        step.series = "s";
        step.step = number;
        step.features(1);
        step.scale()[0] = 1;
        return Sample.encode(Wire.writer(64), step, new float[] {0, 0, value, value, 1}, 5);
    }

    private void send(String stream, int count, float value) {
        byte[][] samples = new byte[count][];
        for (int i = 0; i < count; i++) samples[i] = sample(stream, next++, value);
        send(samples);
    }

    private void send(byte[]... samples) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            for (int i = 0; i < samples.length; i++) {
                producer.send(new ProducerRecord<>(
                        connection.names().samples(), i % PARTITIONS, "test/s".getBytes(UTF_8), samples[i]));
            }
        }
    }

    private List<Inference> inferences(int count) {
        List<Inference> inferences = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.read(kafka.prefix() + "inferences", count)) {
            inferences.add(new Inference().decode(record.value()));
        }
        return inferences;
    }

    private static void assertEachOnce(List<Inference> inferences, int count) {
        Set<Long> steps = new HashSet<>();
        for (Inference inference : inferences)
            assertThat(steps.add(inference.step.step)).isTrue();
        assertThat(steps).hasSize(count);
    }
}
