package io.tidemark.judge.incident;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.outcome.Alert;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what the inbox of incidents holds: alerts as {@code alert.schema.json} declares them, labels and actions. Safe for any thread. */
public final class AlertDecoder {
    private AlertDecoder() {}

    /** The action, where the record is one. */
    public static java.util.Optional<IncidentAction> action(JsonNode record) {
        return IncidentAction.isAction(record)
                ? java.util.Optional.of(IncidentAction.of(record))
                : java.util.Optional.empty();
    }

    /**
     * The label, where the record is one as {@code feedback.schema.json} declares it.
     *
     * @throws IllegalArgumentException when it is one that cannot be read
     */
    public static java.util.Optional<Feedback> label(JsonNode record, byte[] value) {
        if (!record.has("label")) return java.util.Optional.empty();
        try {
            return java.util.Optional.of(FeedbackDecoder.decode(value));
        } catch (FeedbackException e) {
            throw new IllegalArgumentException(e.sentence(), e);
        }
    }

    /**
     * The alert that a record is.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Alert alert(JsonNode record) {
        String state = record.path("state").asText();
        Alert.State of =
                state.equals("open") ? Alert.State.OPEN : state.equals("resolved") ? Alert.State.RESOLVED : null;
        if (of == null) throw new IllegalArgumentException("state must be open or resolved");
        List<Alert.Feature> features = new ArrayList<>();
        for (JsonNode feature : record.path("features")) {
            if (features.size() == Alert.FEATURES_MAX) break;
            features.add(new Alert.Feature(
                    feature.path("name").asText(),
                    feature.path("contribution").asDouble() / 100,
                    number(feature, "value"),
                    number(feature, "expected"),
                    number(feature, "lower"),
                    number(feature, "upper")));
        }
        return new Alert(
                text(record, "id"),
                of,
                new Alert.Subject(
                        text(record, "stream"),
                        text(record, "series"),
                        record.path("generation").asInt()),
                time(record, "since"),
                time(record, "time"),
                new Alert.Peak(
                        record.path("peak_score").asDouble(),
                        time(record, "peak_time"),
                        record.path("return_level").asDouble(),
                        number(record, "budget_level"),
                        kind(record.path("kind").asText()),
                        features),
                record.path("reason").asText(),
                record.path("summary").asText());
    }

    private static String text(JsonNode record, String name) {
        String text = record.path(name).asText();
        if (text.isEmpty()) throw new IllegalArgumentException(name + " is missing");
        return text;
    }

    private static double number(JsonNode record, String name) {
        return record.path(name).asDouble(Double.NaN);
    }

    private static long time(JsonNode record, String name) {
        try {
            return Instant.parse(record.path(name).asText()).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(name + " must be a time such as 2026-01-01T00:00:00Z", e);
        }
    }

    private static EvidenceKind kind(String label) {
        for (EvidenceKind kind : EvidenceKind.values()) if (kind.label().equals(label)) return kind;
        throw new IllegalArgumentException("the kind is not known");
    }
}
