package io.tidemark.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import io.tidemark.broker.KafkaConnection;
import io.tidemark.broker.KafkaForTests;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.Engines;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.TestNetworks;
import io.tidemark.promotion.ReplayedSeries;
import io.tidemark.promotion.SeasonalRows;
import io.tidemark.registry.AuditEntry;
import io.tidemark.registry.ModelId;
import io.tidemark.registry.ModelState;
import io.tidemark.registry.ModelVersion;
import io.tidemark.registry.RegistryView;
import io.tidemark.registry.RunningRegistrar;
import io.tidemark.registry.Standing;
import io.tidemark.registry.TestModels;
import io.tidemark.sample.Label;
import io.tidemark.sample.Step;
import io.tidemark.sample.TrainingRows;
import io.tidemark.sample.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TrialsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ModelId AE = new ModelId("test", "ae");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection =
            new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrap()), new TopicNames(kafka.prefix()));
    private final StreamSpec stream = TestNetworks.stream(SeasonalRows.FEATURES);

    @Test
    void challengersArePromotedOrKeptByThemselvesWithTheirFiguresInTheAudit() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        kafka.topic("training", 1);
        kafka.topic("gates", 1);
        AtomicBoolean go = new AtomicBoolean(true);
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                RunningRegistrar registrar = new RunningRegistrar(connection, "a")) {
            float[][] taught = SeasonalRows.series("a", 3, 2000).values();
            NetworkState fair = SeasonalRows.trained(engine, engine.initialState(SeasonalRows.NETWORK, 1), taught, 60);
            NetworkState good = SeasonalRows.trained(engine, fair, taught, 1500);
            publish(fair, ModelState.CHAMPION);
            publish(engine.initialState(SeasonalRows.NETWORK, 5), ModelState.CHALLENGER);
            record();
            Trials trials = new Trials(
                    connection,
                    List.of(stream),
                    Map.of("ae", SeasonalRows.SPEC),
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
                    SOON, "random weights are tried", () -> last().who().equals("trial"));
            assertThat(last().action()).isEqualTo("keep");
            assertThat(last().why()).contains("its usual error is");
            assertThat(last().figures()).containsKeys("champion-ranking", "challenger-ranking", "challenger-tails");
            assertThat(last().figures())
                    .containsEntry("challenger-labelled-rows", 30.0)
                    .containsKeys("champion-labelled", "challenger-labelled");
            publish(good, ModelState.CHALLENGER);
            Eventually.holds(
                    SOON, "the better one is champion", () -> standing().champion() == 3);
            assertThat(last().action()).isEqualTo("promote");
            assertThat(last().who()).isEqualTo("trial");
            assertThat(standing().state(2)).isEqualTo(ModelState.CHALLENGER);
            go.set(false);
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        } finally {
            go.set(false);
        }
    }

    private ModelVersion publish(NetworkState state, ModelState as) {
        return TestModels.publish(connection, TestModels.draft("test", SeasonalRows.NETWORK, 1), state, as);
    }

    /** What has happened since all of them were trained. */
    private void record() {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            long timeMs = 1_700_000_300_001L;
            Label label = new Label("test", "b", timeMs, timeMs + 29_000, true);
            producer.send(new ProducerRecord<>(connection.names().gates(), 0, null, label.encode(Wire.writer(64))));
            for (String name : List.of("a", "b")) {
                ReplayedSeries series = SeasonalRows.series(name, name.hashCode(), 1500);
                for (int from = 0; from < series.rows(); from += 16) {
                    byte[] key = ("test/" + name).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(connection.names().training(), 0, key, chunk(series, from)));
                }
            }
        }
    }

    private byte[] chunk(ReplayedSeries series, int from) {
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

    private Standing standing() throws InterruptedException {
        return RegistryView.read(connection).standing(AE);
    }

    private AuditEntry last() throws InterruptedException {
        List<AuditEntry> audit = RegistryView.read(connection).audit().getOrDefault(AE, List.of());
        return audit.get(audit.size() - 1);
    }
}
