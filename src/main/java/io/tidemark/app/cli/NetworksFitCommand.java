package io.tidemark.app.cli;

import io.tidemark.app.console.Terminal;
import io.tidemark.config.StreamSpec;
import io.tidemark.image.detect.ImageTeaching;
import io.tidemark.learn.fit.Augmentation;
import io.tidemark.learn.fit.AugmentedExamples;
import io.tidemark.learn.fit.Baseline;
import io.tidemark.learn.fit.Beginning;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.Evaluation;
import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.learn.fit.FitResult;
import io.tidemark.learn.fit.FitSettings;
import io.tidemark.learn.fit.NoisyExamples;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.StoppedException;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark networks fit}: trains a network of the zoo on files. */
@Command(
        name = "fit",
        header = "Trains a network of the zoo on files and rates it on data that it has not seen.",
        description = {
            "Trains a network of the zoo on a folder of CSV files (each a series) or on IDX images, and says how it does on data",
            "that it has not seen, beside simple rules: principal components of the same code size, or the last value.",
            "Parts are cut by time: the first rows train, then come validation and test. Values are scaled by mean and standard",
            "deviation of the rows that train. Writes NAME.safetensors, report.json and curves.svg; of a network that begins with",
            "graph-attention also neighbours.csv: the features that each has learnt to look at.",
            "With --from it begins with what a trained network has learnt, of a stream with other features too: the layers must be",
            "the same ones, and the first and the last with weights begin anew where their widths differ. What the encoder takes",
            "over stays as it is at first (--freeze), while the new layers around it settle."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark networks fit image-dense-ae --data mnist --epochs 15",
            "  tidemark networks fit lstm-forecaster --data smd/train --test smd/test --each --smooth 10 --labels smd/test_label",
            "  tidemark networks fit dense-ae --data machine.csv --limit 5m --out fitted",
            "  tidemark networks fit lstm-forecaster --data new.csv --from fitted/lstm-forecaster:encoder --freeze 0.2"
        })
final class NetworksFitCommand extends CliCommand {
    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Parameters(paramLabel = "NAME", description = "a network of the zoo; see tidemark networks list")
    private String name = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR|FILE",
            description = "CSV files (plain or gzip), or IDX images: a file, or a folder with train*idx3-ubyte")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = "--test",
            paramLabel = "DIR|FILE",
            description =
                    "files to test on (default: the last --test-share of the data; t10k*idx3-ubyte of a folder of images)")
    private @Nullable Path test;

    @Option(
            names = "--stream",
            paramLabel = "NAME|FILE",
            description = "a stream whose columns, floor and clip are used (default: every column of numbers)")
    private @Nullable String stream;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder for the weights, the report and the plot (default: fitted/NAME)")
    private @Nullable Path out;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "passes over the training part (default: 20; with --limit as many as fit)")
    private @Nullable Integer epochs;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            description = "processor time at most, such as 5m; the schedule is stretched to it")
    private @Nullable Duration limit;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "stop after so many epochs without progress; 0: never (default: the network's own)")
    private @Nullable Integer patience;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "learning rate in place of the network's own; in (0, 1]")
    private @Nullable Double learningRate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of initial weights, shuffling, augmentation and test noise (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Mixin
    private TransferOptions transfer = new TransferOptions();

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "share of what trains that chooses the best epoch (default: ${DEFAULT-VALUE})")
    private double validation = 0.1;

    @Option(
            names = "--test-share",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "share of the data that tests, where no files do (default: ${DEFAULT-VALUE})")
    private double testShare = 0.1;

    @Option(
            names = "--noise",
            paramLabel = "SD",
            description = "test once more with Gaussian noise on the images, clipped to [0, 1], against the clean ones")
    private @Nullable Double noise;

    @Option(names = "--each", description = "fit one network for each series instead of one for all")
    private boolean each;

    @Option(
            names = "--scores",
            paramLabel = "DIR",
            description = "folder for the error of each test row, one CSV file for each series: row, error, score")
    private @Nullable Path scores;

    @Option(
            names = "--smooth",
            paramLabel = "ROWS",
            defaultValue = "1",
            description =
                    "span of an exponentially weighted mean that makes the score of the errors; 1 is none (default: ${DEFAULT-VALUE})")
    private int smooth = 1;

    @Option(
            names = "--labels",
            paramLabel = "DIR",
            description = "text files with 0 or 1 for each test row: print AP, AUC-ROC and best F1 of the score")
    private @Nullable Path labels;

    @Option(names = "--json", description = "print the reports, then the rankings, one JSON object a line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        NetworkSpec network = topology.network(name).spec();
        boolean images = network.input() == NetworkSpec.Input.IMAGE;
        if (images && (each || scores != null || labels != null))
            throw wrong("--each, --scores and --labels are for series");
        if (!images && noise != null) throw wrong("--noise is for images, whose values lie in [0, 1]");
        if (smooth < 1 || smooth > 100_000) throw wrong("--smooth must be in [1, 100000], but was " + smooth);
        checkShare("--validation", validation);
        checkShare("--test-share", testShare);
        Optional<TrainedNetwork> trained =
                transfer.read(other -> topology.network(other).spec());
        Optional<StreamSpec> declared = Optional.ofNullable(stream).map(topology::stream);
        FitSettings settings = settings();
        FitData.Cut cut = new FitData.Cut(
                validation,
                testShare,
                declared.map(s -> s.scaling().floor()).orElse(1e-6),
                declared.map(s -> s.scaling().clip()).orElse(10.0));
        List<FitData.Job> jobs = FitData.jobs(
                network, data, Optional.ofNullable(test), declared, cut, each, sentence -> err().println(sentence));
        Optional<TransferOptions.Plan> plan =
                trained.map(source -> transfer.plan(source, jobs.get(0).network()));
        RankingTable rankings = new RankingTable();
        try (Engine opened = engines.open()) {
            List<String> lacks = opened.unsupported(jobs.get(0).network());
            if (!lacks.isEmpty()) {
                throw new EngineException("engine " + opened.info().name() + " cannot run network " + name + ": "
                        + String.join("; ", lacks) + "; choose another with --engine");
            }
            for (int i = 0; i < jobs.size(); i++) run(opened, jobs, i, settings, plan, rankings);
        }
        if (labels != null) rankings.print(out(), json);
        out().flush();
        return 0;
    }

    private FitSettings settings() {
        try {
            int passes = epochs != null ? epochs : limit != null ? FitSettings.EPOCHS_MAX : 20;
            FitSettings settings = FitSettings.epochs(passes, seed);
            if (limit != null) settings = settings.withCpu(limit);
            if (patience != null) settings = settings.withPatience(patience);
            return learningRate == null ? settings : settings.withLearningRate(learningRate);
        } catch (IllegalArgumentException e) {
            throw wrong("--" + e.getMessage());
        }
    }

    private void checkShare(String option, double share) {
        if (!(share >= 0 && share <= 0.9)) throw wrong(option + " must be in [0, 0.9], but was " + share);
    }

    private void run(
            Engine opened,
            List<FitData.Job> jobs,
            int index,
            FitSettings settings,
            Optional<TransferOptions.Plan> plan,
            RankingTable rankings)
            throws IOException {
        FitData.Job job = jobs.get(index);
        FitProgress progress = progress(job);
        try {
            run(opened, job, settings, plan, rankings, progress);
        } catch (StoppedException e) {
            progress.done();
            String written = jobs.size() == 1 ? "nothing" : index + " of " + jobs.size() + " networks";
            throw new StoppedException(progress.reached() + ", and " + written + " written", e);
        }
    }

    private static FitProgress progress(FitData.Job job) {
        return new FitProgress(System.err, Terminal.detect(System.getenv()).interactive(), job.label());
    }

    private void run(
            Engine opened,
            FitData.Job job,
            FitSettings settings,
            Optional<TransferOptions.Plan> plan,
            RankingTable rankings,
            FitProgress progress)
            throws IOException {
        ExampleSet.Parts parts = job.parts();
        FitResult result = fitted(opened, job, new Fit(opened, settings, drawn(job), progress), plan);
        progress.done();
        FitReport report = result.report();
        try (Evaluation evaluation = new Evaluation(opened, job.network())) {
            report = tested(report, evaluation, result.best(), job);
            if (scores != null || labels != null) score(evaluation, result.best(), parts.test(), rankings);
        }
        Path folder = out == null ? Path.of("fitted", name) : out;
        FitOutput.write(folder.resolve(job.label()), result.best(), report);
        List<LearntNeighbours.Edge> edges = LearntNeighbours.of(job.network(), result.best(), job.columns());
        if (!edges.isEmpty()) LearntNeighbours.write(folder.resolve(job.label()).resolve("neighbours.csv"), edges);
        PrintWriter print = out();
        if (json) print.println(FitOutput.json(report, job.label()));
        else FitOutput.print(print, report, job.label(), folder.resolve(job.label()));
        print.flush();
    }

    private FitResult fitted(Engine opened, FitData.Job job, Fit fit, Optional<TransferOptions.Plan> plan) {
        ExampleSet.Parts parts = job.parts();
        Network network = job.network();
        if (plan.isEmpty()) return fit.run(network, parts.train(), parts.validation());
        Beginning beginning = plan.get().beginning(opened.initialState(network, seed));
        FitResult result = fit.run(network, beginning, parts.train(), parts.validation());
        return result.with(result.report().withOrigin(plan.get().origin()));
    }

    private static Augmentation drawn(FitData.Job job) {
        return ImageTeaching.augmentation(job.network(), job.parts().train());
    }

    /** The report with the errors on the test part, beside those of a simple rule. */
    private FitReport tested(FitReport report, Evaluation evaluation, NetworkState best, FitData.Job job) {
        Map<String, ExampleSet> tests = new LinkedHashMap<>();
        ExampleSet test = job.parts().test();
        boolean segments = job.network().spec().kind() == NetworkSpec.Kind.SEGMENTER;
        if (segments) tests.put("test, drawn defects", new AugmentedExamples(test, drawn(job), seed));
        else tests.put("test", test);
        if (noise != null) tests.put("test, noise " + noise, new NoisyExamples(test, noise, seed));
        Optional<Baseline> baseline = Baseline.of(job.network(), job.parts().train());
        FitReport more = report;
        for (Map.Entry<String, ExampleSet> part : tests.entrySet()) {
            more = more.withErrors(part.getKey(), evaluation.errors(best, part.getValue()));
            if (baseline.isEmpty()) continue;
            Errors simple = baseline.get().errors().apply(part.getValue());
            more = more.withReference(part.getKey(), baseline.get().name(), simple);
        }
        return more;
    }

    private void score(Evaluation evaluation, NetworkState best, ExampleSet test, RankingTable rankings)
            throws IOException {
        Map<String, double[]> errors = RowErrors.bySeries(test, evaluation.rowErrors(best, test));
        for (Map.Entry<String, double[]> series : errors.entrySet()) {
            double[] smoothed = RowErrors.smoothed(series.getValue(), smooth);
            if (scores != null) {
                RowErrors.write(scores.resolve(series.getKey() + ".csv"), series.getValue(), smoothed);
            }
            if (labels != null) rankings.add(labels, series.getKey(), smoothed);
        }
    }
}
