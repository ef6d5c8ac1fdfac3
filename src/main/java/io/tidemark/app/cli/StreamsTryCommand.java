package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.app.node.StreamTrial;
import io.tidemark.config.StreamSpec;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark streams try}: what would become of the newest records of a topic. */
@Command(
        name = "try",
        description = {
            "Reads the newest records of a stream's topic as the stream would, and prints what would become of each.",
            "Nothing is created, written or committed."
        },
        footer = {"", "Example:", "  tidemark streams try pumps --last 100 --bootstrap localhost:9092"})
final class StreamsTryCommand extends KafkaCommand {
    private static final Duration QUIET = Duration.ofSeconds(10);

    @Parameters(paramLabel = "NAME|FILE", description = "the stream, by its name or its file")
    private String stream = "";

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "records, the newest of all partitions; in [1, 10000] (default: ${DEFAULT-VALUE})")
    private int last = 20;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() {
        if (last < 1 || last > 10_000) {
            throw wrong("--last must be in [1, 10000], but was " + last);
        }
        StreamSpec declared = topology.stream(stream);
        if (declared.input().image().isPresent()) {
            throw wrong("stream " + declared.name() + " is of images; try is for rows of values");
        }
        PrintWriter out = out();
        Columns columns = new Columns(
                Columns.text("record", 14),
                Columns.text("outcome", 16),
                Columns.name("series", 28),
                Columns.text("time", 24),
                Columns.text("values, or why not", 20));
        out.println(columns.header());
        StreamTrial trial = new StreamTrial(declared, clock());
        int records = trial.read(await(), last, QUIET, row -> out.println(columns.line(cells(row))));
        String range = trial.outsideValues() > 0 ? " in their valid-range" : "";
        String bad = trial.badValues() == 0
                ? ""
                : "; " + trial.badValues() + " values are not numbers" + range + " and would be missing";
        out.println(records + " records of " + declared.input().topic() + ": " + trial.outcomes() + bad);
        out.flush();
        return trial.outcomes().containsKey("event") ? 0 : 1;
    }

    private static List<String> cells(StreamTrial.Row row) {
        String time =
                row.timeMs() == 0 ? "-" : Instant.ofEpochMilli(row.timeMs()).toString();
        return List.of(row.partition() + "/" + row.offset(), row.outcome(), row.series(), time, row.detail());
    }
}
