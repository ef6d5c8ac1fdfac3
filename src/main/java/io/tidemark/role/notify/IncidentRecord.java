package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of {@code incidents}, on which others than the verdict may write. */
final class IncidentRecord {
    private static final int ID_MAX = 1000;
    private static final List<String> SEVERITIES = Arrays.stream(NotifyFile.Severity.values())
            .map(severity -> severity.name().toLowerCase(Locale.ROOT))
            .toList();

    private IncidentRecord() {}

    /**
     * The incident that a record is: what is told of it, and what it is known by again.
     *
     * @throws MalformedRecordException when it is none, or its key is not its id
     */
    static JsonNode read(ConsumerRecord<byte[], byte[]> record) {
        JsonNode incident = JsonRecord.object(record.value());
        String id = text(incident, "id");
        if (id.length() > ID_MAX) throw new MalformedRecordException("its id is longer than " + ID_MAX);
        text(incident, "group");
        oneOf(incident, "state", NotifyFile.STATES);
        oneOf(incident, "severity", SEVERITIES);
        if (record.key() == null || !id.equals(new String(record.key(), UTF_8))) {
            throw new MalformedRecordException("its key is not the id of the incident");
        }
        return incident;
    }

    private static String text(JsonNode incident, String name) {
        JsonNode node = incident.path(name);
        if (!node.isTextual() || node.asText().isEmpty()) throw new MalformedRecordException("it has no " + name);
        return node.asText();
    }

    private static void oneOf(JsonNode incident, String name, List<String> known) {
        if (!known.contains(text(incident, name))) {
            throw new MalformedRecordException("its " + name + " is none of " + known);
        }
    }
}
