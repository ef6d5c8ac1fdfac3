package io.tidemark.app.cli;

import io.tidemark.app.backtest.FileEvents;
import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.app.console.Progress;
import io.tidemark.app.console.Terminal;
import io.tidemark.app.replay.EventTimePace;
import io.tidemark.app.replay.FrameFiles;
import io.tidemark.app.replay.FrameReplay;
import io.tidemark.app.replay.Pace;
import io.tidemark.app.replay.Replay;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark replay}: files through Kafka, as if they happened now. */
@Command(
        name = "replay",
        header = "Sends files into a stream's input topic.",
        description =
                "Sends files into a stream's input topic. Each file (.csv, .tsv, .txt, .ndjson, .json, plain, .gz or .zst) is one series unless its rows name theirs, named by its path below"
                        + " PATH without its endings. For a stream of images each image file is a frame.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark replay nab/data/realKnownCause --stream nab --create 4",
            "  tidemark replay machine-1.txt.gz --stream smd --speed 600x",
            "  tidemark replay magnetic-tile --stream tile-line --match '*.jpg' --times 3 --create 4"
        })
final class ReplayCommand extends KafkaCommand {
    private static final Duration TOPIC_WITHIN = Duration.ofSeconds(60);
    private static final long BUFFER_BYTES = 64 << 20;
    private static final String BLOCK_MS_MAX = "120000";

    @Parameters(paramLabel = "PATH", description = "a file, or a folder of files")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Path path;

    @Option(
            names = "--stream",
            required = true,
            paramLabel = "NAME|FILE",
            description = "the stream, by its name in topology/streams or by its file")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String stream;

    @Option(names = "--sequence", description = "send one file after another (default: a row of each file in turn)")
    private boolean sequence;

    @Option(
            names = "--speed",
            paramLabel = "max|10x",
            defaultValue = "max",
            description =
                    "how many times faster than it happened, each series from its own first event (default: ${DEFAULT-VALUE})")
    private String speed = "max";

    @Option(
            names = "--create",
            paramLabel = "PARTITIONS",
            description = "create the input topic with so many partitions where it is absent")
    private int partitions;

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "1",
            description = "images: how often each file is sent")
    private int times = 1;

    @Option(
            names = "--match",
            paramLabel = "GLOB",
            defaultValue = FrameFiles.IMAGES,
            description = "images: which file names are sent (default: ${DEFAULT-VALUE})")
    private String match = FrameFiles.IMAGES;

    @Option(
            names = "--series",
            paramLabel = "folder|file|NAME",
            defaultValue = FrameFiles.BY_FOLDER,
            description =
                    "images: the series of a frame: its folder, its file, or this one (default: ${DEFAULT-VALUE})")
    private String series = FrameFiles.BY_FOLDER;

    @Option(
            names = "--claim-check",
            description = "images: name the files and their SHA-256 in records instead of sending their bytes")
    private boolean claimCheck;

    private long broken;
    private String firstBroken = "";

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() throws IOException {
        StreamSpec spec = topology.stream(stream);
        if (spec.input().image().isPresent()) return frames(spec);
        if (times != 1 || claimCheck) {
            throw wrong("--times and --claim-check are for streams of images, and " + spec.name() + " is none");
        }
        Pace pace = pace(spec);
        List<SeriesFile> files = files();
        KafkaConnection connection = await();
        provideTopic(connection, spec.input());
        long rows = 0;
        for (SeriesFile file : files) {
            rows += rows(file, spec);
        }
        if (broken > 0) {
            err().println(broken + " rows do not fit the header of their file and are not sent; the first is "
                    + firstBroken);
        }
        boolean interactive = Terminal.detect(System.getenv()).interactive();
        PrintStream err = System.err;
        try (Producer<byte[], byte[]> producer = connection.producer(producerSettings());
                Progress progress = new Progress(err, interactive, "records", rows - broken, System::nanoTime)) {
            long sent = new Replay(spec, producer, pace).run(files, sequence ? 1 : Replay.OPEN_FILES_MAX, progress::at);
            out().println(sent + " records of " + files.size() + (files.size() == 1 ? " file" : " files") + " sent to "
                    + spec.input().topic());
            out().flush();
        }
        return 0;
    }

    private int frames(StreamSpec spec) throws IOException {
        if (!speed.equals("max")) {
            throw wrong("--speed must be max for images, but was " + speed);
        }
        if (times < 1) {
            throw wrong("--times must be at least 1, but was " + times);
        }
        if (!Files.exists(path)) {
            throw wrong(path + " does not exist");
        }
        List<FrameFiles> files = FrameFiles.below(path, match, series);
        if (files.isEmpty()) {
            throw wrong(path + " holds no file that matches " + match);
        }
        KafkaConnection connection = await();
        provideTopic(connection, spec.input());
        boolean interactive = Terminal.detect(System.getenv()).interactive();
        try (Producer<byte[], byte[]> producer = connection.producer(producerSettings());
                Progress progress = new Progress(
                        System.err, interactive, "images", (long) files.size() * times, System::nanoTime)) {
            long sent = new FrameReplay(spec.input().topic(), producer, claimCheck).run(files, times, progress::at);
            out().println(sent + " images of " + files.size() + " files sent to "
                    + spec.input().topic());
            out().flush();
        }
        return 0;
    }

    private static Map<String, Object> producerSettings() {
        return Map.of(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, KafkaConnection.RECORD_BYTES_MAX,
                ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS_MAX);
    }

    private Pace pace(StreamSpec spec) {
        if (speed.equals("max")) {
            return Pace.AT_ONCE;
        }
        if (!speed.matches("\\d{1,6}(\\.\\d{1,6})?x")
                || Double.parseDouble(speed.substring(0, speed.length() - 1)) == 0) {
            throw wrong("--speed must be max or a factor such as 1x, 10x or 0.5x, but was " + speed);
        }
        if (spec.input().fields().time().field().isEmpty()) {
            throw wrong(
                    "--speed needs event times, but stream " + spec.name() + " declares no time field; leave it out");
        }
        return new EventTimePace(spec, Double.parseDouble(speed.substring(0, speed.length() - 1)), System::nanoTime);
    }

    private List<SeriesFile> files() throws IOException {
        if (!Files.exists(path)) {
            throw wrong(path + " does not exist");
        }
        return SeriesFile.below(path);
    }

    private long rows(SeriesFile file, StreamSpec spec) throws IOException {
        long count = 0;
        try (FileEvents events = new FileEvents(file, spec)) {
            while (events.next()) {
                count++;
                if (!events.broken().isEmpty() && broken++ == 0) {
                    firstBroken = "line " + events.line() + " of " + file.path() + ": " + events.broken();
                }
            }
        }
        return count;
    }

    private void provideTopic(KafkaConnection connection, InputSpec input) {
        Map<String, String> configs = input.image().isPresent()
                ? Map.of("max.message.bytes", Integer.toString(KafkaConnection.RECORD_BYTES_MAX))
                : Map.of();
        TopicSpec topic = new TopicSpec(input.topic(), Math.max(1, partitions), TopicSpec.CLUSTER_DEFAULT, configs);
        try (Admin admin = connection.admin()) {
            Topics topics = new Topics(admin, TOPIC_WITHIN);
            boolean absent = !topics.missing(List.of(topic)).isEmpty();
            if (absent && partitions == 0) {
                throw new BrokerException("there is no topic " + input.topic()
                        + "; add --create PARTITIONS, or create it with: " + topic.command(connection.bootstrap()));
            }
            if (absent) {
                topics.create(List.of(topic));
            }
        }
    }
}
