package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.app.console.Columns;
import io.tidemark.config.Recurring;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.incident.Silence;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.role.notify.SilenceTopic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark silence}: what nobody is to be told of for a while, or again and again. */
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
            "  tidemark silence --cron \"0 2 * * SUN\" --lasting 2h --zone Europe/Berlin --stream pumps --note \"backup\"",
            "  tidemark silence --calendar maintenance.ics --zone Europe/Berlin --group plant-1",
            "  tidemark silence list",
            "  tidemark silence end 1f0c2a9e"
        })
final class SilenceCommand extends KafkaCommand {
    private static final Duration RECURS = Duration.ofDays(3650);
    private static final Duration LOOKS_AHEAD = Duration.ofDays(90);

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "how long it holds, such as 2h; at most 366d; with --cron at most 3660d (default: 3650d)")
    private @Nullable Duration lasts;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "when it begins, such as 2026-01-01T22:00:00Z (default: now)")
    private @Nullable String from;

    @Option(
            names = "--cron",
            paramLabel = "'M H D M W'",
            description = "holds again and again, from each time that a cron expression of five fields gives")
    private @Nullable String cron;

    @Option(
            names = "--lasting",
            paramLabel = "TIME",
            description = "with --cron: how long each time, such as 2h; at most 7d")
    private @Nullable Duration lasting;

    @Option(
            names = "--calendar",
            paramLabel = "FILE",
            description =
                    "a silence for each time that an event of a calendar (.ics) comes, until --for is over (default: 90d)")
    private @Nullable Path calendar;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "whose clock --cron means, and times of a calendar that name none (default: UTC)")
    private @Nullable String zone;

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
        boolean meant = !(group + stream + series + feature).isEmpty();
        if (meant == everything) {
            throw wrong("say what is meant with --group, --stream, --series or --feature, or --all for everything");
        }
        if (calendar != null) return silence(calendar);
        Optional<Recurring> recurring = recurring();
        Duration time = lasts == null && recurring.isPresent() ? RECURS : lasts;
        if (time == null) throw wrong("say how long with --for, such as --for 2h");
        Silence silence;
        try {
            long fromMs = from == null ? clock().millis() : FeedbackDecoder.timeMs("--from", from);
            String id = UUID.randomUUID().toString().substring(0, 8);
            silence = new Silence(
                    id,
                    new Silence.Scope(group, stream, series, feature),
                    fromMs,
                    fromMs + time.toMillis(),
                    recurring,
                    author.who(),
                    author.note());
        } catch (FeedbackException e) {
            throw wrong(e.sentence());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        KafkaConnection connection = await(TopicNames::silences);
        AcknowledgedSend.send(connection, SilenceTopic.made(connection.names(), silence));
        String when = recurring
                .map(r -> "holds at " + r + ", next from " + next(r, silence.fromMs()))
                .orElse("holds until " + Feedback.time(silence.toMs()));
        out().println("silence " + silence.id() + " " + when + "; end it with: tidemark silence end " + silence.id());
        sayWhatItSilences(connection, silence);
        return 0;
    }

    /** How many incidents that are open now it silences, so that a name that nothing has is seen. */
    private void sayWhatItSilences(KafkaConnection connection, Silence silence) {
        List<JsonNode> open = IncidentsCommand.newest(connection).values().stream()
                .filter(incident -> !incident.has("until"))
                .toList();
        if (open.isEmpty()) return;
        long silenced = open.stream().filter(silence::coversAll).count();
        out().println("of " + open.size() + " incidents that are open now it silences " + silenced
                + (silence.recurring().isPresent() ? ", when it holds" : ""));
    }

    private int silence(Path file) throws InterruptedException {
        if (cron != null || lasting != null)
            throw wrong("--calendar says when by itself; leave --cron and --lasting out");
        Duration time = lasts == null ? LOOKS_AHEAD : lasts;
        if (time.compareTo(Silence.LONGEST) > 0) throw wrong("--for must be at most 366d with --calendar");
        List<Silence> silences;
        Instant to;
        try {
            CalendarFile events = CalendarFile.read(file, ZoneId.of(zone == null ? "UTC" : zone));
            Instant start =
                    from == null ? clock().instant() : Instant.ofEpochMilli(FeedbackDecoder.timeMs("--from", from));
            to = start.plus(time);
            silences =
                    CalendarSilences.of(events, start, to, new Silence.Scope(group, stream, series, feature), author);
        } catch (FeedbackException e) {
            throw wrong(e.sentence());
        } catch (IOException e) {
            throw wrong("--calendar " + file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong("--calendar " + file + ": " + e.getMessage());
        }
        KafkaConnection connection = await(TopicNames::silences);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (Silence silence : silences) {
                AcknowledgedSend.send(producer, SilenceTopic.made(connection.names(), silence));
            }
        }
        out().println(silences.size() + " silences until " + Feedback.time(to.toEpochMilli())
                + "; see them with: tidemark silence list");
        return 0;
    }

    private Optional<Recurring> recurring() {
        if (cron == null) {
            if (lasting != null || zone != null) throw wrong("--lasting and --zone go with --cron");
            return Optional.empty();
        }
        if (lasting == null) throw wrong("say how long each time with --lasting, such as --lasting 2h");
        try {
            Recurring recurring = Recurring.of(cron, zone == null ? "UTC" : zone, lasting);
            if (recurring.nextAfter(clock().instant()).isEmpty()) throw wrong("--cron " + cron + " never comes");
            return Optional.of(recurring);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static String next(Recurring recurring, long fromMs) {
        return recurring
                .nextAfter(Instant.ofEpochMilli(fromMs))
                .map(next -> Feedback.time(next.toEpochMilli()))
                .orElse("never");
    }

    /** {@code tidemark silence list}. */
    @Command(name = "list", description = "Lists the silences that hold or are still to come.")
    static final class ListAll extends KafkaCommand {
        private static final Columns COLUMNS = new Columns(
                Columns.text("id", 10),
                Columns.text("from", 24),
                Columns.text("to", 24),
                Columns.text("what", 40),
                Columns.text("again", 36),
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
            List<Silence> silences =
                    SilenceTopic.read(await(TopicNames::silences)).all();
            if (!json) out.println(COLUMNS.header());
            for (Silence silence : silences) {
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
                    silence.recurring().map(Recurring::toString).orElse("-"),
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
            KafkaConnection connection = await(TopicNames::silences);
            if (SilenceTopic.read(connection).all().stream()
                    .noneMatch(silence -> silence.id().equals(id))) {
                throw new IllegalStateException("there is no silence " + id + "; see: tidemark silence list");
            }
            AcknowledgedSend.send(connection, SilenceTopic.ended(connection.names(), id));
            out().println("silence " + id + " is ended");
            return 0;
        }
    }
}
