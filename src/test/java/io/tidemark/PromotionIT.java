package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.model.promotion.Criteria;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trials through the built product with learning as it ships, 64 series that all teach and a learner that may publish every 32
 * rows of each: a retraining is tried against the learner's line, and the line against a retraining that a person has promoted,
 * while the learner goes on publishing, within {@value #EVIDENCE} rows of each series.
 */
class PromotionIT {
    /** Seats of a stream as shipped, which the tasks share. */
    private static final int SERIES = 64;

    private static final int TASKS = 4;
    /** Rows of each series before the retraining, and while its trial waits. */
    private static final int HISTORY = 600;

    private static final int EVIDENCE = 400;
    private static final int CHUNK = 16;
    /** Trials are looked for once a minute. */
    private static final Duration LOOKED_AT = Duration.ofMinutes(2);

    private static final int PROCESSES_MAX = 3;

    private static final ModelId CHALLENGED = new ModelId("heat", "dense-ae");
    private static final ModelId REPLACED = new ModelId("heat", "conv-forecaster");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final List<String> series = series();
    private int sent;

    @TempDir
    Path folder;

    @Test
    @Timeout(10 * 60)
    void aTrialIsHeldWhileTheLearnerGoesOnPublishingBothWays() throws Exception {
        assumeTrue(Boolean.getBoolean("learning.run"), "takes two to three minutes: -Dlearning.run=true");
        kafka.topic("in", 1);
        // the version that is promoted by hand is a poor one, which the guard would undo
        Path topology = TopologyFolder.write(
                folder.resolve("topology"),
                Map.of("heat", """
                stream: heat
                input: {topic: %sin, series: [series], features: [value]}
                step: event
                networks: [dense-ae, conv-forecaster]
                guard: {watch: 0s}
                """.formatted(kafka.prefix())),
                "dense-ae",
                "conv-forecaster");
        try (RunningProduct product = new RunningProduct(kafka, topology, folder.resolve("state"), "promotion-it")) {
            feed(product, HISTORY);
            product.await(
                    SERIES * (HISTORY - 2 * CHUNK), "tidemark_training_rows_total", "stream", CHALLENGED.stream());
            product.command(
                    "retrain",
                    "--stream",
                    CHALLENGED.stream(),
                    "--networks",
                    CHALLENGED.network() + "," + REPLACED.network(),
                    "--candidates",
                    "1",
                    "--steps",
                    "20",
                    "--device",
                    "cpu",
                    "--engine",
                    "dl4j",
                    "--out",
                    folder.toString());
            int challenger = challenger(CHALLENGED);
            int promoted = challenger(REPLACED);
            product.command("models", "promote", REPLACED + "@" + promoted, "--why", "its trial is looked for");
            feed(product, EVIDENCE);
            awaitTrials(product);

            List<AuditEntry> audit = audit(CHALLENGED);
            AuditEntry trial = trial(CHALLENGED);
            assertTried(trial, challenger);
            assertThat(trial.change().action()).isEqualTo("keep");
            assertThat(trial.request().why()).contains("its usual error is");
            assertThat(published(audit, entry -> entry.change().version() == challenger))
                    .as("versions of the learner while version %d waited", challenger)
                    .hasSizeGreaterThanOrEqualTo(2);

            List<Integer> line = published(audit(REPLACED), entry -> is(entry, "promote"));
            assertThat(line)
                    .as("versions of the learner after version %d was promoted", promoted)
                    .hasSizeGreaterThanOrEqualTo(2);
            assertTried(trial(REPLACED), line.get(0));
            assertThat(trial(REPLACED).change().action()).isEqualTo("promote");
            assertThat(RegistryView.read(connection).deployment(REPLACED).champion())
                    .isGreaterThanOrEqualTo(line.get(0));
        }
    }

    /** What could not be judged yet is looked at again after ten minutes, or by the next process after one. */
    private void awaitTrials(RunningProduct product) throws InterruptedException {
        for (int processes = 1; processes <= PROCESSES_MAX; processes++) {
            if (processes > 1) {
                product.stop();
                product.startAgain();
            }
            Eventually.holds(LOOKED_AT, "each challenger is tried or waits for more rows", () -> {
                String log = product.log();
                return (isTried(CHALLENGED) || waits(CHALLENGED, log)) && (isTried(REPLACED) || waits(REPLACED, log));
            });
            if (isTried(CHALLENGED) && isTried(REPLACED)) return;
        }
    }

    private static boolean waits(ModelId id, String log) {
        return Pattern.compile("trial of " + id + "@\\d+ waits").matcher(log).find();
    }

    /** Promoted or kept, with the figures of a whole comparison. */
    private static void assertTried(AuditEntry trial, int version) {
        System.out.println("promotion: " + trial.model() + "@" + trial.change().version() + " "
                + trial.change().action() + ": " + trial.request().why() + " " + trial.figures());
        assertThat(trial.refused()).isEmpty();
        assertThat(trial.change().version()).isEqualTo(version);
        assertThat(trial.change().action()).isIn("promote", "keep");
        for (String of : List.of("champion-steps", "challenger-steps"))
            assertThat(trial.figures().get(of)).as(of).isGreaterThanOrEqualTo(Criteria.SHIPPED.stepsMin());
    }

    /** The versions that the learner has published between an entry and the trial, oldest first. */
    private static List<Integer> published(List<AuditEntry> audit, Predicate<AuditEntry> from) {
        List<Integer> versions = new ArrayList<>();
        boolean begun = false;
        for (AuditEntry entry : audit) {
            if (isTrial(entry)) break;
            if (begun && is(entry, "publish")) versions.add(entry.change().version());
            begun |= from.test(entry);
        }
        return versions;
    }

    private static boolean is(AuditEntry entry, String action) {
        return entry.change().action().equals(action);
    }

    private static boolean isTrial(AuditEntry entry) {
        return entry.request().who().equals(AuditEntry.TRIAL);
    }

    private boolean isTried(ModelId id) throws InterruptedException {
        return audit(id).stream().anyMatch(PromotionIT::isTrial);
    }

    private AuditEntry trial(ModelId id) throws InterruptedException {
        return audit(id).stream().filter(PromotionIT::isTrial).findFirst().orElseThrow();
    }

    private List<AuditEntry> audit(ModelId id) throws InterruptedException {
        return RegistryView.read(connection).audit().getOrDefault(id, List.of());
    }

    private int challenger(ModelId id) {
        return Eventually.gives(
                Duration.ofMinutes(1),
                id + " has a challenger",
                () -> RegistryView.read(connection).deployment(id).roles().challengers().stream()
                        .findFirst()
                        .orElse(null));
    }

    /** As many of each task as it has seats, so that all of them teach. */
    private static List<String> series() {
        List<String> chosen = new ArrayList<>();
        int[] seats = new int[TASKS];
        for (int i = 0; chosen.size() < SERIES; i++) {
            String name = "s" + i;
            int task = TopicNames.partition(TopicNames.key(CHALLENGED.stream(), name), TASKS);
            if (seats[task]++ < SERIES / TASKS) chosen.add(name);
        }
        return chosen;
    }

    private void feed(RunningProduct product, int rows) {
        product.send(IntStream.range(sent, sent + rows)
                .boxed()
                .flatMap(row -> IntStream.range(0, SERIES).mapToObj(s -> event(row, s))));
        sent += rows;
        product.awaitOutcomes(CHALLENGED.stream(), (long) SERIES * sent);
    }

    /** Waves whose shape changes slowly, so that the learner has something to learn and publishes. */
    private String event(int row, int s) {
        double shape = (double) row / (HISTORY + EVIDENCE);
        double phase = 2 * Math.PI * row / 40 + s;
        double noise = new SplittableRandom(row * 100L + s).nextGaussian();
        return String.format(
                Locale.ROOT,
                "{\"series\":\"%s\",\"timestamp\":%d,\"value\":%.4f}",
                series.get(s),
                1_700_000_000_000L + 1000L * row,
                20 + Math.sin(phase) + shape * Math.sin(2 * phase) + 0.05 * noise);
    }
}
