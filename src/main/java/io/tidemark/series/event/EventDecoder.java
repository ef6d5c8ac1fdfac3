package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.schema.SchemaReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one stream's input topic as events. One thread.
 *
 * <p>What becomes of a value, in wide and in long form:
 *
 * <table>
 * <caption>Values</caption>
 * <tr><th>in the record</th><th>outcome</th></tr>
 * <tr><td>a number, or a text that spells one as declared</td><td>the number</td></tr>
 * <tr><td>true, on, yes; false, off, no</td><td>1; 0</td></tr>
 * <tr><td>absent, null, empty, NaN, a word such as {@code n/a}, or what {@code missing} declares</td><td>missing (NaN)</td></tr>
 * <tr><td>another text, an object, an array, Infinity, a magnitude above 1e300, a column that a row of CSV ends before</td><td>missing, and counted ({@link #badValues}); with
 *     {@code on-bad: reject} the event is rejected: wrong-type, value-out-of-range</td></tr>
 * <tr><td>a number outside the declared {@code valid-range}</td><td>the same ({@link #outsideValues}): outside-valid-range</td></tr>
 * <tr><td>every value missing</td><td>the event is rejected: no-values, or the reason of the first bad one</td></tr>
 * </table>
 *
 * <p>In wide form an absent field is a missing value; in long form an absent name or value is {@code missing-field}. The record's Kafka
 * timestamp is the event time where no time field is declared. A time further beyond the Kafka timestamp than {@code max-future}, or beyond the
 * clock where that is earlier or the record has no timestamp, is rejected here, before any clock of a series can see it.
 *
 * <p>Of the two passes of the hour that a change from summer time repeats, the series' order says which is meant ({@link RepeatedHour}).
 */
public final class EventDecoder {
    /** Levels of objects and arrays in a JSON record. */
    public static final int NESTING_MAX = 64;
    /** The longest series key, in UTF-8 bytes; a longer one is shortened ({@link SeriesKey}). */
    public static final int SERIES_BYTES_MAX = 512;
    /** The largest magnitude of a value, so that sums and differences of values stay finite. */
    public static final double VALUE_MAX = 1e300;
    /** The longest field name in a JSON record, in characters. */
    static final int NAME_LENGTH_MAX = 10_000;
    /** No field in particular. */
    private static final int NOWHERE = -1;

    private static final InstantSource FOREVER = () -> java.time.Instant.MAX;
    private static final Function<String, byte @Nullable []> NO_HEADERS = name -> null;

    private final InputSpec input;
    private final int eventBytesMax;
    private final long futureMsMax;
    private final InstantSource clock;
    private final EventTime time;
    private final @Nullable RepeatedHour repeated;
    private final Fields fields;
    private final FieldReader reader;
    private final ValueReader[] values;
    private final boolean outside;
    private final Map<String, Integer> features = new HashMap<>();

    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private Function<String, byte @Nullable []> headers = NO_HEADERS;
    private long producedMs;
    private int events;
    private int next;
    private @Nullable RejectReason unopened;
    private @Nullable RejectReason reason;
    private int refusedPlace = NOWHERE;
    private String problem = "";
    private String cause = "";
    private final boolean[] bad;
    private int badValues;
    private int outsideValues;
    private int badPlace = NOWHERE;
    private int named = NOWHERE;
    private RejectReason badReason = RejectReason.WRONG_TYPE;

    /** Of history: only the record's timestamp says what lies in the future. */
    public EventDecoder(StreamSpec stream) {
        this(stream, FOREVER);
    }

    /** @param clock beyond which, by more than {@code max-future}, no event is taken */
    public EventDecoder(StreamSpec stream, InstantSource clock) {
        this.clock = clock;
        input = stream.input();
        eventBytesMax = stream.limits().eventBytes();
        futureMsMax = stream.grid().maxFuture().toMillis();
        time = new EventTime(input.fields().time(), Math.max(1, stream.grid().stepMs()));
        boolean changes = !input.fields().time().zone().getRules().isFixedOffset();
        repeated = changes ? new RepeatedHour() : null;
        fields = new Fields(input);
        reader = switch (input.encoding().format()) {
            case JSON -> json();
            case INFLUX -> new TreeFields(input, fields, InfluxLines::parse);
            case CSV -> new CsvFields(input, fields);
            case OTLP, PROMETHEUS -> new MetricFields(input, fields, eventBytesMax);
            case AVRO, PROTOBUF -> new TreeFields(input, fields, new SchemaReader(input)::read);
            case IMAGE ->
                throw new IllegalArgumentException(
                        "stream " + stream.name() + " has frames, which are not rows of values");
        };
        List<InputSpec.Feature> declared = input.fields().features();
        Numbers numbers = new Numbers(input.encoding().csv());
        values = declared.stream()
                .map(feature -> new ValueReader(feature.values(), numbers))
                .toArray(ValueReader[]::new);
        bad = new boolean[values.length];
        for (int i = 0; i < declared.size(); i++) features.put(declared.get(i).name(), i);
        for (int i = 0; i < declared.size(); i++) features.put(declared.get(i).field(), i);
        boolean any = false;
        for (int place = 0; place < fields.names.size(); place++) any |= fields.isOutside(place);
        outside = any;
    }

    private FieldReader json() {
        boolean tree =
                input.choice().records().isPresent() || fields.names.stream().anyMatch(FieldPath::needsTree);
        return tree
                ? new TreeFields(input, fields, TreeFields.json(JsonFields.factory(eventBytesMax)))
                : new JsonFields(input, fields, eventBytesMax);
    }

    /**
     * Reads one record of one event.
     *
     * @param key the record's Kafka key; the series where no series fields are declared
     * @param value the record's value
     * @param producedMs the record's Kafka timestamp; epoch milliseconds; 0 or less: it has none
     * @param event receives series, time and values; on a rejection what was read until then, the series among it when it
     *     was readable
     * @return why it is rejected, or null when the event is good
     */
    public @Nullable RejectReason decode(
            byte @Nullable [] key, byte @Nullable [] value, long producedMs, DecodedEvent event) {
        open(key, value, NO_HEADERS, producedMs);
        next(event);
        return reason;
    }

    /**
     * Takes a record, whose events {@link #next} then gives.
     *
     * @param headers the newest value of a header, or null
     * @return how many they are; 1 where the record cannot be read
     */
    public int open(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Function<String, byte @Nullable []> headers,
            long producedMs) {
        this.key = key;
        this.headers = headers;
        this.producedMs = producedMs;
        next = 0;
        events = 1;
        unopened = opened(value);
        return events;
    }

    private @Nullable RejectReason opened(byte @Nullable [] written) {
        refusedPlace = NOWHERE;
        problem = "";
        cause = "";
        value = written;
        if (written == null) return input.choice().where().isEmpty() ? RejectReason.TOMBSTONE : RejectReason.OTHER_KIND;
        if (written.length > eventBytesMax) return RejectReason.TOO_LARGE;
        fields.clear();
        if (written.length == 0) return RejectReason.MALFORMED;
        byte[] unpacked;
        try {
            unpacked = Wrapping.unpacked(written, eventBytesMax);
        } catch (IOException e) {
            problem = "the value begins as gzip does and is cut or damaged (" + written.length + " bytes)";
            return RejectReason.MALFORMED;
        }
        if (unpacked == null) return RejectReason.TOO_LARGE;
        value = input.encoding().format() == InputSpec.Format.JSON ? Wrapping.bareJson(unpacked) : unpacked;
        int count = reader.open(value, headers, fields);
        if (count == FieldReader.MALFORMED) {
            problem = reader.problem();
            cause = reader.cause();
            return reader.refusal();
        }
        if (count == 0) return RejectReason.NO_VALUES;
        events = count;
        return null;
    }

    /**
     * Reads the next event of the record.
     *
     * @param event receives series, time and values as with {@link #decode}
     * @return false when there is none left; a record that cannot be read has one, which is rejected
     */
    public boolean next(DecodedEvent event) {
        if (next == events) return false;
        event.clear();
        event.producedMs = producedMs;
        if (badValues > 0) Arrays.fill(bad, false);
        badValues = 0;
        outsideValues = 0;
        badPlace = NOWHERE;
        reason = unopened;
        if (reason == null) {
            if (events > 1) {
                fields.clear();
                reader.event(next, fields);
            }
            refusedPlace = NOWHERE;
            reason = read(event);
        }
        next++;
        return true;
    }

    /** Why the last event is rejected; null when it is good. */
    public @Nullable RejectReason reason() {
        return reason;
    }

    /** Values of the last event that were there but no numbers, or not in the valid range, and are missing because of that. */
    public int badValues() {
        return badValues;
    }

    /** Those of {@link #badValues} that were numbers, but not in the valid range. */
    public int outsideValues() {
        return outsideValues;
    }

    /** Whether one of {@link #badValues} was a feature's. */
    public boolean isBad(int feature) {
        return bad[feature];
    }

    /** Whether the last event, which is good, had the field of a feature, or its name in long form, whatever it held. */
    public boolean has(int feature) {
        return fields.longForm ? named == feature : fields.isThere(fields.values + feature);
    }

    /** What the first of {@link #badValues} was, as a sentence. */
    public String badDetail() {
        return Detail.of(badReason, fields, badPlace);
    }

    /**
     * What was met and what was expected, for people, where the last event was rejected: the field, its first characters, and how to mend it.
     * Empty when the reason says it all.
     */
    public String detail() {
        RejectReason told = reason;
        if (told == null) return "";
        if (!problem.isEmpty()) return problem;
        if (refusedPlace != NOWHERE) return Detail.of(told, fields, refusedPlace);
        if (told == RejectReason.NO_VALUES && unopened == null) {
            return Detail.noValues(fields, fields.longForm ? 2 : values.length);
        }
        return Detail.of(told, value, input, cause);
    }

    private @Nullable RejectReason read(DecodedEvent event) {
        if (outside) fields.outside(key, headers);
        if (!isWanted()) return RejectReason.OTHER_KIND;
        RejectReason refused = series(event);
        if (refused == null) refused = time(event);
        if (refused == null) refused = fields.longForm ? named(event) : row(event);
        return refused;
    }

    private boolean isWanted() {
        if (input.encoding().format().isMetrics() && fields.isWithoutValues()) return false;
        List<InputSpec.Condition> where = input.choice().where();
        for (int i = 0; i < where.size(); i++) {
            String found = fields.word(fields.where + i);
            if (found == null || !where.get(i).values().contains(found)) return false;
        }
        return true;
    }

    private RejectReason refused(int place, RejectReason as) {
        refusedPlace = place;
        return as;
    }

    private @Nullable RejectReason series(DecodedEvent event) {
        int parts = fields.values - fields.series;
        String series = "";
        if (parts == 0) {
            if (key != null) series = new String(key, StandardCharsets.UTF_8);
        } else if (parts == 1) {
            String part = fields.word(fields.series);
            series = part == null ? "" : part;
        } else {
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < parts; i++) {
                String part = fields.word(fields.series + i);
                if (part == null) return refused(fields.series + i, RejectReason.NO_SERIES);
                joined.append(i == 0 ? "" : "/").append(SeriesKey.escaped(part));
            }
            series = joined.toString();
        }
        if (series.isEmpty()) return refused(parts == 0 ? NOWHERE : fields.series, RejectReason.NO_SERIES);
        event.series = SeriesKey.bounded(series);
        return null;
    }

    private @Nullable RejectReason time(DecodedEvent event) {
        if (fields.time < 0) {
            event.timeMs = event.producedMs;
        } else {
            switch (fields.found(fields.time)) {
                case ABSENT, NULL -> {
                    return refused(fields.time, RejectReason.MISSING_FIELD);
                }
                case TEXT -> {
                    event.timeMs = time.parse(fields.text(fields.time));
                    if (repeated != null && event.timeMs != EventTime.UNREADABLE) {
                        event.timeMs = repeated.resolve(event.series, event.timeMs, time.repeatedAfterMs());
                    }
                }
                case NUMBER, TRUE, FALSE, OTHER -> event.timeMs = EventTime.UNREADABLE;
            }
        }
        if (event.timeMs < EventTime.MIN_MS || event.timeMs > EventTime.MAX_MS) {
            event.timeMs = 0;
            return refused(fields.time, RejectReason.TIME_UNREADABLE);
        }
        return event.timeMs - presentMs() > futureMsMax ? refused(fields.time, RejectReason.TOO_FAR_FUTURE) : null;
    }

    /** What the future is measured from. */
    private long presentMs() {
        long wallMs = clock == FOREVER ? Long.MAX_VALUE / 4 : clock.millis();
        return producedMs > 0 ? Math.min(producedMs, wallMs) : wallMs;
    }

    private @Nullable RejectReason row(DecodedEvent event) {
        double[] into = event.values();
        boolean any = false;
        for (int i = 0; i < into.length; i++) {
            RejectReason refused = value(fields.values + i, i, into);
            if (refused != null) return refused;
            any |= !Double.isNaN(into[i]);
        }
        if (any) return null;
        return badValues == 0 ? RejectReason.NO_VALUES : refused(badPlace, badReason);
    }

    private @Nullable RejectReason named(DecodedEvent event) {
        int name = fields.values;
        int value = fields.values + 1;
        String word = fields.word(name);
        if (word == null) {
            boolean other = fields.found(name) == Fields.Found.OTHER;
            return refused(name, other ? RejectReason.WRONG_TYPE : RejectReason.MISSING_FIELD);
        }
        Integer feature = features.get(word);
        boolean ignores =
                feature == null && input.fields().longForm().orElseThrow().ignoresUnknown();
        if (ignores) return RejectReason.OTHER_KIND;
        if (fields.found(value) == Fields.Found.ABSENT) return refused(value, RejectReason.MISSING_FIELD);
        if (feature == null) return refused(name, RejectReason.UNKNOWN_FEATURE);
        event.feature = feature;
        named = feature;
        RejectReason refused = value(value, feature, event.values());
        if (refused != null) return refused;
        if (!Double.isNaN(event.values()[feature])) return null;
        return badValues == 0 ? RejectReason.NO_VALUES : refused(badPlace, badReason);
    }

    private @Nullable RejectReason value(int place, int feature, double[] into) {
        ValueReader read = values[feature];
        ValueReader.Outcome outcome = read.read(fields, place);
        if (outcome == ValueReader.Outcome.VALUE) into[feature] = read.value();
        RejectReason wrong = outcome.wrong;
        if (wrong == null) return null;
        if (read.rejectsBad()) return refused(place, wrong);
        bad[feature] = true;
        if (wrong == RejectReason.OUTSIDE_VALID_RANGE) outsideValues++;
        if (badValues++ == 0) {
            badPlace = place;
            badReason = wrong;
        }
        return null;
    }
}
