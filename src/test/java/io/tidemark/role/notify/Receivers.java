package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Recurring;
import io.tidemark.judge.incident.IncidentRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Receivers and incidents of the tests of this package. */
final class Receivers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Receivers() {}

    static NotifyFile.Receiver to(NotifyFile.Type type, String url, NotifyFile.Severity severity, boolean signed) {
        return new NotifyFile.Receiver(
                "desk",
                type,
                new NotifyFile.Receiver.Target(
                        url,
                        NotifyFile.Secret.NONE,
                        type == NotifyFile.Type.PAGERDUTY ? new NotifyFile.Secret("KEY", "") : NotifyFile.Secret.NONE,
                        signed ? new NotifyFile.Secret("HMAC", "") : NotifyFile.Secret.NONE,
                        NotifyFile.Secret.NONE),
                new NotifyFile.Receiver.Filter(
                        severity, List.of(), List.of("open", "acknowledged", "resolved", "expired")),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1));
    }

    /** The same, told of what begins within its hours. */
    static NotifyFile.Receiver within(Recurring hours, NotifyFile.Receiver receiver) {
        NotifyFile.Receiver.Filter always = receiver.filter();
        return new NotifyFile.Receiver(
                receiver.name(),
                receiver.type(),
                receiver.target(),
                new NotifyFile.Receiver.Filter(always.severity(), always.groups(), always.states(), Optional.of(hours)),
                receiver.timeout(),
                receiver.retryFor());
    }

    /** The incident of the golden records in one of its states. */
    static ObjectNode incident(String state) {
        try {
            byte[] record = IncidentRecords.all().get("incident." + state);
            return (ObjectNode) JSON.readTree(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(JsonNode record) {
        return record.toString().getBytes(UTF_8);
    }
}
