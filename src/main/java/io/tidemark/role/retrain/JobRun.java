package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.learning.History;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.ShapeException;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a job, from its history to its report.
 *
 * @param instance names the worker
 * @param deliveries times the job has been given out, this one included
 * @param beganMs wall time; epoch milliseconds
 */
record JobRun(RetrainJob job, String instance, int deliveries, InstantSource clock, long beganMs) {
    /** The most rows of a history. */
    private static final int ROWS_MAX = 500_000;

    /** An attempt that begins now. */
    static JobRun begin(RetrainJob job, String instance, int deliveries, InstantSource clock) {
        return new JobRun(job, instance, deliveries, clock, clock.millis());
    }

    /**
     * What came of an attempt: the job is done with.
     *
     * @param trained what is published; null where nothing is
     */
    record Ended(JobReport report, JobTraining.@Nullable Trained trained) {}

    /**
     * Trains the job's network; in the trainer's thread.
     *
     * @param goOn asked between steps
     * @param progress hears the share that is done, in [0, 1]
     * @return empty when it was told to stop before the end: the job shall be done again
     */
    Optional<Ended> train(
            StreamSpec stream,
            NetworkSpec spec,
            Engine engine,
            HistoryReader histories,
            JobPublication publication,
            BooleanSupplier goOn,
            DoubleConsumer progress)
            throws InterruptedException {
        long cpu = cpuNanos();
        Network network;
        try {
            network = spec.bind(stream);
        } catch (ShapeException e) {
            return skipped(String.valueOf(e.getMessage()));
        }
        List<String> lacks = engine.unsupported(network);
        if (!lacks.isEmpty()) return skipped(String.join("; ", lacks));
        HistoryReader.Read read =
                histories.read(stream, job.history().fromMs(), job.history().toMs(), job.until(), ROWS_MAX);
        History history = read.history();
        History.Windows windows = history.windows(network);
        if (windows.size() == 0) {
            return skipped("its history holds no example: " + history.kept() + " rows may teach, " + history.waiting()
                    + " wait for their gate, " + history.withheld() + " may not teach");
        }
        TimeSplit split = JobTraining.split(windows, job.plan().holdout());
        if (split.choice().train().size() < JobTraining.EXAMPLES_LEAST
                || split.choice().validation().size() == 0
                || split.choice().test().size() == 0) {
            return skipped("its history holds " + split.choice().train().size() + " training, "
                    + split.choice().validation().size() + " validation and "
                    + split.choice().test().size() + " test examples of " + spec.rowsToTrain() + " rows; it needs "
                    + JobTraining.EXAMPLES_LEAST + ", 1 and 1");
        }
        JobTraining training = new JobTraining(engine, network, job, split, goOn, progress);
        JobTraining.Trained trained = training.run();
        if (trained == null) return Optional.empty();
        Errors champion = publication.champion(job, network).map(training::test).orElse(null);
        JobReport.Part part = new JobReport.Part(
                new JobReport.Part.RowCounts(history.kept(), history.withheld(), history.waiting(), history.series()),
                new JobReport.Part.Choice(
                        split.choice().train().size(),
                        split.choice().validation().size(),
                        split.choice().test().size(),
                        split.choice().fromMs(),
                        split.choice().validationFromMs(),
                        split.choice().testFromMs()),
                new JobReport.Part.Published(
                        trained.taught(),
                        split.published().holdout().size(),
                        split.published().holdoutFromMs()),
                split.toMs(),
                read.first());
        return Optional.of(new Ended(
                new JobReport(
                        job,
                        JobReport.Status.DONE,
                        "",
                        new JobReport.Work(instance, deliveries, beganMs, clock.millis(), (cpuNanos() - cpu) / 1e9),
                        new JobReport.Outcome("", part, trained.search(), trained.fit(), champion)),
                trained));
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Optional<Ended> skipped(String why) {
        return Optional.of(ended(JobReport.Status.SKIPPED, why));
    }

    /** The end of a job that nothing was trained for. */
    Ended ended(JobReport.Status status, String why) {
        return new Ended(
                new JobReport(
                        job,
                        status,
                        why,
                        new JobReport.Work(instance, deliveries, beganMs, clock.millis(), 0),
                        new JobReport.Outcome("", null, null, null, null)),
                null);
    }
}
