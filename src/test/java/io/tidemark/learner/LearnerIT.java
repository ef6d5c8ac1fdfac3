package io.tidemark.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.broker.KafkaConnection;
import io.tidemark.broker.KafkaForTests;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.engine.FakeEngine;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.TestNetworks;
import io.tidemark.learning.LearningEvent;
import io.tidemark.learning.StreamLearner;
import io.tidemark.metrics.Meters;
import io.tidemark.registry.ModelId;
import io.tidemark.registry.ModelReader;
import io.tidemark.registry.ModelVersion;
import io.tidemark.registry.RunningRegistrar;
import io.tidemark.sample.Gate;
import io.tidemark.sample.Step;
import io.tidemark.sample.TrainingRows;
import io.tidemark.sample.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LearnerIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int PARTITIONS = 2;
    private static final ModelId AE = new ModelId("test", "ae");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection =
            new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrap()), new TopicNames(kafka.prefix()));
    private final StreamSpec stream = TestNetworks.stream(1);
    private final List<Running> running = new ArrayList<>();
    private @Nullable RunningRegistrar registrar;

    /** A learner in a thread of its own. */
    private final class Running {
        final AtomicBoolean go = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread;

        Running(FakeEngine engine) {
            thread = new Thread(() -> {
                try (Learner learner = new Learner(
                        connection,
                        List.of(stream),
                        Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                        engine,
                        new Meters(new SimpleMeterRegistry()),
                        "a")) {
                    learner.run(go::get);
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
        kafka.topic("checkpoints", PARTITIONS, Map.of("cleanup.policy", "compact"));
        for (String topic : List.of("training", "gates")) kafka.topic(topic, PARTITIONS);
        registrar = new RunningRegistrar(connection, "a");
    }

    @AfterEach
    void stopLearners() throws InterruptedException {
        for (Running learner : running) learner.stop();
        if (registrar != null) registrar.close();
    }

    @Test
    void learnerThatDiedAndOneThatStoppedGoOnAsIfNothingHadHappened() throws Exception {
        FakeEngine dying = new FakeEngine();
        Running first = new Running(dying);
        send(0, 300);
        awaitVersion(4);
        dying.broken = true; // the next optimiser step kills it, with 44 rows learnt since its last commit
        send(300, 320);
        Eventually.holds(SOON, "the learner has died", () -> first.failure.get() != null);

        Running second = new Running(new FakeEngine());
        send(320, 500);
        awaitVersion(7);
        second.stop();
        assertThat(second.failure.get()).isNull();

        new Running(new FakeEngine());
        send(500, 660);
        awaitVersion(10);

        List<ModelVersion> versions = ModelReader.list(connection).stream()
                .filter(v -> v.id().equals(AE))
                .toList();
        assertThat(versions).extracting(ModelVersion::version).containsExactly(6, 7, 8, 9, 10);
        assertThat(versions).extracting(ModelVersion::rowsTaught).containsExactly(384L, 448L, 512L, 576L, 640L);
        assertThat(versions).extracting(ModelVersion::parent).containsExactly(5, 6, 7, 8, 9);
        NetworkState expected = uninterrupted();
        NetworkState published = ModelReader.load(connection, AE, 10).weights();
        assertThat(values(published)).isEqualTo(values(expected));
    }

    private void awaitVersion(int version) {
        Eventually.holds(SOON, "version " + version + " of both networks", () -> {
            List<ModelVersion> all = ModelReader.list(connection);
            return all.stream().filter(v -> v.version() == version).count() == 2;
        });
    }

    /** What a learner that never stops has learnt after 640 rows. */
    private NetworkState uninterrupted() {
        NetworkState last = null;
        try (StreamLearner learner = new StreamLearner(stream, TestNetworks.both(1), new FakeEngine())) {
            for (int from = 0; from < 660; from += 4) {
                List<LearningEvent> events = new ArrayList<>(learner.rows(chunk(from)));
                events.addAll(learner.gate(gate(from)));
                for (LearningEvent event : events) {
                    if (event instanceof LearningEvent.Publish p && p.network().equals("ae")) last = p.state();
                }
            }
        }
        return java.util.Objects.requireNonNull(last);
    }

    private static List<String> values(NetworkState state) {
        List<String> values = new ArrayList<>();
        state.weights().tensors().forEach((name, t) -> values.add(name + java.util.Arrays.toString(t.values())));
        return values;
    }

    private void send(int from, int to) {
        int partition = TopicNames.partition(stream.name(), PARTITIONS);
        Wire wire = Wire.writer(256);
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            for (int i = from; i < to; i += 4) {
                byte[] key = "test/a".getBytes(UTF_8);
                producer.send(
                        new ProducerRecord<>(connection.names().training(), partition, key, chunk(i).encode(wire)));
                producer.send(new ProducerRecord<>(connection.names().gates(), partition, key, gate(i).encode(wire)));
            }
        }
    }

    private Gate gate(int from) {
        return new Gate("test", "a", stream.generation(), from, from + 3, true, "");
    }

    private TrainingRows chunk(int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), 1);
        for (int i = from; i < from + 4; i++) {
            Step step = new Step();
            step.features(1);
            step.step = i;
            step.timeMs = i * 1000L;
            step.values()[0] = Math.sin(i * 0.3);
            step.scale()[0] = 1;
            chunk.add(step);
        }
        return chunk;
    }
}
