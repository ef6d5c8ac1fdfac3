package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.model.promotion.Criteria;
import io.tidemark.model.promotion.Judge;
import io.tidemark.model.promotion.RecentFrames;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.stream.Stream;
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
    private static final Zoo ZOO = Zoo.load(Path.of("topology/zoo"));
    private static final double DAY_MS = Duration.ofDays(1).toMillis();
    private static final long LOOK_MS = Duration.ofMinutes(1).toMillis();
    /** Of the topic {@code training}, as shipped. */
    private static final long RETAINED_MS = Duration.ofDays(7).toMillis();

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

    @Test
    void aPromotionIsPossibleInEveryExampleWithItsOwnNetworksHoweverManySeriesItHas() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of("topology/examples"))) {
            files = found.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            StreamSpec stream = StreamFile.read(file);
            for (String network : stream.networks()) {
                for (int series : List.of(1, 8, 64)) {
                    for (boolean promoted : List.of(true, false)) {
                        Run run = new Run(Recorded.of(stream, ZOO.spec(network), series), promoted, 1);
                        run.untilAPromotion();
                        assertThat(run.promotions)
                                .as("%s with %s, %d series, %s", file, network, series, run.what())
                                .isPositive();
                    }
                }
            }
        }
    }

    /**
     * What is recorded of a stream, and how much of it a comparison takes.
     *
     * @param framesMax frames that a comparison gathers; 0 for rows
     */
    private record Recorded(long rowMs, int series, StreamSpec.Learning learning, int rowsToScore, int framesMax) {
        static Recorded of(StreamSpec stream, NetworkSpec network, int series) {
            return new Recorded(
                    stream.grid().step().orElse(FASTEST).toMillis(),
                    Math.min(series, stream.learning().series()),
                    stream.learning(),
                    network.rowsToScore(),
                    stream.input().image().map(RecentFrames::most).orElse(0));
        }

        long publishMs() {
            return (long) (learning.pace().publishRows() * rowMs / (series * (1 - learning.withhold())));
        }

        /** Steps that a comparison has of what was recorded of each series in a time. */
        long steps(long sinceMs, long nowMs) {
            long rows = Math.min(nowMs - sinceMs, RETAINED_MS) / rowMs;
            int judged = Math.min(Judge.SERIES_MAX, series);
            long most = Judge.ROWS_MAX;
            if (framesMax > 0) {
                judged = Math.min(judged, Math.max(1, framesMax / RecentFrames.SERIES_FRAMES));
                most = Math.min(most, framesMax / judged);
            }
            long taken = Math.min(most, rows);
            if (taken <= 2L * rowsToScore) return 0;
            return judged * Math.max(0, taken - (rowsToScore - 1) - CalibrationSpec.DEFAULT.samplesNeeded());
        }
    }

    private static Collection<Integer> windows() {
        TreeSet<Integer> windows = new TreeSet<>();
        ZOO.entries().values().forEach(entry -> windows.add(entry.spec().rowsToScore()));
        return LONG ? List.of(windows.first(), 64, windows.last()) : List.of(windows.last());
    }

    private static Run run(Duration pace, int rowsToScore, boolean promoted) {
        StreamSpec.Learning shipped =
                StreamFile.read(Path.of("topology/examples/bench.yaml")).learning();
        Run run = new Run(new Recorded(pace.toMillis(), SERIES, shipped, rowsToScore, 0), promoted, 10);
        int days = pace.equals(FASTEST) ? DAYS : Math.max(7, DAYS);
        run.days(days);
        print(pace, rowsToScore, days, run);
        return run;
    }

    private static void print(Duration pace, int rowsToScore, int days, Run run) {
        System.out.printf(
                Locale.ROOT,
                "a row each %3d s, windows of %3d rows, %2d days: %6d versions offered; %s for %4.1f days, in which %4.1f"
                        + " trials a day ended; %2d promotions%n",
                pace.toSeconds(),
                rowsToScore,
                days,
                run.published,
                run.what(),
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

        private final Recorded recorded;
        /** Whether a person promotes what a retraining gives; else it is a challenger to the learner's line. */
        private final boolean promoted;
        /** One in so many trials promotes. */
        private final int promotesOneIn;

        int published;
        int trials;
        int promotions;
        /** For how long there was a challenger to the champion. */
        long waitedMs;

        Run(Recorded recorded, boolean promoted, int promotesOneIn) {
            this.recorded = recorded;
            this.promoted = promoted;
            this.promotesOneIn = promotesOneIn;
        }

        String what() {
            return promoted ? "the learner's line challenged" : "retrainings challenged it";
        }

        void days(int days) {
            until(Duration.ofDays(days).toMillis(), Integer.MAX_VALUE);
        }

        /** Or two publications after the first retraining and two weeks. */
        void untilAPromotion() {
            until(4 * recorded.publishMs() + 2 * RETRAINING_MS, 1);
        }

        private void until(long end, int promotionsMax) {
            long publishMs = recorded.publishMs();
            TreeMap<Long, Runnable> due = new TreeMap<>();
            repeat(due, 1, publishMs, this::publish);
            repeat(due, 2 * publishMs, RETRAINING_MS, this::retrain);
            repeat(due, 3, LOOK_MS, this::look);
            while (due.firstKey() < end && promotions < promotionsMax)
                due.pollFirstEntry().getValue().run();
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
            if (deployment.roles().challengers().isEmpty()) return;
            waitedMs += LOOK_MS;
            ModelId id = deployment.id();
            RegistryView view = new RegistryView(
                    records.log.manifests(), Map.of(id, deployment), Map.of(id, records.log.audit(id)));
            for (int challenger : deployment.roles().challengers()) {
                if (!schedule.isDue(view, deployment, challenger, nowMs)) continue;
                long sinceMs = Math.max(at(challenger), at(deployment.opponent(challenger)));
                if (recorded.steps(sinceMs, nowMs) < Criteria.SHIPPED.stepsMin()) {
                    schedule.postpone(id, challenger, nowMs);
                    continue;
                }
                boolean promote = random.nextInt(promotesOneIn) == 0;
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
    }
}
