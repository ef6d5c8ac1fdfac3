package io.tidemark.app.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.app.console.Columns;
import io.tidemark.app.console.Progress;
import io.tidemark.app.console.Terminal;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.learn.fit.Errors;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.retrain.HtmlReport;
import io.tidemark.role.retrain.JobQueue;
import io.tidemark.role.retrain.JobReport;
import io.tidemark.role.retrain.JobReports;
import io.tidemark.role.retrain.Period;
import io.tidemark.role.retrain.RetrainJob;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.RetrainWorker;
import io.tidemark.role.retrain.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark retrain}: the zoo trained anew from a stream's history. */
@Command(
        name = "retrain",
        header = "Trains networks anew from a stream's history.",
        description =
                "Trains networks anew from a stream's history: one job for each network and trial, taken by any number of"
                        + " retrain workers (tidemark run --roles retrain, and those this command brings itself). Each job cuts the history by"
                        + " time, searches how to train, trains, measures on the newest part and publishes a challenger. Writes a report as HTML"
                        + " and JSON.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark retrain --stream machines",
            "  tidemark retrain --stream machines --networks dense-ae,lstm-forecaster --trials 3 --workers 2",
            "  tidemark retrain --stream machines --workers 0 --from 2026-01-01T00:00:00Z"
        })
final class RetrainCommand extends KafkaCommand {
    private static final long JOIN_WITHIN_MS = 25_000;

    @Option(
            names = "--stream",
            required = true,
            paramLabel = "NAME|FILE",
            description = "the stream, by its name in topology/streams or by its file")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String stream;

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "NAME",
            description = "networks of the zoo, with commas between (default: every one that fits the stream)")
    private List<String> networks = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "event time from which history is read, such as 2026-01-01T00:00:00Z (default: all there is)")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "event time before which history is read (default: all there is)")
    private @Nullable String to;

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "1",
            description = "trainings of each network, each with another seed; at most 4 (default: ${DEFAULT-VALUE})")
    private int trials = 1;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "2000",
            description = "optimiser steps of a training at most (default: ${DEFAULT-VALUE})")
    private int steps = 2000;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "settings that each job's search tries; 1 trains with the declared ones (default: ${DEFAULT-VALUE})")
    private int candidates = 6;

    @Option(
            names = "--holdout",
            paramLabel = "SHARE",
            description =
                    "newest share of the history that the winner is measured on, up to 0.3; it trains on everything before (default: the stream's, 0.05)")
    private @Nullable Double holdout;

    @Option(names = "--seed", paramLabel = "N", description = "seed of the first trial (default: the stream's)")
    private @Nullable Long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "retrain workers in this process; 0 leaves the jobs to others (default: ${DEFAULT-VALUE})")
    private int workers = 1;

    @Option(names = "--queue-only", description = "put the jobs on the queue and end")
    private boolean queueOnly;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "folder for the report: retrain-RUN.html and retrain-RUN.json (default: here)")
    private Path out = Path.of(".");

    @Option(names = "--json", description = "print each job's report, one JSON object a line")
    private boolean json;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() throws Exception {
        if (workers < 0 || workers > 64) throw wrong("--workers must be in [0, 64], but was " + workers);
        engines.device(); // a wrong one is said before a job is queued
        StreamSpec spec = topology.stream(stream);
        Map<String, NetworkSpec> zoo = Zoo.load(topology.zoo()).specs();
        RetrainRequest request = request(spec, zoo);
        KafkaConnection connection = await(TopicNames::jobs);
        List<RetrainJob> jobs = request.send(connection);
        String run = jobs.get(0).run();
        err().println("run " + run + ": " + jobs.size() + " jobs for "
                + request.networks().size() + " networks");
        err().flush();
        if (queueOnly) return 0;
        List<JobReport> reports;
        boolean stopped;
        try (StopSignal stop = new StopSignal()) {
            reports = wait(connection, spec, zoo, run, jobs.size(), stop);
            stopped = reports.size() < jobs.size();
            if (stopped) sayStopped(run, reports.size(), jobs.size());
        }
        if (stopped) return 1;
        write(run, reports);
        return reports.stream().anyMatch(report -> report.status() == JobReport.Status.FAILED) ? 1 : 0;
    }

    private void sayStopped(String run, int done, int jobs) {
        err().println("tidemark: stopped as asked; run " + run + ": " + done + " of " + jobs + " jobs are done, "
                + (jobs - done) + " stay on the queue for the next retrain worker, such as tidemark run --roles"
                + " retrain");
        err().flush();
    }

    private RetrainRequest request(StreamSpec spec, Map<String, NetworkSpec> zoo) {
        List<String> fitting = RetrainRequest.fitting(zoo, spec);
        for (String name : networks) {
            if (!zoo.containsKey(name))
                throw wrong("--networks names " + name + ", which the zoo lacks; it has "
                        + String.join(", ", zoo.keySet()));
            if (!fitting.contains(name))
                throw wrong("network " + name + " does not fit stream " + spec.name() + "; those that do: "
                        + String.join(", ", fitting));
        }
        long fromMs = from == null ? Long.MIN_VALUE / 2 : time("--from", from);
        long toMs = to == null ? Long.MAX_VALUE / 2 : time("--to", to);
        try {
            return new RetrainRequest(
                    spec.name(),
                    networks.isEmpty() ? fitting : networks,
                    clock().millis(),
                    new Period(fromMs, toMs),
                    trials,
                    new TrainingPlan(
                            seed == null ? spec.learning().seed() : seed,
                            steps,
                            candidates,
                            holdout == null ? spec.retrain().holdout() : holdout));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private long time(String option, String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw wrong(option + " must be a time such as 2026-01-01T00:00:00Z, but was " + text);
        }
    }

    /** The run's reports; fewer than jobs when it was told to stop. */
    private List<JobReport> wait(
            KafkaConnection connection,
            StreamSpec spec,
            Map<String, NetworkSpec> zoo,
            String run,
            int count,
            StopSignal stop)
            throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        Meters meters = new Meters(new SimpleMeterRegistry());
        Map<String, StreamSpec> known = new TreeMap<>(); // the queue is everybody's
        for (StreamSpec declared : topology.streams()) known.put(declared.name(), declared);
        known.put(spec.name(), spec);
        try (Engine engine = workers == 0 ? null : engines.open();
                JobReports reports = new JobReports(connection);
                Progress progress = new Progress(
                        System.err, Terminal.detect(System.getenv()).interactive(), "jobs", count, System::nanoTime)) {
            try {
                for (int w = 0; w < workers && engine != null; w++) {
                    String instance = "retrain-" + ProcessHandle.current().pid() + "-" + w;
                    Thread thread = new Thread(
                            () -> {
                                try (RetrainWorker worker = new RetrainWorker(
                                        new RoleContext(connection, meters, instance, clock()),
                                        known,
                                        zoo,
                                        engine,
                                        JobQueue.open(connection))) {
                                    worker.run(running::get);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } catch (RuntimeException | Error e) {
                                    failure.compareAndSet(null, e);
                                }
                            },
                            instance);
                    thread.start();
                    threads.add(thread);
                }
                return done(reports, run, count, progress, failure, stop);
            } finally {
                // the engine is closed next, and must not be in use then
                running.set(false);
                for (Thread thread : threads) thread.join(JOIN_WITHIN_MS);
            }
        }
    }

    private List<JobReport> done(
            JobReports reports,
            String run,
            int count,
            Progress progress,
            AtomicReference<@Nullable Throwable> failure,
            StopSignal stop) {
        int seen = 0;
        List<JobReport> done = List.of();
        while (done.size() < count && !stop.isAsked()) {
            reports.poll(Duration.ofMillis(300));
            done = reports.of(run);
            for (; seen < done.size(); seen++) say(done.get(seen));
            progress.at(seen);
            Throwable why = failure.get();
            if (why != null) throw new IllegalStateException("a retrain worker stopped: " + why.getMessage(), why);
        }
        return done;
    }

    private void say(JobReport report) {
        if (json) {
            out().println(new String(report.toJson(), StandardCharsets.UTF_8));
        } else {
            Errors test = report.outcome().fit() == null
                    ? null
                    : report.outcome().fit().errors().get("test");
            String figure = test == null
                    ? report.reason()
                    : String.format(
                            Locale.ROOT,
                            "test error %.4f, %.1f CPU s, %s",
                            test.meanAbsolute(),
                            report.work().cpuSeconds(),
                            report.outcome().version());
            out().println(Columns.cut(
                            report.job().name().network() + "#"
                                    + report.job().name().trial(),
                            40) + "  " + report.status()
                    + "  " + figure);
        }
        out().flush();
    }

    private void write(String run, List<JobReport> reports) throws IOException {
        Files.createDirectories(out);
        Path html = out.resolve("retrain-" + run + ".html");
        Files.writeString(html, HtmlReport.of(run, reports));
        StringBuilder lines = new StringBuilder();
        for (JobReport report : reports)
            lines.append(new String(report.toJson(), StandardCharsets.UTF_8)).append('\n');
        Files.writeString(out.resolve("retrain-" + run + ".json"), lines);
        err().println("report: " + html);
        err().flush();
    }
}
