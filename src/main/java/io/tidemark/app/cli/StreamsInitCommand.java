package io.tidemark.app.cli;

import io.tidemark.app.backtest.FileText;
import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.StreamText;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.series.event.StreamProposal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark streams init}: a first stream file. */
@Command(
        name = "init",
        header = "Writes a first file for a stream, from its records where there are some.",
        description =
                "Writes a first file for a stream, with a comment on every setting that most streams change. It looks at a file of"
                        + " records (--file) or at the newest records of the topic, where a broker is named (--bootstrap, --config or"
                        + " TIDEMARK_BOOTSTRAP), and proposes format, arrays of"
                        + " events, time, series, features and step, each with its reason.",
        footer = {
            "",
            "Examples:",
            "  tidemark streams init pumps --topic plant.pumps",
            "  tidemark streams init pumps --topic plant.pumps --file pumps.csv",
            "  tidemark streams init pumps --topic plant.pumps --bootstrap localhost:9092"
        })
final class StreamsInitCommand extends KafkaCommand {
    private static final Duration READ_WITHIN = Duration.ofSeconds(10);

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Parameters(paramLabel = "NAME", description = "the stream's name: lower-case letters, digits and dashes")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic with its events (default: NAME)")
    private @Nullable String topic;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "a file of records to look at, one a line: JSON, CSV with or without a header, or lines of Influx; plain, .gz or .zst")
    private @Nullable Path file;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "file to write (default: NAME.yaml in streams/ of the topology); an existing file is left alone")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Map<String, String> values = new HashMap<>();
        Map<String, String> why = new HashMap<>();
        boolean asks = file == null && namesBroker();
        if (file != null) {
            propose(lines(file, values, why), file.toString(), values, why);
        } else if (asks) {
            String read = topic == null ? name : topic;
            NewestRecords.Sample sample = NewestRecords.of(await(), read, StreamProposal.RECORDS_MAX, READ_WITHIN);
            propose(sample.texts(), "topic " + read, values, why);
            warnOfKeys(read, sample);
        }
        values.put("stream", name);
        values.put("input.topic", topic == null ? name : topic);
        values.put("networks", "[dense-ae]");
        write(values, why);
        if (file == null && !asks) {
            err().println(
                            "No record was looked at, so features is a guess: edit it, or name a broker (--bootstrap) or a file of"
                                    + " records (--file).");
        }
        return 0;
    }

    private void propose(List<String> records, String from, Map<String, String> values, Map<String, String> why) {
        StreamProposal proposal = StreamProposal.of(records)
                .orElseThrow(() -> wrong("the " + records.size() + " records of " + from
                        + " are too little to go by: it takes two or more, all JSON, all CSV or all lines of Influx, with a"
                        + " number in them; leave the option out and fill the file in by hand"
                        + (isText(records)
                                ? ""
                                : ": they are not text, so format is avro, protobuf, otlp, prometheus or image")));
        values.putAll(proposal.values());
        why.putAll(proposal.why());
    }

    /** Where a series' events lie in several partitions, they are read in any order, and old ones may come too late. */
    private void warnOfKeys(String read, NewestRecords.Sample sample) {
        if (sample.partitions() == 1 || sample.keyless() == 0) return;
        err().println(sample.keyless() + " of the " + sample.texts().size() + " newest records of " + read
                + " have no key, and it has " + sample.partitions() + " partitions: events of a series may be read out"
                + " of order, and late ones have no score. Let producers use the series as the key, or declare"
                + " lateness.");
    }

    /** Whether no byte was none of UTF-8. */
    private static boolean isText(List<String> records) {
        return records.stream().noneMatch(text -> text.indexOf('\uFFFD') >= 0 || text.indexOf('\0') >= 0);
    }

    private static List<String> lines(Path path, Charset encoding) throws IOException {
        try (BufferedReader reader = FileText.open(path, encoding)) {
            return reader.lines().limit(StreamProposal.RECORDS_MAX).toList();
        }
    }

    private List<String> lines(Path path, Map<String, String> values, Map<String, String> why) throws IOException {
        try {
            Charset encoding = FileText.encoding(path, StreamProposal.RECORDS_MAX);
            if (!encoding.equals(StandardCharsets.UTF_8)) {
                values.put("input.csv.encoding", encoding.name());
                why.put(
                        "input.csv.encoding",
                        "The file is not in UTF-8; look whether letters beyond English are right.");
            }
            List<String> lines = lines(path, encoding);
            if (!lines.isEmpty() && FileText.isSpread(lines.get(0))) throw wrong("--file " + path + FileText.SPREAD);
            return lines;
        } catch (NoSuchFileException | UncheckedIOException e) {
            throw wrong("--file " + path + " cannot be read: " + e);
        }
    }

    /** Writes the file once it is known to be valid. */
    private void write(Map<String, String> values, Map<String, String> why) throws IOException {
        String text;
        try {
            text = StreamText.start(values, why);
        } catch (InvalidConfigException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        Path target = out != null ? out : topology.streamsFolder().resolve(name + ".yaml");
        if (out == null) Files.createDirectories(topology.streamsFolder());
        try {
            Files.write(target, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw wrong(target + " exists; remove it, or name another file with --out");
        }
        out().println("wrote " + target + "; next: tidemark streams check " + target);
    }
}
