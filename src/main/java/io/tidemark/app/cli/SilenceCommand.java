package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.app.console.Columns;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.incident.Silence;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.role.notify.SilenceTopic;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark silence}: what nobody is to be told of for a while. */
@Command(
        name = "silence",
        description = {
            "Tells nobody of some incidents for a while; they are still found and recorded.",
            "Without a subcommand it makes a silence. An incident is silenced while every series that it shows is."
        },
        subcommands = {SilenceCommand.ListAll.class, SilenceCommand.End.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark silence --for 2h --stream pumps --series 'hall-3/*' --note \"planned service\"",
            "  tidemark silence --for 8h --from 2026-01-01T22:00:00Z --group plant-1",
            "  tidemark silence list",
            "  tidemark silence end 1f0c2a9e"
        })
final class SilenceCommand extends KafkaCommand {
    @Option(names = "--for", paramLabel = "TIME", description = "how long it holds, such as 2h; at most 366d")
    private @Nullable Duration lasts;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "when it begins, such as 2026-01-01T22:00:00Z (default: now)")
    private @Nullable String from;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "",
            description = "incidents of this group of streams")
    private String group = "";

    @Option(names = "--stream", paramLabel = "NAME", defaultValue = "", description = "series of this stream")
    private String stream = "";

    @Option(
            names = "--series",
            paramLabel = "KEY",
            defaultValue = "",
            description = "this series; * stands for any characters")
    private String series = "";

    @Option(
            names = "--feature",
            paramLabel = "NAME",
            defaultValue = "",
            description = "incidents in which this feature stands out most")
    private String feature = "";

    @Option(names = "--all", description = "everything; needed where no other option says what is meant")
    private boolean everything;

    @Mixin
    private AuthorOptions author = new AuthorOptions();

    @Override
    public Integer call() throws InterruptedException {
        Duration time = lasts;
        if (time == null) throw wrong("say how long with --for, such as --for 2h");
        boolean meant = !(group + stream + series + feature).isEmpty();
        if (meant == everything) {
            throw wrong("say what is meant with --group, --stream, --series or --feature, or --all for everything");
        }
        Silence silence;
        try {
            long fromMs = from == null ? clock().millis() : FeedbackDecoder.timeMs("--from", from);
            String id = UUID.randomUUID().toString().substring(0, 8);
            silence = new Silence(
                    id,
                    new Silence.Scope(group, stream, series, feature),
                    fromMs,
                    fromMs + time.toMillis(),
                    author.who(),
                    author.note());
        } catch (FeedbackException e) {
            throw wrong(e.sentence());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        KafkaConnection connection = await();
        AcknowledgedSend.send(connection, SilenceTopic.made(connection.names(), silence));
        out().println("silence " + silence.id() + " holds until " + Feedback.time(silence.toMs())
                + "; end it with: tidemark silence end " + silence.id());
        return 0;
    }

    private static List<Silence> all(KafkaConnection connection) throws InterruptedException {
        Silences silences = new Silences();
        try (SilenceTopic topic = new SilenceTopic(connection, silences, new PassedOver("silence", null))) {
            topic.drain();
        }
        return silences.all();
    }

    /** {@code tidemark silence list}. */
    @Command(name = "list", description = "Lists the silences that hold or are still to come.")
    static final class ListAll extends KafkaCommand {
        private static final Columns COLUMNS = new Columns(
                Columns.text("id", 10),
                Columns.text("from", 24),
                Columns.text("to", 24),
                Columns.text("what", 40),
                Columns.text("who", 12),
                Columns.text("note", 10));

        @Option(names = "--all", description = "show those that are over too")
        private boolean past;

        @Option(names = "--json", description = "print one JSON object a line, as the topic holds it")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = out();
            long nowMs = clock().millis();
            if (!json) out.println(COLUMNS.header());
            for (Silence silence : all(await())) {
                if (silence.toMs() <= nowMs && !past) continue;
                out.println(json ? new String(silence.encode(), UTF_8) : COLUMNS.line(cells(silence)));
            }
            return 0;
        }

        private static List<String> cells(Silence silence) {
            StringBuilder what = new StringBuilder();
            String[][] parts = {
                {"group", silence.scope().group()},
                {"stream", silence.scope().stream()},
                {"series", silence.scope().series()},
                {"feature", silence.scope().feature()}
            };
            for (String[] part : parts) {
                if (!part[1].isEmpty())
                    what.append(what.isEmpty() ? "" : " ")
                            .append(part[0])
                            .append(' ')
                            .append(part[1]);
            }
            return List.of(
                    silence.id(),
                    Feedback.time(silence.fromMs()),
                    Feedback.time(silence.toMs()),
                    what.isEmpty() ? "everything" : what.toString(),
                    silence.who().isEmpty() ? "-" : silence.who(),
                    silence.note().isEmpty() ? "-" : silence.note());
        }
    }

    /** {@code tidemark silence end}. */
    @Command(name = "end", description = "Ends a silence before its time.")
    static final class End extends KafkaCommand {
        @Parameters(paramLabel = "ID", description = "id of the silence, as tidemark silence list shows it")
        private String id = "";

        @Override
        public Integer call() throws InterruptedException {
            KafkaConnection connection = await();
            if (all(connection).stream().noneMatch(silence -> silence.id().equals(id))) {
                throw new IllegalStateException("there is no silence " + id + "; see: tidemark silence list");
            }
            AcknowledgedSend.send(connection, SilenceTopic.ended(connection.names(), id));
            out().println("silence " + id + " is ended");
            return 0;
        }
    }
}
