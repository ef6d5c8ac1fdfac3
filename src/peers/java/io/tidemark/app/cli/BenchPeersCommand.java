package io.tidemark.app.cli;

import com.sun.management.OperatingSystemMXBean;
import io.tidemark.app.backtest.Backtest;
import io.tidemark.app.backtest.FileText;
import io.tidemark.app.backtest.Truth;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.table.Cells;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench peers}, which the profile of the same name adds: it is no part of the product, nor are the peers. */
@Command(
        name = "peers",
        description = {
            "Judges the same files by Tidemark and by Amazon's random cut forest, in this JVM: what alerts found, and what a row costs.",
            "Both run with their defaults: Tidemark as a stream file that names the features alone, without a network;",
            "the forest as OpenSearch sets it up (shingle of 8)."
        },
        footer = {
            "",
            "A row's cost is processor time of the process, reading and writing the files included, of the second of two passes.",
            "",
            "Example:",
            "  mvn -q -Ppeers test-compile exec:exec@peers -Dpeers.data=pager -Dpeers.labels=pager/faults.json -Dpeers.out=out"
        })
final class BenchPeersCommand extends CliCommand {
    private static final String TIME = "timestamp";
    private static final String OWN = "tidemark";
    private static final String FOREST = "random-cut-forest";
    private static final InputSpec.Csv CSV = new InputSpec.Csv(List.of(), true, ',');

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description =
                    "folder of folders of .csv or .csv.gz files: a time stamp first, then features, as many in each file of a folder")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(names = "--labels", required = true, paramLabel = "PATH", description = "as of tidemark rate")
    @SuppressWarnings("NullAway.Init")
    private Path labels;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for outcomes, one below it for each detector")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    /** Adds the command to {@code tidemark bench} and runs it. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.Category.FORMAT, Locale.US);
        var line = Tidemark.commandLine();
        Objects.requireNonNull(line.getSubcommands().get("bench")).addSubcommand(new BenchPeersCommand());
        System.exit(line.execute(
                Stream.concat(Stream.of("bench", "peers"), Stream.of(arguments)).toArray(String[]::new)));
    }

    /** A detector over every file of a folder. */
    private interface Detector {
        /** @return rows judged */
        long judge(Path folder, Path into) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        Truth truth = Truth.read(labels, "label");
        List<Path> folders = folders();
        if (folders.isEmpty()) throw wrong(data + " has no folder of .csv files");
        JudgementTable table = new JudgementTable(truth, series(folders));
        out().printf("%-20s %12s %14s%n", "detector", "rows", "us of a row");
        try (Engine engine = engines.open()) {
            cost(OWN, folders, (folder, into) -> own(folder, into, engine));
        }
        cost(FOREST, folders, BenchPeersCommand::forest);
        table.add(OWN, out.resolve(OWN));
        table.add(FOREST, out.resolve(FOREST));
        table.print(out(), false);
        out().flush();
        return 0;
    }

    private void cost(String name, List<Path> folders, Detector detector) throws IOException {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long rows = 0;
        long used = 0;
        for (int pass = 0; pass < 2; pass++) {
            rows = 0;
            long before = process.getProcessCpuTime();
            for (Path folder : folders) {
                Path into = out.resolve(name).resolve(data.relativize(folder).toString());
                rows += detector.judge(folder, Files.createDirectories(into));
                say(name + ": " + data.relativize(folder) + ", pass " + (pass + 1) + " of 2");
            }
            used = process.getProcessCpuTime() - before;
        }
        out().printf("%-20s %,12d %14.1f%n", name, rows, used / 1e3 / Math.max(1, rows));
        out().flush();
    }

    private long own(Path folder, Path into, Engine engine) throws IOException {
        Path file = Files.writeString(out.resolve("peers-" + data.relativize(folder) + ".yaml"), """
                stream: peers
                input:
                  topic: peers
                  format: json
                  time: %s
                  features: [%s]
                step: event
                networks: []
                """.formatted(
                        TIME, String.join(", ", features(folder))));
        StreamSpec stream = StreamFile.read(file);
        Zoo zoo = Zoo.load(topology.zoo());
        Backtest.Settings settings = new Backtest.Settings(stream, zoo, Optional.empty(), List.of(), true, false, 1);
        return new Backtest(settings, engine)
                .run(folder, into, false, done -> {}).stream()
                        .mapToLong(Backtest.FileResult::rows)
                        .sum();
    }

    private static long forest(Path folder, Path into) throws IOException {
        long rows = 0;
        for (Path file : files(folder)) rows += CutForest.judge(file, into.resolve(name(file) + ".csv"));
        return rows;
    }

    private static List<String> features(Path folder) throws IOException {
        try (Reader text = FileText.open(files(folder).get(0), StandardCharsets.UTF_8);
                Cells cells = new Cells(text, CSV)) {
            List<String> header = cells.next();
            if (header == null || !header.get(0).equals(TIME)) {
                throw new IOException(files(folder).get(0) + " does not begin with a column " + TIME);
            }
            return new ArrayList<>(header.subList(1, header.size()));
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(data)) {
            List<Path> found = new ArrayList<>();
            for (Path folder : (Iterable<Path>) all.filter(Files::isDirectory).sorted()::iterator) {
                if (!files(folder).isEmpty()) found.add(folder);
            }
            return found;
        }
    }

    private List<String> series(List<Path> folders) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (Path folder : folders) {
            for (Path file : files(folder)) names.add(data.relativize(folder) + "/" + name(file));
        }
        return List.copyOf(names);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.csv(\\.gz)?"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.csv(\\.gz)?$", "");
    }
}
