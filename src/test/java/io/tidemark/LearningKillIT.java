package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.cli.Tidemark;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.role.learner.Reproduction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An hour of stream time learnt while the learner, in a JVM of its own, is killed with kill -9 at seeded random moments: every
 * version is whole, is published once, and can be made anew bit for bit. {@code -Dtidemark.kills=N} kills it N times.
 */
class LearningKillIT {
    private static final int SERIES = 2;
    private static final int SECONDS = 3600;
    private static final int EVENTS = SERIES * SECONDS;
    private static final int KILLS = Integer.getInteger("tidemark.kills", 1);
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final Duration FAILOVER = Duration.ofSeconds(30);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"dl4j", "djl"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void learnerKilledAtRandomPublishesWholeVersionsOnceThatCanBeMadeAnew(String engine) throws Exception {
        kafka.topic("heat", 2);
        WholePath.createTopics(connection);
        Path file = declare();
        StreamSpec stream = StreamFile.read(file);
        Random moments = new Random(41);
        Set<RoleName> others = Set.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT);
        List<Long> failovers = new ArrayList<>();
        try (WholePath path = WholePath.start(connection, List.of(stream), others, folder.resolve("state"));
                RoleProcess learner = learner(engine, file)) {
            int sent = 0;
            for (int stage = 1; stage <= KILLS + 1; stage++) {
                int until = EVENTS * stage / (KILLS + 1);
                produce(sent, until);
                int moment = sent + (until - sent) / 4 + moments.nextInt((until - sent) / 2);
                path.awaitOutcomes(WITHIN, moment);
                if (stage == 1) awaitVersions(learner, 1);
                if (stage <= KILLS) failovers.add(kill(learner));
                path.awaitOutcomes(WITHIN, until);
                sent = until;
            }
            awaitVersions(learner, newest() + 1);
        }
        assertThat(failovers).allSatisfy(ms -> assertThat(ms).isLessThan(FAILOVER.toMillis()));
        List<ModelVersion> versions = ModelReader.list(connection);
        System.out.println(engine + ": " + versions.size() + " versions kept, the newest " + newest()
                + "; fail-over in ms: " + failovers);
        assertThat(versions).hasSizeGreaterThan(1);
        assertThat(versions).extracting(version -> version.origin().job()).doesNotHaveDuplicates();
        assertThat(versions)
                .extracting(version -> version.training().rowsTaught())
                .doesNotHaveDuplicates();
        reproduce(engine, stream, versions);
        assertThat(reproduceChampion(file)).as("exit code of models reproduce").isZero();
    }

    private int reproduceChampion(Path file) {
        return Tidemark.commandLine()
                .execute(
                        "models",
                        "reproduce",
                        "heat/dense-ae",
                        "--stream",
                        file.toString(),
                        "--bootstrap",
                        kafka.bootstrap(),
                        "--prefix",
                        kafka.prefix(),
                        "--topology",
                        "topology");
    }

    private void reproduce(String name, StreamSpec stream, List<ModelVersion> versions) throws Exception {
        try (Engine engine = Engines.open(name, new DeviceSpec.Cpu())) {
            for (ModelVersion version : versions) {
                Network network = WholePath.zoo().spec(version.id().network()).bind(1);
                assertThat(new Reproduction(connection, stream, network, engine)
                                .of(ModelReader.load(connection, version.id(), version.version())))
                        .as(version.label())
                        .isInstanceOf(Reproduction.Same.class);
            }
        }
    }

    private int newest() throws InterruptedException {
        return ModelReader.list(connection).stream()
                .mapToInt(ModelVersion::version)
                .max()
                .orElse(0);
    }

    private void awaitVersions(RoleProcess learner, int version) {
        Eventually.holds(WITHIN, "version " + version, () -> {
            if (!learner.isAlive()) throw new IllegalStateException("the learner ended; see target/kill-it");
            return newest() >= version;
        });
    }

    /** Kills the learner and starts it again; returns after how many milliseconds another member owned its partitions. */
    private long kill(RoleProcess learner) {
        String before = member();
        long began = System.nanoTime();
        learner.killAndRestart();
        Eventually.holds(WITHIN, "another learner owns the partitions", () -> {
            String now = member();
            return !now.isEmpty() && !now.equals(before);
        });
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** The one member of the learners' group that owns partitions; empty while there is none, or several. */
    private String member() {
        String group = connection.names().role("learner");
        try {
            ConsumerGroupDescription learners = Objects.requireNonNull(kafka.admin()
                    .describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group));
            List<String> owners = learners.members().stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .map(member -> member.consumerId())
                    .toList();
            return owners.size() == 1 ? owners.get(0) : "";
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private RoleProcess learner(String engine, Path file) throws IOException {
        Path logs = Files.createDirectories(Path.of("target", "kill-it"));
        List<String> arguments = List.of(
                "--stream",
                file.toString(),
                "--bootstrap",
                kafka.bootstrap(),
                "--prefix",
                kafka.prefix(),
                "--topology",
                "topology",
                "--engine",
                engine,
                "--device",
                "cpu",
                "--no-create",
                "--state-dir",
                folder.resolve("state-learner").toString(),
                "--metrics-port",
                "0");
        return new RoleProcess("learner", logs, List.of("-Xmx400m", "-XX:+UseSerialGC"), arguments);
    }

    private Path declare() throws IOException {
        return Files.writeString(folder.resolve("heat.yaml"), """
                stream: heat
                input: {topic: %sheat, series: [series], features: [value]}
                step: event
                networks: [dense-ae]
                learning: {first-rows: 512, first-steps: 40, rows-per-step: 16, publish-rows: 512, buffer-rows: 4096}
                """.formatted(kafka.prefix()));
    }

    private void produce(int from, int to) {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = from; i < to; i++) {
                int second = i / SERIES;
                Random noise = new Random(i);
                String json = String.format(
                        Locale.ROOT,
                        "{\"series\":\"s%d\",\"timestamp\":%d,\"value\":%.4f}",
                        i % SERIES,
                        1_700_000_000_000L + 1000L * second,
                        10 + Math.sin(second / 20.0 + i % SERIES) + 0.1 * noise.nextGaussian());
                producer.send(new ProducerRecord<>(
                        kafka.prefix() + "heat", i % 2, null, json.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }
}
