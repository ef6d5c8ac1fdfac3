package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.model.promotion.Criteria;
import io.tidemark.model.promotion.Judge;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Weeks of a registry in virtual time: a learner publishes as the shipped settings say, a retraining offers a
 * version once a week, and trials look as they do beside a registrar. What a trial would find is drawn; whether it can be held is not.
 *
 * <p>{@code -Dtrials.days=28} is the run that MEASUREMENTS.md names.
 */
class TrialSimulationTest {
    private static final int DAYS = Integer.getInteger("trials.days", 1);
    private static final boolean LONG = DAYS > 1;
    private static final int SERIES = 64;
    private static final double DAY_MS = Duration.ofDays(1).toMillis();
    private static final long LOOK_MS = Duration.ofMinutes(1).toMillis();
    private static final long RETRAINING_MS = Duration.ofDays(7).toMillis();
    private static final Duration FASTEST = Duration.ofSeconds(1);
    private static final List<Duration> PACES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(1));

    @Test
    void aLearnerThatPublishesEveryHalfMinuteIsTriedWithEveryShippedNetwork() {
        for (int rows : windows()) {
            Run run = run(FASTEST, rows, true);
            assertThat(run.trialsADay()).as("with windows of %d rows", rows).isGreaterThan(20);
            assertThat(run.promotions).as("with windows of %d rows", rows).isPositive();
        }
    }

    @Test
    void aRetrainingIsTriedAgainstALearnerThatPublishesEveryHalfMinute() {
        for (int rows : windows()) {
            Run run = run(FASTEST, rows, false);
            assertThat(run.trialsADay()).as("with windows of %d rows", rows).isGreaterThan(20);
            assertThat(run.promotions).as("with windows of %d rows", rows).isPositive();
        }
    }

    @Test
    void bothAreAtEveryPace() {
        for (Duration pace : LONG ? PACES : PACES.subList(1, 2)) {
            for (boolean promoted : List.of(true, false)) {
                Run run = run(pace, 64, promoted);
                assertThat(run.trials).as("with a row each %s", pace).isPositive();
            }
        }
    }

    private static Collection<Integer> windows() {
        TreeSet<Integer> windows = new TreeSet<>();
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        zoo.entries().values().forEach(entry -> windows.add(entry.spec().rowsToScore()));
        return LONG ? List.of(windows.first(), 64, windows.last()) : List.of(windows.last());
    }

    private static Run run(Duration pace, int rowsToScore, boolean promoted) {
        Run run = new Run(pace, rowsToScore, pace.equals(FASTEST) ? DAYS : Math.max(7, DAYS), promoted);
        run.all();
        print(pace, rowsToScore, run);
        return run;
    }

    private static void print(Duration pace, int rowsToScore, Run run) {
        System.out.printf(
                Locale.ROOT,
                "a row each %3d s, windows of %3d rows, %2d days: %6d versions offered; %s for %4.1f days, in which %4.1f"
                        + " trials a day ended; %2d promotions%n",
                pace.toSeconds(),
                rowsToScore,
                run.days,
                run.published,
                run.promoted ? "the learner's line challenged" : "retrainings challenged it",
                run.waitedMs / DAY_MS,
                run.trialsADay(),
                run.promotions);
    }

    private static final class Run {
        private final RegistryRecords records = new RegistryRecords();
        private final TrialSchedule schedule = new TrialSchedule();
        private final SplittableRandom random = new SplittableRandom(7);
        /** When each version was trained, whose rows count from then on. */
        private final Map<Integer, Long> trainedMs = new HashMap<>();

        private final long rowMs;
        private final int rowsToScore;
        private final int days;
        /** Whether a person promotes what a retraining gives; else it is a challenger to the learner's line. */
        private final boolean promoted;

        int published;
        int trials;
        int promotions;
        /** For how long there was a challenger to the champion. */
        long waitedMs;

        Run(Duration pace, int rowsToScore, int days, boolean promoted) {
            this.promoted = promoted;
            rowMs = pace.toMillis();
            this.rowsToScore = rowsToScore;
            this.days = days;
        }

        void all() {
            StreamSpec.Learning shipped =
                    StreamFile.read(Path.of("topology/examples/bench.yaml")).learning();
            double taughtEachMs = SERIES * (1 - shipped.withhold()) / rowMs;
            long publishMs = (long) (shipped.pace().publishRows() / taughtEachMs);
            TreeMap<Long, Runnable> due = new TreeMap<>();
            long end = Duration.ofDays(days).toMillis();
            repeat(due, 1, publishMs, this::publish);
            repeat(due, 2 * publishMs, RETRAINING_MS, this::retrain);
            repeat(due, 3, LOOK_MS, this::look);
            while (due.firstKey() < end) due.pollFirstEntry().getValue().run();
        }

        private interface At {
            void at(long nowMs);
        }

        /** No two at the same moment. */
        private static void repeat(TreeMap<Long, Runnable> due, long firstMs, long everyMs, At what) {
            long at = firstMs;
            while (due.containsKey(at)) at++;
            long now = at;
            due.put(now, () -> {
                repeat(due, now + everyMs, everyMs, what);
                what.at(now);
            });
        }

        private void publish(long nowMs) {
            records.learnt(TestModels.large(++published, 10), nowMs);
            trained(nowMs);
        }

        /** Offers what a retraining has found. */
        private void retrain(long nowMs) {
            records.challenge("retrain-" + nowMs, 1);
            trained(nowMs);
            if (promoted)
                records.command(
                        RegistryCommand.Action.PROMOTE, records.deployment().last(), true);
        }

        private void trained(long nowMs) {
            trainedMs.put(records.deployment().last(), nowMs);
            records.forgetHistory();
        }

        double trialsADay() {
            return trials * DAY_MS / waitedMs;
        }

        private void look(long nowMs) {
            Deployment deployment = records.deployment();
            if (!deployment.roles().challengers().isEmpty()) waitedMs += LOOK_MS;
            ModelId id = deployment.id();
            RegistryView view = new RegistryView(
                    records.log.manifests(), Map.of(id, deployment), Map.of(id, records.log.audit(id)));
            for (int challenger : deployment.roles().challengers()) {
                if (!schedule.isDue(view, deployment, challenger, nowMs)) continue;
                long sinceMs = Math.max(at(challenger), at(deployment.opponent(challenger)));
                if (steps((nowMs - sinceMs) / rowMs) < Criteria.SHIPPED.stepsMin()) {
                    schedule.postpone(id, challenger, nowMs);
                    continue;
                }
                boolean promote = random.nextInt(10) == 0;
                RegistryCommand command =
                        TrialSchedule.command(deployment, challenger, promote, "drawn", nowMs, Map.of());
                records.send(command.key(), RegistryJson.write(command));
                records.decide();
                records.forgetHistory();
                trials++;
                if (promote && records.deployment().champion() == challenger) promotions++;
            }
        }

        private long at(int version) {
            return trainedMs.getOrDefault(version, 0L);
        }

        /** Steps that a comparison has of so many rows of each series. */
        private long steps(long rows) {
            if (rows <= 2L * rowsToScore) return 0;
            long scored = Math.min(Judge.ROWS_MAX, rows) - (rowsToScore - 1) - CalibrationSpec.DEFAULT.samplesNeeded();
            return Judge.SERIES_MAX * Math.max(0, scored);
        }
    }
}
