package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.LogLines;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RunningRegistrar;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A published version is made anew bit for bit from its parent checkpoint and its manifest, on either engine. */
class ReproductionIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int PARTITIONS = 2;
    private static final int FEATURES = 2;

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private @Nullable RunningRegistrar registrar;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final StreamSpec stream = TestNetworks.stream(FEATURES);
    private final int partition = TopicNames.partition(stream.name(), PARTITIONS);

    @BeforeEach
    void createTopics() {
        kafka.topic("dead-letters", 1);
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        kafka.topic("checkpoints", PARTITIONS, Map.of("cleanup.policy", "compact"));
        for (String topic : List.of("training", "gates")) kafka.topic(topic, PARTITIONS);
        registrar = new RunningRegistrar(connection, "a");
    }

    @AfterEach
    void stopRegistrar() {
        if (registrar != null) registrar.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j", "djl"})
    void everyKeptVersionIsMadeAnewBitForBit(String engineName) throws Exception {
        try (Engine engine = Engines.open(engineName, new DeviceSpec.Cpu())) {
            learn(engine, TestNetworks.autoencoder(), 0, 300, 4);
            learn(engine, TestNetworks.autoencoder(), 300, 660, 10);
            assertThat(letters("malformed-gate"))
                    .as("of another key than its series'")
                    .isEqualTo(1);
            assertThat(letters("malformed-rows"))
                    .as("of another key than its series'")
                    .isEqualTo(1);
            for (ModelVersion version : ModelReader.list(connection)) {
                Reproduction.Result result = reproduce(engine, load(version));
                assertThat(result)
                        .as(version.label())
                        .isInstanceOfSatisfying(
                                Reproduction.Same.class,
                                same -> assertThat(same.rows()).isEqualTo(64));
                assertThat(Objects.requireNonNull(version.origin().lineage()).losses())
                        .isNotEmpty();
            }
            tellsWhatIsNotSo(engine);
        }
    }

    @Test
    void anotherLearningRateBeginsANewLineageAndBothSidesAreMadeAnewAsTheyWereDeclared() throws Exception {
        NetworkSpec before = TestNetworks.autoencoder();
        NetworkSpec after = before.withTraining(new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 8));
        assertThat(after.bind(FEATURES).hash()).isEqualTo(before.bind(FEATURES).hash());
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                LogLines log = LogLines.of(LearntStream.class)) {
            learn(engine, before, 0, 300, 4);
            assertThat(log.lines()).noneMatch(line -> line.contains("a new lineage"));
            learn(engine, after, 300, 460, 7);
            assertThat(log.lines())
                    .containsOnlyOnce("INFO test/ae begins a new lineage at its checkpoint: how it learns is declared"
                            + " otherwise than before, in the stream file or the network's; it goes on from the same"
                            + " weights")
                    .noneMatch(line -> line.startsWith("INFO test/fc"));
            List<ModelVersion> kept = ModelReader.list(connection).stream()
                    .filter(version -> version.id().network().equals("ae"))
                    .toList();
            assertThat(kept).extracting(ModelVersion::version).containsExactly(3, 4, 5, 6, 7);
            for (ModelVersion version : kept) {
                boolean edited = version.version() > 4;
                assertThat(reproduce(engine, edited ? after : before, load(version)))
                        .as(version.label())
                        .isInstanceOf(Reproduction.Same.class);
                assertThat(reproduce(engine, edited ? before : after, load(version)))
                        .as(version.label())
                        .isInstanceOfSatisfying(
                                Reproduction.Untold.class,
                                told -> assertThat(told.reason()).contains("the network is not what taught"));
            }
        }
    }

    private void tellsWhatIsNotSo(Engine engine) throws Exception {
        Model model = ModelReader.load(connection, new ModelId("test", "ae"), 9);
        String tensor = model.weights().tensors().keySet().iterator().next();
        assertThat(reproduce(engine, changed(model, tensor, 1)))
                .isInstanceOfSatisfying(Reproduction.Parted.class, parted -> {
                    assertThat(parted.tensor()).isEqualTo(tensor);
                    assertThat(parted.index()).isEqualTo(1);
                    assertThat(parted.differing()).isEqualTo(1);
                    assertThat(Math.nextUp(parted.replayed())).isEqualTo(parted.published());
                });
        StreamSpec other = stream.withSeed(99);
        assertThat(new Reproduction(
                                connection, other, TestNetworks.autoencoder().bind(FEATURES), engine)
                        .of(model))
                .isInstanceOfSatisfying(
                        Reproduction.Untold.class,
                        told -> assertThat(told.reason()).contains("the stream file"));
        RecordsToDelete most = RecordsToDelete.beforeOffset(160);
        TopicPartition training = new TopicPartition(connection.names().training(), partition);
        TopicPartition gates = new TopicPartition(connection.names().gates(), partition);
        kafka.admin().deleteRecords(Map.of(training, most, gates, most)).all().get();
        assertThat(reproduce(engine, model))
                .isInstanceOfSatisfying(
                        Reproduction.Untold.class,
                        told -> assertThat(told.reason())
                                .contains("has expired")
                                .contains("begins at offset 160"));
    }

    private static Model changed(Model model, String tensor, int index) {
        Map<String, NetworkState.Tensor> tensors =
                new LinkedHashMap<>(model.weights().tensors());
        NetworkState.Tensor old = model.weights().tensor(tensor);
        float[] values = old.values().clone();
        values[index] = Math.nextUp(values[index]);
        tensors.put(tensor, new NetworkState.Tensor(old.shape(), values));
        return new Model(model.manifest(), new NetworkState(model.weights().specHash(), tensors), 0);
    }

    private Reproduction.Result reproduce(Engine engine, Model model) throws InterruptedException {
        boolean ae = model.manifest().id().network().equals("ae");
        return reproduce(engine, ae ? TestNetworks.autoencoder() : TestNetworks.forecaster(), model);
    }

    private Reproduction.Result reproduce(Engine engine, NetworkSpec declared, Model model)
            throws InterruptedException {
        return new Reproduction(connection, stream, declared.bind(FEATURES), engine).of(model);
    }

    private double letters(String reason) {
        return meters.counter(MeterName.DEAD_LETTERS, "-", reason).count();
    }

    private Model load(ModelVersion version) throws InterruptedException {
        return ModelReader.load(connection, version.id(), version.version());
    }

    /** A learner's life, from start to clean stop. */
    private void learn(Engine engine, NetworkSpec autoencoder, int from, int to, int version)
            throws InterruptedException {
        AtomicBoolean go = new AtomicBoolean(true);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try (Learner learner = new Learner(
                    new RoleContext(connection, meters, "a", InstantSource.system()),
                    List.of(stream),
                    Map.of("ae", autoencoder, "fc", TestNetworks.forecaster()),
                    engine)) {
                learner.run(go::get);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.start();
        send(from, to);
        Eventually.holds(SOON, "version " + version + " of both networks", () -> {
            List<ModelVersion> all = ModelReader.list(connection);
            return failure.get() != null
                    || all.stream().filter(v -> v.version() == version).count() == 2;
        });
        go.set(false);
        thread.join(20_000);
        assertThat(failure.get()).isNull();
    }

    private void send(int from, int to) {
        Wire wire = Wire.writer(256);
        byte[] key = "test/a".getBytes(StandardCharsets.UTF_8);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            for (int i = from; i < to; i += 4) {
                if (i == 100) producer.send(label(i, wire, key));
                if (i == 200) strangers(producer, i, wire);
                producer.send(
                        new ProducerRecord<>(connection.names().training(), partition, key, chunk(i).encode(wire)));
                Gate gate = new Gate("test", "a", stream.generation(), i, i + 3, true, "");
                producer.send(new ProducerRecord<>(connection.names().gates(), partition, key, gate.encode(wire)));
            }
        }
    }

    /** A label lies among the gates, and the order of both is part of a lineage. */
    private ProducerRecord<byte[], byte[]> label(int row, Wire wire, byte[] key) {
        Label label = new Label("test", "a", row * 1000L, row * 1000L + 3000, true);
        return new ProducerRecord<>(connection.names().gates(), partition, key, label.encode(wire));
    }

    /** Good records under the key of another series, which whoever reads the topics passes over. */
    private void strangers(Producer<byte[], byte[]> producer, int row, Wire wire) {
        byte[] key = "test/b".getBytes(StandardCharsets.UTF_8);
        Gate gate = new Gate("test", "a", stream.generation(), row, row + 3, false, "surprising");
        byte[] rows = chunk(row + 8).encode(wire);
        producer.send(new ProducerRecord<>(connection.names().training(), partition, key, rows));
        producer.send(new ProducerRecord<>(connection.names().gates(), partition, key, gate.encode(wire)));
    }

    private TrainingRows chunk(int from) {
        List<Step> steps = new ArrayList<>();
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), FEATURES);
        for (int i = from; i < from + 4; i++) {
            Step step = new Step();
            step.features(FEATURES);
            step.step = i;
            step.timeMs = i * 1000L;
            for (int f = 0; f < FEATURES; f++) {
                step.values()[f] = Math.sin(i * 0.3 + f);
                step.scale()[f] = 1;
            }
            steps.add(step);
        }
        steps.forEach(chunk::add);
        return chunk;
    }
}
