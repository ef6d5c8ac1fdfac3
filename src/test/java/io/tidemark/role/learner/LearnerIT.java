package io.tidemark.role.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.Sha256;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.RunningRegistrar;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
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
    private final KafkaConnection connection = kafka.connection();
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
                        new RoleContext(connection, new Meters(new SimpleMeterRegistry()), "a", InstantSource.system()),
                        List.of(stream),
                        Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                        engine)) {
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
        List<LearningEvent.Publish> expected = uninterrupted();
        FakeEngine dying = new FakeEngine();
        Running first = new Running(dying);
        send(0, 300);
        awaitVersion(expected, 300);
        dying.broken = true; // the next optimiser step kills it, with rows learnt since its last commit
        send(300, 320);
        Eventually.holds(SOON, "the learner has died", () -> first.failure.get() != null);

        Running second = new Running(new FakeEngine());
        send(320, 500);
        awaitVersion(expected, 500);
        second.stop();
        assertThat(second.failure.get()).isNull();

        new Running(new FakeEngine());
        send(500, 660);
        awaitVersion(expected, 660);

        List<ModelVersion> versions = ModelReader.list(connection).stream()
                .filter(v -> v.id().equals(AE))
                .toList();
        int count = expected.size();
        List<LearningEvent.Publish> kept = expected.subList(count - versions.size(), count);
        assertThat(kept).hasSizeBetween(4, 5);
        assertThat(versions)
                .extracting(version -> version.training().rowsTaught())
                .isEqualTo(kept.stream().map(LearningEvent.Publish::rowsTaught).toList());
        assertThat(versions.get(versions.size() - 1).version()).isEqualTo(count);
        NetworkState published = ModelReader.load(connection, AE, count).weights();
        assertThat(values(published)).isEqualTo(values(expected.get(count - 1).state()));
    }

    @Test
    void trainingThatWasUndoneIsInTheAuditOnceEvenWithoutAVersion() throws Exception {
        FakeEngine exploding = new FakeEngine();
        exploding.diverge = 4; // every try of the first network
        Running first = new Running(exploding);
        send(0, 64);
        Eventually.holds(SOON, "the audit tells of it", () -> !undone().isEmpty());
        AuditEntry entry = undone().get(0);
        assertThat(entry.change().version()).isZero();
        assertThat(entry.change().after()).isZero();
        assertThat(entry.request().who()).isEqualTo("learner");
        assertThat(entry.request().why()).startsWith("diverged: a batch's loss was NaN");
        assertThat(entry.figures()).containsEntry("times", 4.0).containsEntry("rows-taught", 64.0);
        first.stop();

        new Running(new FakeEngine());
        send(64, 320);
        Eventually.holds(
                SOON, "a version", () -> ModelReader.list(connection).stream().anyMatch(v -> v.id().equals(AE)));
        assertThat(undone()).hasSize(1);
    }

    @Test
    void checkpointsThatNoLearnerWroteAreLeftAndTheStreamIsLearntFromItsBeginning() throws Exception {
        List<LearningEvent.Publish> expected = uninterrupted();
        Running first = new Running(new FakeEngine());
        send(0, 300);
        awaitVersion(expected, 300);
        first.stop();
        int rows = 300;
        for (byte[] head : List.of(new byte[] {0}, head(Integer.MAX_VALUE))) {
            forge(head);
            Running next = new Running(new FakeEngine());
            send(rows, rows + 64);
            rows += 64;
            awaitVersion(expected, rows);
            next.stop();
            assertThat(next.failure.get()).isNull();
        }
        NetworkState published =
                ModelReader.load(connection, AE, version(expected, rows)).weights();
        assertThat(values(published))
                .isEqualTo(values(expected.get(version(expected, rows) - 1).state()));
    }

    /** The head of a checkpoint whose one series has one gate, of a length that it cannot have. */
    private byte[] head(int gateBytes) {
        Wire wire = Wire.writer(256).u8(4).i32(stream.generation()).u16(1);
        wire.i64(0).i64(0).i64(0).i32(0).i64(0).i64(0);
        wire.i32(1).string("a").i64(0).i32(0).i32(1).i32(gateBytes);
        return wire.toBytes();
    }

    /** A checkpoint with the right hashes, of bytes that are not a learner's. */
    private void forge(byte[] head) {
        int partition = TopicNames.partition(stream.name(), PARTITIONS);
        String hash = Sha256.hex(head);
        String manifest = "{\"format\":2,\"offsets\":{},\"head\":[{\"sha256\":\"" + hash + "\",\"bytes\":" + head.length
                + "}],\"blocks\":{},\"states\":{},\"lineages\":{}}";
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            String topic = connection.names().checkpoints();
            producer.send(new ProducerRecord<>(topic, partition, ("test/" + hash).getBytes(UTF_8), head));
            producer.send(new ProducerRecord<>(topic, partition, "test".getBytes(UTF_8), manifest.getBytes(UTF_8)));
        }
    }

    private List<AuditEntry> undone() throws InterruptedException {
        return RegistryView.read(connection).audit().getOrDefault(AE, List.of()).stream()
                .filter(entry -> entry.change().action().equals("undone"))
                .toList();
    }

    private void awaitVersion(List<LearningEvent.Publish> expected, int rows) {
        int version = version(expected, rows);
        Eventually.holds(SOON, "version " + version, () -> {
            List<ModelVersion> all = ModelReader.list(connection);
            return all.stream().anyMatch(v -> v.id().equals(AE) && v.version() == version);
        });
    }

    private static int version(List<LearningEvent.Publish> expected, int rows) {
        return (int) expected.stream().filter(p -> p.rowsTaught() <= rows).count();
    }

    /** The versions that a learner that never stops publishes. */
    private List<LearningEvent.Publish> uninterrupted() {
        List<LearningEvent.Publish> published = new ArrayList<>();
        try (StreamLearner learner = new StreamLearner(stream, TestNetworks.both(1), new FakeEngine())) {
            for (int from = 0; from < 660; from += 4) {
                List<LearningEvent> events = new ArrayList<>(learner.rows(chunk(from)));
                events.addAll(learner.gate(gate(from)));
                for (LearningEvent event : events) {
                    if (event instanceof LearningEvent.Publish p && p.network().equals("ae")) published.add(p);
                }
            }
        }
        return published;
    }

    private static List<String> values(NetworkState state) {
        List<String> values = new ArrayList<>();
        state.weights().tensors().forEach((name, t) -> values.add(name + java.util.Arrays.toString(t.values())));
        return values;
    }

    private void send(int from, int to) {
        int partition = TopicNames.partition(stream.name(), PARTITIONS);
        Wire wire = Wire.writer(256);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
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
