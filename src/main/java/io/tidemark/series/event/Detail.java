package io.tidemark.series.event;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rejections told to people: the field, the first characters of what it held, and what was expected. */
final class Detail {
    private static final int TOKEN_CHARS_MAX = 40;
    private static final int FEATURES_SHOWN = 3;

    private Detail() {}

    /**
     * Of a record as a whole.
     *
     * @param cause what is wrong with bytes that are not of the format; may be empty
     */
    static String of(RejectReason reason, byte @Nullable [] value, InputSpec input, String cause) {
        return switch (reason) {
            case MALFORMED -> malformed(value, input, cause);
            case TIME_UNREADABLE ->
                "the record has no Kafka timestamp, which is the time where no time field is declared";
            case NO_SERIES -> "the record has no key, which names the series where no series fields are declared";
            case NO_VALUES ->
                input.choice().records().isPresent()
                        ? "no element of records, or none with a value"
                        : "the record has no event with a value";
            default -> "";
        };
    }

    private static String malformed(byte @Nullable [] value, InputSpec input, String cause) {
        String format = input.encoding().format().name().toLowerCase(Locale.ROOT);
        if (value == null || value.length == 0) return "the value is empty, but " + format + " was expected";
        if (Wrapping.isFramed(value)) {
            return "the value begins with the frame of a schema registry and is Avro or Protobuf, but " + format
                    + " was expected";
        }
        String start = new String(value, 0, Math.min(value.length, TOKEN_CHARS_MAX), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}|\uFFFD", "?");
        String hint = input.encoding().format() == InputSpec.Format.JSON && start.startsWith("[")
                ? "; declare input.records for the elements of an array"
                : "";
        return "the value begins with \"" + start + "\" and is not a whole " + format + " (" + value.length + " bytes)"
                + (cause.isEmpty() ? "" : ": " + cause) + hint;
    }

    /** How a value begins that is a text; empty for other bytes. */
    static String beginning(byte[] value) {
        int shown = Math.min(value.length, TOKEN_CHARS_MAX);
        for (int i = 0; i < shown; i++) if (value[i] < ' ' || value[i] > '~') return "";
        return shown == 0 ? "" : "; it begins with \"" + new String(value, 0, shown, StandardCharsets.US_ASCII) + '"';
    }

    /** What an exception of a parser says of the bytes, in its first sentence. */
    static String cause(IOException wrong) {
        if (!(wrong instanceof JsonProcessingException json)) return String.valueOf(wrong.getMessage());
        String sentence = json.getOriginalMessage().split(" \\(start marker|: was expecting \\(|[\\r\\n]", 2)[0];
        JsonLocation at = json.getLocation();
        long byteAt = at == null ? -1 : at.getByteOffset();
        return byteAt < 0 ? sentence : "at byte " + byteAt + ", " + sentence;
    }

    static String of(RejectReason reason, Fields fields, int place) {
        String field = "field " + fields.names.get(place);
        return switch (reason) {
            case WRONG_TYPE ->
                field + " is " + met(fields, place)
                        + ", but a number was expected; where it stands for no value, declare it in missing";
            case VALUE_OUT_OF_RANGE -> field + " is " + met(fields, place) + ", but at most 1e300 was expected";
            case OUTSIDE_VALID_RANGE ->
                field + " is " + met(fields, place) + ", outside of its valid-range " + fields.valid(place);
            case TIME_UNREADABLE ->
                field + " is " + met(fields, place)
                        + ", but a time as declared was expected; see input.time.pattern and unit"
                        + (fields.found(place) == Fields.Found.TEXT ? TimeForms.hint(fields.text(place)) : "");
            case TOO_FAR_FUTURE -> field + " is " + met(fields, place) + ", further in the future than max-future";
            case UNKNOWN_FEATURE -> field + " is " + met(fields, place) + ", which is not a declared feature";
            case NO_SERIES -> field + " is " + met(fields, place) + ", but a part of the series was expected";
            default -> field + " is " + met(fields, place);
        };
    }

    /** Of an event without any value: what its first features hold. */
    static String noValues(Fields fields, int features) {
        StringBuilder told = new StringBuilder("every value is missing: ");
        for (int i = 0; i < Math.min(features, FEATURES_SHOWN); i++) {
            int place = fields.values + i;
            told.append(i == 0 ? "field " : ", ")
                    .append(fields.names.get(place))
                    .append(" is ")
                    .append(met(fields, place));
        }
        return told.append(features > FEATURES_SHOWN ? " and so on" : "").toString();
    }

    private static String met(Fields fields, int place) {
        return switch (fields.found(place)) {
            case ABSENT -> "missing";
            case NULL -> "null";
            case TEXT -> cut(fields.text(place));
            case NUMBER -> Double.toString(fields.number(place));
            case TRUE -> "true";
            case FALSE -> "false";
            case CUT -> "behind the end of the row";
            case OTHER -> "an object, or an array of other than one element";
        };
    }

    private static String cut(String text) {
        if (text.length() <= TOKEN_CHARS_MAX) return '"' + text + '"';
        return '"' + text.substring(0, TOKEN_CHARS_MAX) + "…\" (" + text.length() + " characters)";
    }
}
