package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Columns;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.similar.AskedCode;
import io.tidemark.judge.similar.Code;
import io.tidemark.judge.similar.SimilarWindows;
import io.tidemark.judge.similar.SimilarWindows.Similar;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RecentRecords;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark similar}: when it has looked like this before. */
@Command(
        name = "similar",
        customSynopsis = {"tidemark similar STREAM/SERIES TIME [OPTIONS]", "tidemark similar ALERT [OPTIONS]"},
        description = {
            "Finds the windows of the past, of any series of the stream, whose codes lie nearest to that of one window, and prints them with their distance, nearest first. No two of them share a row.",
            "TIME is the event time of the window's newest step as its score says it, such as 2026-01-01T00:00:00Z, or epoch milliseconds; ALERT the id of an alert: the window at which it opened.",
            "The stream must declare outputs: {codes: true}. A distance says something beside the mean distance of all that was compared; codes of before the network was trained anew lie far from all later ones."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark similar pumps/hall-3/pump-7 2026-01-01T00:00:00Z",
            "  tidemark similar pumps/hall-3/pump-7@2026-01-01T00:00:00Z --top 3 --back 24h",
            "  tidemark similar tiles/line-1 2026-01-01T00:00:00.120Z --apart 10m --json"
        })
final class SimilarCommand extends KafkaCommand {
    private static final Columns COLUMNS = new Columns(
            Columns.number("distance", 10),
            Columns.text("time", 24),
            Columns.number("version", 7),
            Columns.name("series", 40));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOP_MAX = 1000;

    @Parameters(index = "0", paramLabel = "STREAM/SERIES", description = "the series, or the id of an alert")
    private String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TIME",
            description = "event time of the window's newest step; none beside the id of an alert")
    private @Nullable String time;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "10",
            description = "print so many windows, at most " + TOP_MAX + " (default: ${DEFAULT-VALUE})")
    private int top = 10;

    @Option(
            names = "--apart",
            paramLabel = "TIME",
            defaultValue = "0s",
            description =
                    "event time between two windows of one series at least, such as 10m for frames of a camera that looks at"
                            + " the same for long (default: they share no row)")
    private Duration apart = Duration.ZERO;

    @Option(
            names = "--back",
            paramLabel = "TIME",
            description =
                    "read only codes written so long ago at most, such as 24h (default: all that the topic keeps)")
    private @Nullable Duration back;

    @Option(
            names = "--codes",
            paramLabel = "N",
            defaultValue = "100000",
            description = "read at most the newest N codes of each partition (default: ${DEFAULT-VALUE})")
    private int codes = 100_000;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        if (top < 1 || top > TOP_MAX) throw wrong("--top must be in [1, " + TOP_MAX + "], but was " + top);
        if (codes < 1) throw wrong("--codes must be at least 1, but was " + codes);
        AlertName window = window();
        KafkaConnection connection = await(TopicNames::codes);
        long sinceMs = back == null ? 0 : clock().millis() - back.toMillis();
        try (RecentRecords records =
                new RecentRecords(connection, connection.names().codes(), sinceMs, codes)) {
            AskedCode asked = new AskedCode(window.stream(), window.series(), window.sinceMs());
            each(records, window.stream(), asked::take);
            SimilarWindows similar = new SimilarWindows(asked.found(), apart.toMillis(), SimilarWindows.KEPT);
            each(records, window.stream(), similar::take);
            print(asked.found(), similar);
        }
        return 0;
    }

    /** The window's series and time, which an alert's id names too. */
    private AlertName window() {
        try {
            return AlertName.parse(time == null ? name : name + "@" + time);
        } catch (FeedbackException e) {
            throw wrong("say STREAM/SERIES and TIME, or the id of an alert: " + e.sentence());
        }
    }

    /** Reads the codes of a stream; what is none is passed over with a line in the log. */
    private static void each(RecentRecords records, String stream, Consumer<Code> taker) {
        PassedOver told = new PassedOver("similar", null);
        byte[] key = TopicNames.key(stream, "").getBytes(UTF_8);
        records.read(record -> {
            if (!startsWith(record.key(), key)) return;
            try {
                taker.accept(Code.read(record.value()));
            } catch (MalformedRecordException e) {
                told.tell(record, String.valueOf(e.getMessage()));
            }
        });
    }

    private static boolean startsWith(byte @Nullable [] key, byte[] start) {
        return key != null && key.length >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
    }

    private void print(Code asked, SimilarWindows similar) {
        List<Similar> nearest = similar.nearest(top);
        if (!json.isGiven()) {
            out().println(asked.stream() + "/" + asked.window().series() + " at "
                    + Feedback.time(asked.window().timeMs()) + " by "
                    + asked.model().network() + "@" + asked.model().version() + ", "
                    + compared(similar));
            out().println(COLUMNS.header());
        }
        for (Similar next : nearest) out().println(json.isGiven() ? object(asked, next) : COLUMNS.line(cells(next)));
        out().flush();
    }

    private static String compared(SimilarWindows similar) {
        if (similar.compared() == 0) return "with no earlier window to compare";
        return String.format(
                Locale.ROOT,
                "of %,d earlier windows at a mean distance of %.4g",
                similar.compared(),
                similar.meanDistance());
    }

    private static List<String> cells(Similar similar) {
        return List.of(
                String.format(Locale.ROOT, "%.4g", similar.distance()),
                Feedback.time(similar.window().timeMs()),
                String.valueOf(similar.version()),
                similar.window().series());
    }

    private static String object(Code asked, Similar similar) {
        ObjectNode object = JSON.createObjectNode();
        object.put("stream", asked.stream()).put("series", similar.window().series());
        object.put("time", Feedback.time(similar.window().timeMs()));
        object.put("distance", similar.distance());
        object.put("network", asked.model().network()).put("version", similar.version());
        return object.toString();
    }
}
