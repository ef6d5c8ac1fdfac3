package io.tidemark.app.cli;

import io.tidemark.app.backtest.Backtest;
import io.tidemark.app.backtest.Truth;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark rate}: what a backtest wrote, held against labels. */
@Command(
        name = "rate",
        header = "Compares what backtest wrote with labels.",
        description = {
            "Compares what backtest wrote with labels, beside uniform random numbers: what alerts found, how many were false,",
            "how scores rank labelled rows, and how honest tail probabilities are. It runs nothing anew."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark rate --labels nab/labels/combined_windows.json out",
            "  tidemark rate --labels pager/faults.json out --compare out/control"
        })
final class RateCommand extends CliCommand {
    /** Below the output folder of a backtest: the same stream without networks. */
    static final String CONTROL = "control";

    @Parameters(paramLabel = "OUT", description = "folder that backtest --out wrote")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--labels",
            required = true,
            paramLabel = "PATH",
            description = "folder of row labels, or a JSON file of windows (NAB) or faults")
    @SuppressWarnings("NullAway.Init")
    private Path labels;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            defaultValue = "label",
            description = "column of the labels in files that have a header (default: ${DEFAULT-VALUE})")
    private String column = "label";

    @Option(
            names = "--compare",
            paramLabel = "OTHER",
            description = "another such folder: print the differences with bootstrap intervals over series")
    private @Nullable Path other;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of the bootstrap (default: ${DEFAULT-VALUE})")
    private long seed;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() throws IOException {
        List<String> series = series(out);
        if (series.isEmpty()) throw new IOException(out + " holds no .csv files; backtest --out writes them");
        JudgementTable table = new JudgementTable(Truth.read(labels, column), series);
        PrintWriter print = out();
        table.add(out.toString(), out);
        if (other != null) table.add(other.toString(), other);
        table.print(print, json.isGiven());
        if (other != null) table.printDifference(print, json.isGiven(), out.toString(), other.toString(), seed);
        print.flush();
        return 0;
    }

    /** The series whose outcomes lie in a folder, without those of single networks and of the control. */
    private static List<String> series(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .filter(file -> !file.startsWith(Backtest.MEMBERS) && !file.startsWith(CONTROL))
                    .map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".csv"))
                    .map(file -> file.substring(0, file.length() - ".csv".length()))
                    .sorted()
                    .toList();
        }
    }
}
