package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.role.verdict.FeedbackExchange;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark feedback}: what a person says of a stretch of a series. */
@Command(
        name = "feedback",
        customSynopsis = {
            "tidemark feedback SERIES TIME normal|anomaly [--to TIME] [--stream NAME] [OPTIONS]",
            "tidemark feedback ALERT normal|anomaly [--to TIME] [OPTIONS]"
        },
        description = {
            "Says what a stretch of a series was, and waits until that has taken effect. What is normal ends an alert at once and may teach; an anomaly never teaches.",
            "SERIES is the key that scores name, ALERT the id of an alert: its stretch is from when it opened until it was resolved, or until now. TIME is event time, such as"
                    + " 2026-01-01T00:00:00Z, or epoch milliseconds."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark feedback pumps/hall-3/pump-7@2026-01-01T00:00:00Z normal --note \"a planned test run\"",
            "  tidemark feedback hall-3/pump-7 2026-01-01T00:00:00Z anomaly --to 2026-01-01T00:20:00Z --stream pumps",
            "  tidemark tail labels --from earliest --to-end"
        })
final class FeedbackCommand extends KafkaCommand {
    @Parameters(arity = "2..3", paramLabel = "WORD", description = "SERIES TIME or ALERT, then normal or anomaly")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "event time of the last step; at most 31 days after the first (default: that of the first)")
    private @Nullable String to;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the stream of the series (default: the one that is declared, where there is only one)")
    private @Nullable String stream;

    @Mixin
    private AuthorOptions author = new AuthorOptions();

    @Option(
            names = "--answer-within",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "how long to wait for the verdict; 0s does not wait (default: ${DEFAULT-VALUE})")
    private Duration within = Duration.ofSeconds(30);

    @Option(names = "--json", description = "print what was sent as JSON, as the topic holds it")
    private boolean json;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() throws InterruptedException {
        boolean anomaly = anomaly(words.get(words.size() - 1));
        if (words.size() == 3) {
            long fromMs = time("TIME", words.get(1));
            Feedback feedback = feedback(stream(), words.get(0), fromMs, to == null ? fromMs : toMs(), anomaly);
            return send(await(TopicNames::feedback), feedback);
        }
        AlertName alert = alert(words.get(0));
        topology.stream(alert.stream());
        if (to != null) {
            Feedback feedback = feedback(alert.stream(), alert.series(), alert.sinceMs(), toMs(), anomaly);
            return send(await(TopicNames::feedback), feedback);
        }
        KafkaConnection connection = await(TopicNames::feedback);
        long untilMs = until(alert, connection);
        return send(connection, feedback(alert.stream(), alert.series(), alert.sinceMs(), untilMs, anomaly));
    }

    private long until(AlertName alert, KafkaConnection connection) throws InterruptedException {
        try {
            return alert.untilMs(connection, clock().millis());
        } catch (FeedbackException e) {
            throw wrong(e.sentence());
        }
    }

    private boolean anomaly(String word) {
        if (word.equals(Feedback.ANOMALY)) return true;
        if (word.equals(Feedback.NORMAL)) return false;
        throw wrong("the last word must be normal or anomaly, but was " + word);
    }

    private AlertName alert(String id) {
        if (stream != null) throw wrong("an alert's id names its stream; leave --stream out");
        try {
            return AlertName.parse(id);
        } catch (FeedbackException e) {
            throw wrong(e.sentence() + "; or give SERIES and TIME");
        }
    }

    private String stream() {
        if (stream != null) return topology.stream(stream).name();
        List<StreamSpec> declared = topology.declaredStreams();
        if (declared.size() == 1) return declared.get(0).name();
        throw wrong("say which stream with --stream; there are: "
                + declared.stream().map(StreamSpec::name).collect(Collectors.joining(", ")));
    }

    private long toMs() {
        return time("--to", to == null ? "" : to);
    }

    private long time(String name, String text) {
        try {
            return FeedbackDecoder.timeMs(name, text);
        } catch (FeedbackException e) {
            throw wrong(e.sentence() + ", but was " + text);
        }
    }

    private Feedback feedback(String ofStream, String series, long fromMs, long toMs, boolean anomaly) {
        try {
            return new Feedback(ofStream, series, fromMs, toMs, anomaly, author.who(), author.note());
        } catch (FeedbackException e) {
            throw wrong(e.sentence());
        }
    }

    private int send(KafkaConnection connection, Feedback feedback) throws InterruptedException {
        boolean waits = !within.isZero();
        try (FeedbackExchange exchange = new FeedbackExchange(connection, feedback)) {
            exchange.send();
            if (waits) exchange.await(within);
        }
        PrintWriter out = out();
        if (json) {
            out.println(new String(feedback.encode(), UTF_8));
        } else {
            out.println(feedback.stream() + "/" + feedback.series() + " from " + Feedback.time(feedback.fromMs())
                    + " to " + Feedback.time(feedback.toMs()) + " is " + feedback.label()
                    + (waits ? ": it has taken effect" : ": sent"));
        }
        return 0;
    }
}
