package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.backtest.Backtest;
import io.tidemark.app.backtest.RowOutcomes;
import io.tidemark.app.backtest.Truth;
import io.tidemark.app.console.Progress;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelFiles;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.retrain.RetrainRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark backtest}: the same flow over files. */
@Command(
        name = "backtest",
        description = {
            "Runs a stream over CSV files without Kafka, through the same classes, and writes one score for each row.",
            "Each file is a series, unless a column names the series of each row. The same files, settings and seed give the same bytes."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark backtest --stream topology/examples/nab.yaml --data nab/data --out out --fresh",
            "  tidemark backtest --stream topology/examples/smd.yaml --data smd/test --train smd/train --labels smd/test_label --out out",
            "  tidemark backtest --stream smd --networks all --members --data smd/test --train smd/train --labels smd/test_label --out out"
        })
final class BacktestCommand extends CliCommand {
    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(names = "--stream", required = true, paramLabel = "FILE", description = "the stream's file, or its name")
    private String stream = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "folder of .csv, .tsv, .txt, .ndjson or .json files, plain, .gz or .zst, or one file")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for the results: one CSV file for each file of --data")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--train",
            paramLabel = "DIR",
            description =
                    "folder of training files: each teaches a model for the file of the same name, before that is scored")
    private @Nullable Path train;

    @Option(
            names = "--labels",
            paramLabel = "PATH",
            description = {
                "folder with 0 or 1 for each row (.txt or .csv, plain or gzip), or a JSON file of windows (NAB) or faults:",
                "prints what alerts found, and how scores rank the rows"
            })
    private @Nullable Path labels;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            defaultValue = "label",
            description = "column of the labels in files that have a header (default: ${DEFAULT-VALUE})")
    private String labelColumn = "label";

    @Option(
            names = "--control",
            description = "also run the stream without networks, into OUT/control; with --labels print it beside")
    private boolean control;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "score with this exported model, frozen; may be repeated")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--fresh",
            description =
                    "start untrained networks for each file, which learn as rows come (the default without --model and --train)")
    private boolean fresh;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "seed of initial weights and batch draws (default: the stream's)")
    private @Nullable Long seed;

    @Option(
            names = "--score",
            paramLabel = "KIND",
            defaultValue = "alert",
            description =
                    "what the column anomaly_score holds: alert, which NAB's scorer wants, or continuous, by which tables rank")
    private Kind score = Kind.ALERT;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "files at a time (default: one for each processor)")
    private int threads;

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "NAMES",
            description = "networks in place of the stream's, with commas between; all: every one of the zoo that fits")
    private List<String> networks = new ArrayList<>();

    @Option(
            names = "--members",
            description =
                    "also judge each network by itself, into OUT/members/NETWORK; with --labels print a table of them all")
    private boolean members;

    @Mixin
    private JsonOption json = new JsonOption();

    /** What {@code anomaly_score} holds. */
    enum Kind {
        ALERT,
        CONTINUOUS
    }

    @Override
    public Integer call() throws IOException {
        if (fresh && (!models.isEmpty() || train != null)) {
            throw wrong("--fresh starts untrained networks; leave it out with --model or --train");
        }
        StreamSpec declared = stream.endsWith(".yaml") ? StreamFile.read(Path.of(stream)) : topology.stream(stream);
        Zoo zoo = Zoo.load(topology.zoo());
        StreamSpec used = watched(seed == null ? declared : declared.withSeed(seed), zoo);
        List<Model> frozen = new ArrayList<>();
        for (Path model : models) frozen.add(ModelFiles.read(model));
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Truth truth = labels == null ? null : Truth.read(labels, labelColumn);
        try (Engine opened = engines.open()) {
            Backtest backtest = new Backtest(
                    new Backtest.Settings(used, zoo, Optional.ofNullable(train), frozen, true, members, count), opened);
            List<Backtest.FileResult> results = run(backtest, "rows", out);
            if (control) {
                Backtest bare = new Backtest(
                        new Backtest.Settings(
                                used.withNetworks(List.of()),
                                zoo,
                                Optional.ofNullable(train),
                                List.of(),
                                true,
                                false,
                                count),
                        opened);
                run(bare, "rows without networks", out.resolve(RateCommand.CONTROL));
            }
            report(results, truth);
            return unjudged(results) ? 1 : 0;
        }
    }

    /** Says which files nothing was judged of, or a feature was never read of; whether that is so of all, or of one of them. */
    private boolean unjudged(List<Backtest.FileResult> results) {
        boolean any = results.stream().anyMatch(result -> count(result, ScoreStatus.SCORED) > 0);
        boolean failed = !any;
        PrintWriter err = err();
        for (Backtest.FileResult result : results) {
            RowOutcomes.BadValues bad = result.unread().badValues();
            for (String feature : bad.unread()) {
                failed = true;
                err.println("tidemark: no value of feature " + feature + " in " + result.path() + " is a number"
                        + (bad.outside() > 0 ? " in its valid-range; " : "; ") + bad.detail());
            }
            long steps = count(result, ScoreStatus.SCORED) + count(result, ScoreStatus.WARMING_UP);
            if (steps > 0) continue;
            failed = true;
            err.println("tidemark: no row of " + result.path() + " could be judged"
                    + (result.rows() == 0 ? "; it has none" : ""));
        }
        failed |= misnamed(results, err);
        if (!any) err.println("tidemark: nothing was judged; a series needs some 60 steps for its first score");
        err.flush();
        return failed;
    }

    /** Says which features have a field that no row of any file has. */
    private static boolean misnamed(List<Backtest.FileResult> results, PrintWriter err) {
        Set<String> absent =
                new LinkedHashSet<>(results.get(0).unread().badValues().absent());
        for (Backtest.FileResult result : results)
            absent.retainAll(result.unread().badValues().absent());
        for (String feature : absent) {
            err.println("tidemark: no row has the field or the name of feature " + feature + ", the rows of "
                    + results.get(0).path() + " among them; is it spelt as in the rows? see input.features");
        }
        return !absent.isEmpty();
    }

    private static long count(Backtest.FileResult result, ScoreStatus status) {
        return result.statuses().getOrDefault(status, 0L);
    }

    private StreamSpec watched(StreamSpec declared, Zoo zoo) {
        if (networks.isEmpty()) return declared;
        if (!networks.equals(List.of("all"))) return declared.withNetworks(networks);
        List<String> fitting = RetrainRequest.fitting(zoo.specs(), declared);
        if (fitting.size() <= CalibrationSpec.NETWORKS_MAX) return declared.withNetworks(fitting);
        err().println("a verdict hears " + CalibrationSpec.NETWORKS_MAX + " networks; left out: "
                + String.join(", ", fitting.subList(CalibrationSpec.NETWORKS_MAX, fitting.size()))
                + "; name them with --networks");
        return declared.withNetworks(fitting.subList(0, CalibrationSpec.NETWORKS_MAX));
    }

    private List<Backtest.FileResult> run(Backtest backtest, String what, Path into) throws IOException {
        try (Progress progress =
                new Progress(System.err, System.console() != null, what, backtest.rows(data), System::nanoTime)) {
            return backtest.run(data, into, score == Kind.CONTINUOUS, done -> show(progress, done));
        }
    }

    private static synchronized void show(Progress progress, long done) {
        progress.at(done);
    }

    private void report(List<Backtest.FileResult> results, @Nullable Truth truth) throws IOException {
        PrintWriter print = out();
        Map<String, Long> statuses = new TreeMap<>();
        long rows = 0;
        long alerts = 0;
        for (Backtest.FileResult result : results) {
            rows += result.rows();
            alerts += result.alerts();
            result.statuses().forEach((status, n) -> statuses.merge(status.label(), n, Long::sum));
        }
        if (json.isGiven()) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("files", results.size()).put("rows", rows).put("alerts", alerts);
            ObjectNode by = node.putObject("statuses");
            for (ScoreStatus status : ScoreStatus.values())
                by.put(status.label(), statuses.getOrDefault(status.label(), 0L));
            long passed = results.stream()
                    .mapToLong(result -> result.unread().passedOver())
                    .sum();
            if (passed > 0) by.put(RowOutcomes.PASSED_OVER, passed);
            RejectedRows.json(results, node.putArray("rejections"));
            RejectedRows.badJson(results, node.putArray("bad_values"));
            print.println(node);
        } else {
            print.printf(Locale.ROOT, "%d files, %d rows, %d alerts; %s%n", results.size(), rows, alerts, statuses);
            RejectedRows.print(results, print);
        }
        if (truth != null) rate(results, truth, print);
        print.flush();
    }

    private void rate(List<Backtest.FileResult> results, Truth truth, PrintWriter print) throws IOException {
        JudgementTable judged = new JudgementTable(
                truth, results.stream().map(Backtest.FileResult::series).toList());
        RankingTable table = new RankingTable();
        for (Backtest.FileResult result : results) {
            boolean[] rows = truth.labels(result.series(), out);
            table.add(result.series(), result.scores(), rows);
        }
        table.print(print, json.isGiven());
        judged.add("the stream", out);
        if (control) judged.add("without networks", out.resolve(RateCommand.CONTROL));
        judged.print(print, json.isGiven());
        if (!members) return;
        MemberTable all = new MemberTable();
        for (Backtest.FileResult result : results) {
            boolean[] rows = truth.labels(result.series(), out);
            all.add(MemberTable.ALL, result.scores(), rows);
            result.members().forEach((network, own) -> all.add(network, own, rows));
        }
        all.print(print, json.isGiven());
    }
}
