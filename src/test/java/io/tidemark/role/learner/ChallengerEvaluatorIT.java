package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.Meters;
import io.tidemark.model.promotion.DrawnFrames;
import io.tidemark.model.promotion.ReplayedFrames;
import io.tidemark.model.promotion.ReplayedSeries;
import io.tidemark.model.promotion.SeasonalRows;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelState;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.RunningRegistrar;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingFrame;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChallengerEvaluatorIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void challengersArePromotedOrKeptByThemselvesWithTheirFiguresInTheAudit() throws Exception {
        StreamSpec stream = TestNetworks.stream(SeasonalRows.FEATURES);
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            float[][] taught = SeasonalRows.series("a", 3, 2000).values();
            NetworkState fair = SeasonalRows.trained(engine, engine.initialState(SeasonalRows.NETWORK, 1), taught, 60);
            NetworkState good = SeasonalRows.trained(engine, fair, taught, 1500);
            NetworkState random = engine.initialState(SeasonalRows.NETWORK, 5);
            assertThat(tried(engine, stream, SeasonalRows.NETWORK, fair, random, good, () -> recordRows(stream)))
                    .containsEntry("challenger-labelled-rows", 30.0)
                    .containsKeys("champion-labelled", "challenger-labelled")
                    .containsKeys("champion-ranking", "challenger-season-change", "challenger-tails");
        }
    }

    @Test
    void challengersOfAStreamOfFramesAreToo() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            List<Frame> taught = DrawnFrames.frames(3, 1000);
            NetworkState fair = DrawnFrames.trained(engine, engine.initialState(DrawnFrames.NETWORK, 1), taught, 300);
            NetworkState good = DrawnFrames.trained(engine, fair, taught, 1500);
            NetworkState random = engine.initialState(DrawnFrames.NETWORK, 5);
            assertThat(tried(engine, stream, DrawnFrames.NETWORK, fair, random, good, () -> recordFrames(stream)))
                    .containsKeys("champion-ranking", "challenger-scratch", "challenger-tails");
        }
    }

    /**
     * Random weights are kept and good ones promoted.
     *
     * @return the figures of the promotion
     */
    private Map<String, Double> tried(
            Engine engine,
            StreamSpec stream,
            Network network,
            NetworkState fair,
            NetworkState random,
            NetworkState good,
            Runnable record)
            throws InterruptedException {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        kafka.topic("training", 1);
        kafka.topic("gates", 1);
        String name = network.spec().name();
        ModelId id = new ModelId(stream.name(), name);
        AtomicBoolean go = new AtomicBoolean(true);
        try (RunningRegistrar registrar = new RunningRegistrar(connection, "a")) {
            publish(id, network, fair, ModelState.CHAMPION);
            publish(id, network, random, ModelState.CHALLENGER);
            record.run();
            ChallengerEvaluator trials = new ChallengerEvaluator(
                    new RoleContext(connection, new Meters(new SimpleMeterRegistry()), "a", InstantSource.system()),
                    List.of(stream),
                    Map.of(name, network.spec()),
                    engine,
                    () -> true,
                    Duration.ofMillis(1));
            Thread thread = new Thread(() -> {
                try {
                    trials.run(go::get);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            Eventually.holds(
                    SOON,
                    "random weights are tried",
                    () -> last(id).request().who().equals("trial"));
            assertThat(last(id).change().action()).isEqualTo("keep");
            assertThat(last(id).request().why()).contains("its usual error is");
            publish(id, network, good, ModelState.CHALLENGER);
            Eventually.holds(
                    SOON, "the better one is champion", () -> deployment(id).champion() == 3);
            assertThat(last(id).change().action()).isEqualTo("promote");
            assertThat(last(id).request().who()).isEqualTo("trial");
            assertThat(deployment(id).state(2)).isEqualTo(ModelState.CHALLENGER);
            go.set(false);
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
            return last(id).figures();
        } finally {
            go.set(false);
        }
    }

    private void publish(ModelId id, Network network, NetworkState state, ModelState as) {
        TestModels.publish(connection, TestModels.draft(id.stream(), network, 1), state, as);
    }

    /** What has happened since all of them were trained. */
    private void recordRows(StreamSpec stream) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            long timeMs = 1_700_000_300_001L;
            Label label = new Label("test", "b", timeMs, timeMs + 29_000, true);
            byte[] b = "test/b".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(connection.names().gates(), 0, b, label.encode(Wire.writer(64))));
            strangers(producer, stream, timeMs);
            for (String name : List.of("a", "b")) {
                ReplayedSeries series = SeasonalRows.series(name, name.hashCode(), 1500);
                for (int from = 0; from < series.rows(); from += 16) {
                    byte[] key = ("test/" + name).getBytes(StandardCharsets.UTF_8);
                    producer.send(
                            new ProducerRecord<>(connection.names().training(), 0, key, chunk(stream, series, from)));
                }
            }
        }
    }

    /** Good records under another key than that of their series, which would be all that is read of it. */
    private void strangers(Producer<byte[], byte[]> producer, StreamSpec stream, long timeMs) {
        byte[] b = "test/b".getBytes(StandardCharsets.UTF_8);
        Label label = new Label("test", "a", timeMs, timeMs + 29_000, true);
        producer.send(new ProducerRecord<>(connection.names().gates(), 0, b, label.encode(Wire.writer(64))));
        producer.send(new ProducerRecord<>(connection.names().gates(), 0, null, label.encode(Wire.writer(64))));
        ReplayedSeries series = SeasonalRows.series("a", 1, 1500);
        byte[] newest = chunk(stream, series, 1488);
        producer.send(new ProducerRecord<>(connection.names().training(), 0, b, newest));
        producer.send(new ProducerRecord<>(connection.names().training(), 0, null, newest));
    }

    private static byte[] chunk(StreamSpec stream, ReplayedSeries series, int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", series.series(), stream.generation(), SeasonalRows.FEATURES);
        for (int i = from; i < Math.min(series.rows(), from + 16); i++) {
            Step step = new Step();
            step.features(SeasonalRows.FEATURES);
            step.step = i;
            step.timeMs = 1_700_000_000_001L + 1000L * i;
            for (int f = 0; f < SeasonalRows.FEATURES; f++) {
                step.values()[f] = series.values()[i][f];
                step.scale()[f] = 1;
            }
            chunk.add(step);
        }
        return chunk.encode(Wire.writer(4096));
    }

    /** The same of a camera. */
    private void recordFrames(StreamSpec stream) {
        ReplayedFrames camera = DrawnFrames.recording(stream, "a", 8, 800);
        Wire wire = Wire.writer(4096);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < camera.rows(); i++) {
                long timeMs = camera.brightness().timesMs()[i];
                TrainingFrame frame = new TrainingFrame(
                        stream.name(),
                        "a",
                        stream.generation(),
                        i,
                        timeMs,
                        camera.frames().get(i));
                byte[] key = "camera/a".getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(connection.names().training(), 0, key, frame.encode(wire)));
            }
        }
    }

    private Deployment deployment(ModelId id) throws InterruptedException {
        return RegistryView.read(connection).deployment(id);
    }

    private AuditEntry last(ModelId id) throws InterruptedException {
        List<AuditEntry> audit = RegistryView.read(connection).audit().getOrDefault(id, List.of());
        return audit.get(audit.size() - 1);
    }
}
