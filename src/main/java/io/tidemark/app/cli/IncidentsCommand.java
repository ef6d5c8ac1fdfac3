package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Columns;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.SeenBefore;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.WholeTopic;
import io.tidemark.role.notify.SilenceTopic;
import io.tidemark.role.verdict.IncidentInbox;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark incidents}: what alerts that belong together make, and who has taken it. */
@Command(
        name = "incidents",
        description = {
            "Lists the incidents that are not over, or acknowledges one.",
            "Below each stands whether it is silenced, and a past one that is like it, with what people said of that, if there is one."
        },
        subcommands = IncidentsCommand.Acknowledge.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark incidents",
            "  tidemark incidents --all --json",
            "  tidemark incidents acknowledge pumps@pumps/hall-3/pump-7@2026-01-01T00:00:00Z --note \"valve stuck\"",
            "  tidemark tail incidents                      as they change"
        })
final class IncidentsCommand extends KafkaCommand {
    private static final Columns COLUMNS = new Columns(
            Columns.text("since", 24),
            Columns.text("state", 12),
            Columns.text("severity", 8),
            Columns.number("series", 6),
            Columns.number("open", 5),
            Columns.text("what", 80),
            Columns.text("id", 10));
    private static final String SILENCED = "  silenced: nobody is told of it; see tidemark silence list";
    private static final int INCIDENTS_MAX = 10_000;

    @Option(names = "--all", description = "show those that are over too, as long as the topic keeps them")
    private boolean all;

    @Option(
            names = "--json",
            description =
                    "print the newest record of each incident, one JSON object a line; with silenced: true where nobody is told")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        KafkaConnection connection = await(TopicNames::incidents);
        Map<String, JsonNode> newest = newest(connection);
        Silences silences = SilenceTopic.read(connection);
        long nowMs = clock().millis();
        if (!json) out.println(COLUMNS.header());
        for (JsonNode incident : newest.values()) {
            boolean over = incident.has("until");
            if (over && !all) continue;
            boolean silenced = !over && silences.silence(incident, nowMs);
            if (json && silenced) ((ObjectNode) incident).put("silenced", true);
            out.println(json ? incident.toString() : COLUMNS.line(cells(incident)));
            if (!json && silenced) out.println(SILENCED);
            if (!json) SeenBefore.sentence(incident).ifPresent(sentence -> out.println("  " + sentence));
        }
        return 0;
    }

    private static List<String> cells(JsonNode incident) {
        return List.of("since", "state", "severity", "series_count", "open_count", "summary", "id").stream()
                .map(name -> incident.path(name).asText("-"))
                .toList();
    }

    /**
     * The newest record of each incident, oldest first; of more than {@value #INCIDENTS_MAX} the newest. What is no incident is passed
     * over with a line in the log: others than the verdict may write there.
     */
    static Map<String, JsonNode> newest(KafkaConnection connection) {
        String topic = connection.names().incidents();
        Map<String, JsonNode> newest = new LinkedHashMap<>();
        PassedOver told = new PassedOver("incidents", null);
        WholeTopic.read(connection, topic, record -> {
            try {
                take(JsonRecord.object(record.value()), newest);
            } catch (MalformedRecordException e) {
                told.tell(record, String.valueOf(e.getMessage()));
            }
        });
        return newest;
    }

    private static void take(JsonNode incident, Map<String, JsonNode> newest) {
        String id = incident.path("id").asText();
        if (id.isEmpty()) throw new MalformedRecordException("it has no id");
        newest.remove(id);
        newest.put(id, incident);
        if (newest.size() > INCIDENTS_MAX)
            newest.remove(newest.keySet().iterator().next());
    }

    /** {@code tidemark incidents acknowledge}. */
    @Command(
            name = "acknowledge",
            aliases = "ack",
            description = "Says that somebody is dealing with an incident; it still resolves by itself.",
            footerHeading = "%nExample:%n",
            footer =
                    "  tidemark incidents acknowledge pumps@pumps/hall-3/pump-7@2026-01-01T00:00:00Z --note \"valve stuck\"")
    static final class Acknowledge extends KafkaCommand {
        @Parameters(paramLabel = "INCIDENT", description = "id of the incident, as tidemark incidents shows it")
        private String incident = "";

        @Mixin
        private AuthorOptions author = new AuthorOptions();

        @Override
        public Integer call() throws InterruptedException {
            IncidentAction action;
            try {
                action = new IncidentAction(incident, author.who(), author.note());
            } catch (IllegalArgumentException e) {
                throw wrong(String.valueOf(e.getMessage()));
            }
            KafkaConnection connection = await(TopicNames::incidentInbox);
            JsonNode known = newest(connection).get(incident);
            if (known == null) throw new IllegalStateException("there is no incident " + incident);
            if (known.has("until")) {
                throw new IllegalStateException("incident " + incident + " is over: it is "
                        + known.path("state").asText());
            }
            try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
                int partitions = producer.partitionsFor(connection.names().incidentInbox())
                        .size();
                AcknowledgedSend.send(producer, IncidentInbox.record(connection.names(), partitions, action));
            }
            out().println(incident + " is acknowledged by " + author.who());
            return 0;
        }
    }
}
