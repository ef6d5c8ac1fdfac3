package io.tidemark.judge.feedback;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of {@code feedback}, which anybody may write.
 *
 * <p>A time is RFC 3339 text with any offset, or a whole number of epoch milliseconds. {@code to} is {@code from} where it is left out;
 * {@code version}, {@code who} and {@code note} may be left out. A field that is not known is an error. Safe for any thread.
 */
public final class FeedbackDecoder {
    private static final ObjectReader JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .reader();
    private static final List<String> FIELDS =
            List.of("version", "stream", "series", "from", "to", "label", "who", "note");
    private static final String MILLIS = "-?[0-9]{1,15}";

    private FeedbackDecoder() {}

    /**
     * Reads a record's value.
     *
     * @throws FeedbackException when it is refused
     */
    public static Feedback decode(byte @Nullable [] value) {
        if (value == null) throw malformed("the record has no value");
        if (value.length > Feedback.BYTES_MAX) {
            throw new FeedbackException(
                    FeedbackReason.TOO_LARGE,
                    "a record must have at most " + Feedback.BYTES_MAX + " bytes, but has " + value.length);
        }
        JsonNode record = tree(value);
        if (!record.isObject()) throw malformed("the record is not a JSON object");
        for (Iterator<String> names = record.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                throw malformed("a field is not known; those that are: " + String.join(", ", FIELDS));
            }
        }
        JsonNode version = record.path("version");
        if (!version.isMissingNode() && !(version.isInt() && version.intValue() == Feedback.VERSION)) {
            throw malformed("version must be " + Feedback.VERSION);
        }
        long fromMs = time(record, "from");
        return new Feedback(
                text(record, "stream", true),
                text(record, "series", true),
                fromMs,
                record.has("to") ? time(record, "to") : fromMs,
                isAnomaly(text(record, "label", true)),
                text(record, "who", false),
                text(record, "note", false));
    }

    private static JsonNode tree(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException | RuntimeException e) {
            throw malformed("the record is not JSON, or has a field twice");
        }
    }

    private static String text(JsonNode record, String name, boolean required) {
        JsonNode field = record.path(name);
        if (field.isMissingNode() && !required) return "";
        if (!field.isTextual()) throw malformed(name + (field.isMissingNode() ? " is missing" : " must be text"));
        return field.textValue();
    }

    private static long time(JsonNode record, String name) {
        JsonNode field = record.path(name);
        if (field.isMissingNode()) throw malformed(name + " is missing");
        if (field.isIntegralNumber() && field.canConvertToLong()) return field.longValue();
        return timeMs(name, field.isTextual() ? field.textValue() : "");
    }

    private static boolean isAnomaly(String label) {
        if (label.equals(Feedback.ANOMALY)) return true;
        if (label.equals(Feedback.NORMAL)) return false;
        throw malformed("label must be normal or anomaly");
    }

    /**
     * Reads a time as people write it: RFC 3339 with an offset, or epoch milliseconds.
     *
     * @param name what the time is called, for the message
     * @throws FeedbackException when it is neither
     */
    public static long timeMs(String name, String text) {
        if (text.matches(MILLIS)) return Long.parseLong(text);
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw malformed(name + " must be a time such as 2026-01-01T00:00:00Z, or epoch milliseconds");
        }
    }

    private static FeedbackException malformed(String sentence) {
        return new FeedbackException(FeedbackReason.MALFORMED, sentence);
    }
}
