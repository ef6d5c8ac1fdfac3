package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one stream's input topic as events. One thread.
 *
 * <p>What becomes of a value, in wide and in long form:
 *
 * <table>
 * <caption>Values</caption>
 * <tr><th>in the record</th><th>outcome</th></tr>
 * <tr><td>a number, or a text that spells one</td><td>the number</td></tr>
 * <tr><td>absent, null, empty, NaN, Infinity, or a word such as {@code n/a}</td><td>missing (NaN)</td></tr>
 * <tr><td>a magnitude above 1e300</td><td>the event is rejected: value-out-of-range</td></tr>
 * <tr><td>another text, a boolean, an object, an array</td><td>the event is rejected: wrong-type</td></tr>
 * <tr><td>every value missing</td><td>the event is rejected: no-values</td></tr>
 * </table>
 *
 * <p>In wide form an absent field is a missing value; in long form an absent name or value is {@code missing-field}. The
 * record's Kafka timestamp is the event time where no time field is declared. A time further beyond the Kafka timestamp than
 * {@code max-future} is rejected here, before any clock can see it; where producers set the Kafka timestamp themselves, it
 * protects no more than they do.
 */
public final class EventDecoder {
    /** Levels of objects and arrays in a JSON record. */
    public static final int NESTING_MAX = 64;
    /** The longest series key, in UTF-8 bytes. */
    public static final int SERIES_BYTES_MAX = 512;
    /** The largest magnitude of a value, so that sums and differences of values stay finite. */
    public static final double VALUE_MAX = 1e300;
    /** The longest field name in a JSON record, in characters. */
    static final int NAME_LENGTH_MAX = 10_000;

    private final InputSpec input;
    private final int eventBytesMax;
    private final long futureMsMax;
    private final EventTime time;
    private final Fields fields;
    private final FieldReader reader;
    private final Map<String, Integer> features = new HashMap<>();

    public EventDecoder(StreamSpec stream) {
        input = stream.input();
        eventBytesMax = stream.limits().eventBytes();
        futureMsMax = stream.grid().maxFuture().toMillis();
        time = new EventTime(input.time(), Math.max(1, stream.grid().stepMs()));
        fields = new Fields(input);
        reader = switch (input.format()) {
            case JSON -> new JsonFields(fields, eventBytesMax);
            case CSV -> new CsvFields(input, fields);
            case IMAGE ->
                throw new IllegalArgumentException(
                        "stream " + stream.name() + " has frames, which are no rows of values");
        };
        List<InputSpec.Feature> declared = input.features();
        for (int i = 0; i < declared.size(); i++) features.put(declared.get(i).name(), i);
        for (int i = 0; i < declared.size(); i++) features.put(declared.get(i).field(), i);
    }

    /**
     * Reads one record.
     *
     * @param key the record's Kafka key; the series where no series fields are declared
     * @param value the record's value
     * @param producedMs the record's Kafka timestamp; epoch milliseconds
     * @param event receives series, time and values; on a rejection what was read until then, the series among it when it
     *     was readable
     * @return why it is rejected, or null when the event is good
     */
    public @Nullable RejectReason decode(
            byte @Nullable [] key, byte @Nullable [] value, long producedMs, DecodedEvent event) {
        event.clear();
        event.producedMs = producedMs;
        if (value == null) return RejectReason.TOMBSTONE;
        if (value.length > eventBytesMax) return RejectReason.TOO_LARGE;
        fields.clear();
        if (!reader.read(value, fields)) return RejectReason.MALFORMED;
        RejectReason reason = series(key, event);
        if (reason == null) reason = time(event);
        if (reason == null) reason = input.longForm().isPresent() ? named(event) : row(event);
        return reason;
    }

    private @Nullable RejectReason series(byte @Nullable [] key, DecodedEvent event) {
        int parts = fields.values - fields.series;
        String series = "";
        if (parts == 0) {
            if (key != null && key.length <= SERIES_BYTES_MAX) series = new String(key, StandardCharsets.UTF_8);
            else if (key != null) return RejectReason.SERIES_TOO_LONG;
        } else if (parts == 1) {
            series = part(0);
        } else {
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < parts; i++) {
                String part = part(i);
                if (part.isEmpty()) return RejectReason.NO_SERIES;
                joined.append(i == 0 ? "" : "/").append(part);
            }
            series = joined.toString();
        }
        if (series.isEmpty()) return RejectReason.NO_SERIES;
        boolean certain = series.length() * 3 <= SERIES_BYTES_MAX;
        if (!certain && series.getBytes(StandardCharsets.UTF_8).length > SERIES_BYTES_MAX) {
            return RejectReason.SERIES_TOO_LONG;
        }
        event.series = series;
        return null;
    }

    private String part(int index) {
        int place = fields.series + index;
        return fields.found(place) == Fields.Found.TEXT ? fields.text(place) : "";
    }

    private @Nullable RejectReason time(DecodedEvent event) {
        if (fields.time < 0) {
            event.timeMs = event.producedMs;
        } else {
            switch (fields.found(fields.time)) {
                case ABSENT, NULL -> {
                    return RejectReason.MISSING_FIELD;
                }
                case TEXT -> event.timeMs = time.parse(fields.text(fields.time));
                case NUMBER, OTHER -> event.timeMs = EventTime.UNREADABLE;
            }
        }
        if (event.timeMs < EventTime.MIN_MS || event.timeMs > EventTime.MAX_MS) {
            event.timeMs = 0;
            return RejectReason.TIME_UNREADABLE;
        }
        // 0 and -1 say that the producer set no timestamp
        return event.producedMs > 0 && event.timeMs - event.producedMs > futureMsMax
                ? RejectReason.TOO_FAR_FUTURE
                : null;
    }

    private @Nullable RejectReason row(DecodedEvent event) {
        double[] values = event.values();
        boolean any = false;
        for (int i = 0; i < values.length; i++) {
            RejectReason reason = value(fields.values + i, i, values);
            if (reason != null) return reason;
            any |= !Double.isNaN(values[i]);
        }
        return any ? null : RejectReason.NO_VALUES;
    }

    private @Nullable RejectReason named(DecodedEvent event) {
        int name = fields.values;
        int value = fields.values + 1;
        if (fields.found(name) != Fields.Found.TEXT) {
            return fields.found(name) == Fields.Found.OTHER ? RejectReason.WRONG_TYPE : RejectReason.MISSING_FIELD;
        }
        if (fields.found(value) == Fields.Found.ABSENT) return RejectReason.MISSING_FIELD;
        Integer feature = features.get(fields.text(name));
        if (feature == null) return RejectReason.UNKNOWN_FEATURE;
        event.feature = feature;
        RejectReason reason = value(value, feature, event.values());
        if (reason != null) return reason;
        return Double.isNaN(event.values()[feature]) ? RejectReason.NO_VALUES : null;
    }

    private @Nullable RejectReason value(int place, int feature, double[] values) {
        double value;
        switch (fields.found(place)) {
            case ABSENT, NULL -> {
                return null;
            }
            case OTHER -> {
                return RejectReason.WRONG_TYPE;
            }
            case NUMBER -> value = fields.number(place);
            case TEXT -> {
                String text = fields.text(place).trim();
                if (Numbers.isMissing(text)) return null;
                value = Numbers.parse(text);
                if (Double.isNaN(value)) return RejectReason.WRONG_TYPE;
            }
            default -> throw new IllegalStateException();
        }
        if (Double.isNaN(value)) return null;
        if (Math.abs(value) > VALUE_MAX) return RejectReason.VALUE_OUT_OF_RANGE;
        values[feature] = value;
        return null;
    }
}
