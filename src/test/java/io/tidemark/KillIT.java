package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.ChildBroker;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.role.retrain.JobReport;
import io.tidemark.role.retrain.JobReports;
import io.tidemark.role.retrain.Period;
import io.tidemark.role.retrain.RetrainJob;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One event, one outcome, and one job, one version, exactly once, whatever role is killed whenever: each role in its own JVM,
 * killed twice with kill -9.
 */
class KillIT {
    private static final int EVENTS = 200_000;
    private static final int SERIES = 100;
    private static final int PARTITIONS = 2;
    private static final String INPUT = "numbered";
    private static final List<String> KILLS =
            List.of("worker", "verdict", "ingest", "learner", "worker", "verdict", "ingest", "learner");

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyEventHasOneOutcomeAndEveryRetrainJobOneVersionThoughEachRoleIsKilledTwice() throws Exception {
        declare();
        try (ChildBroker broker = ChildBroker.start(folder.resolve("broker"))) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrap());
            try (Admin admin = kafka.admin()) {
                new Topics(admin, Duration.ofSeconds(30)).create(List.of(TopicSpec.of(INPUT, PARTITIONS)));
            }
            apply(broker.bootstrap());
            List<RoleProcess> roles = new ArrayList<>();
            try (Tally tally = new Tally(kafka)) {
                for (String role : List.of("ingest", "worker", "learner", "verdict"))
                    roles.add(role(role, broker.bootstrap()));
                produce(kafka);
                for (int i = 0; i < KILLS.size(); i++) {
                    tally.awaitOutcomes((i + 1) * EVENTS / (KILLS.size() + 2), roles);
                    String victim = KILLS.get(i);
                    roles.stream().filter(r -> r.role().equals(victim)).forEach(RoleProcess::killAndRestart);
                }
                tally.awaitOutcomes(EVENTS, roles);
                tally.awaitSilence();

                assertThat(tally.missing()).as("event ids without an outcome").isEmpty();
                assertThat(tally.doubled())
                        .as("event ids with more than one outcome")
                        .isEmpty();
                assertThat(tally.byStatus.get("scored")).as("events scored").isGreaterThan(EVENTS / 2);
                retrainThroughKills(kafka, roles);
            } finally {
                roles.forEach(RoleProcess::close);
            }
        }
    }

    /** Jobs of a run while their worker is killed after the first and after the second of them, and the learner in between. */
    private void retrainThroughKills(KafkaConnection kafka, List<RoleProcess> roles) throws Exception {
        RetrainRequest request = new RetrainRequest(
                "numbered",
                List.of("dense-ae", "pca"),
                1,
                new Period(0, Long.MAX_VALUE / 2),
                2,
                new TrainingPlan(7, 400, 2, 0.05));
        List<String> jobs = request.send(kafka).stream().map(RetrainJob::id).toList();
        String run = request.jobs().get(0).run();
        RoleProcess retrain = role("retrain", kafka.bootstrap());
        roles.add(retrain);
        try (JobReports reports = new JobReports(kafka)) {
            awaitReports(reports, run, 1);
            retrain.killAndRestart();
            roles.stream().filter(r -> r.role().equals("learner")).forEach(RoleProcess::killAndRestart);
            awaitReports(reports, run, 2);
            retrain.killAndRestart();
            awaitReports(reports, run, jobs.size());
            assertThat(reports.of(run))
                    .allSatisfy(report ->
                            assertThat(report.status()).as(report.reason()).isEqualTo(JobReport.Status.DONE));
        }
        Eventually.holds(
                Duration.ofMinutes(1),
                "a number for every job",
                () -> published(kafka).containsAll(jobs));
        assertThat(published(kafka)).as("jobs with more than one version").doesNotHaveDuplicates();
        for (ModelVersion version : ModelReader.list(kafka)) {
            assertThat(ModelReader.load(kafka, version.id(), version.version())
                            .weights()
                            .tensors())
                    .as("weights of " + version.label())
                    .isNotEmpty();
        }
    }

    private static void awaitReports(JobReports reports, String run, int count) {
        Eventually.holds(Duration.ofMinutes(3), count + " reports of " + run, () -> {
            reports.poll(Duration.ofMillis(100));
            return reports.of(run).size() >= count;
        });
    }

    private static List<String> published(KafkaConnection kafka) throws InterruptedException {
        return ModelReader.list(kafka).stream()
                .map(version -> version.origin().job())
                .toList();
    }

    private void declare() throws IOException {
        Path streams = Files.createDirectories(folder.resolve("streams"));
        Files.writeString(streams.resolve("numbered.yaml"), """
                stream: numbered
                input: {topic: numbered, series: [series], features: [value]}
                step: event
                networks: [dense-ae]
                learning: {first-rows: 2000, first-steps: 50, publish-rows: 4000}
                """);
    }

    private List<String> arguments(String bootstrap) {
        return List.of(
                "--stream",
                folder.resolve("streams/numbered.yaml").toString(),
                "--bootstrap",
                bootstrap,
                "--topology",
                "topology");
    }

    private void apply(String bootstrap) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                RoleProcess.jar().toString()));
        command.addAll(List.of(
                "streams", "apply", folder.resolve("streams/numbered.yaml").toString()));
        command.addAll(List.of("--bootstrap", bootstrap, "--topology", "topology"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("apply.log").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("apply.log")))
                .isZero();
    }

    private RoleProcess role(String role, String bootstrap) throws IOException {
        Path logs = Files.createDirectories(Path.of("target", "kill-it"));
        List<String> arguments = new ArrayList<>(arguments(bootstrap));
        arguments.addAll(List.of("--start", "earliest"));
        arguments.addAll(List.of("--state-dir", folder.resolve("state-" + role).toString(), "--metrics-port", "0"));
        return new RoleProcess(role, logs, List.of("-Xmx400m", "-XX:+UseSerialGC"), arguments);
    }

    private static void produce(KafkaConnection kafka) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                int series = i % SERIES;
                String json = String.format(
                        Locale.ROOT,
                        "{\"series\":\"s%03d\",\"timestamp\":%d,\"value\":%.4f}",
                        series,
                        1_700_000_000_000L + 1000L * (i / SERIES),
                        10 + Math.sin(i / (double) SERIES / 20 + series));
                producer.send(new ProducerRecord<>(INPUT, i % PARTITIONS, null, json.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    /** Counts the outcomes of every event id that a read_committed reader sees. */
    private static final class Tally implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Consumer<byte[], byte[]> consumer;
        private final int[][] outcomes = new int[PARTITIONS][EVENTS / PARTITIONS];
        private final Map<String, Integer> byStatus = new java.util.TreeMap<>();
        private long counted;

        Tally(KafkaConnection kafka) {
            consumer = kafka.consumer(Map.of());
            String scores = kafka.names().scores();
            List<TopicPartition> partitions = consumer.partitionsFor(scores).stream()
                    .map(p -> new TopicPartition(scores, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        void awaitOutcomes(long wanted, List<RoleProcess> roles) throws IOException {
            long quietSince = System.nanoTime();
            while (counted < wanted) {
                int read = poll(Duration.ofMillis(200));
                if (read > 0) quietSince = System.nanoTime();
                for (RoleProcess role : roles) {
                    assertThat(role.isAlive())
                            .as(role.role() + " runs; its log is in target/kill-it")
                            .isTrue();
                }
                assertThat(System.nanoTime() - quietSince)
                        .as("nanoseconds without an outcome, after " + counted + " of " + wanted)
                        .isLessThan(Duration.ofSeconds(90).toNanos());
            }
        }

        /** Reads until nothing more comes for five polls. */
        void awaitSilence() throws IOException {
            for (int quiet = 0; quiet < 5; ) quiet = poll(Duration.ofMillis(500)) == 0 ? quiet + 1 : 0;
        }

        private int poll(Duration within) throws IOException {
            int read = 0;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
                JsonNode score = JSON.readTree(record.value());
                int events = 0;
                for (JsonNode range : score.get("events")) {
                    int count = range.path("count").asInt(1);
                    for (int i = 0; i < count; i++) {
                        outcomes[range.get("partition").asInt()][
                                (int) range.get("offset").asLong() + i]++;
                    }
                    events += count;
                }
                counted += events;
                byStatus.merge(score.get("status").asText(), events, Integer::sum);
                read++;
            }
            return read;
        }

        List<String> missing() {
            return idsWith(count -> count == 0);
        }

        List<String> doubled() {
            return idsWith(count -> count > 1);
        }

        private List<String> idsWith(java.util.function.IntPredicate test) {
            List<String> ids = new ArrayList<>();
            for (int p = 0; p < PARTITIONS; p++) {
                for (int offset = 0; offset < outcomes[p].length && ids.size() < 20; offset++) {
                    if (test.test(outcomes[p][offset])) ids.add(INPUT + "-" + p + "-" + offset);
                }
            }
            return ids;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
