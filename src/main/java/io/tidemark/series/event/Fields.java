package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.ValidRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The declared fields of one record as they were found, before they mean anything: a place for each of time, series parts and
 * values. Reused from record to record.
 */
final class Fields {
    /** How a field was found. */
    enum Found {
        ABSENT,
        /** There, but null. */
        NULL,
        TEXT,
        NUMBER,
        TRUE,
        FALSE,
        /** An object or an array. */
        OTHER,
        /** A column that the row ends before. */
        CUT
    }

    /** Declared field names by place: time (when declared), series parts, features or name and value in long form, conditions. */
    final List<String> names;

    /** Place of the time, or -1 when the record's Kafka timestamp is the time. */
    final int time;
    /** Place of the first series part. */
    final int series;
    /** Place of the first value. */
    final int values;
    /** Place of the first condition. */
    final int where;
    /** Whether an event names its one feature. */
    final boolean longForm;

    /** A field that is the record's key. */
    static final String KEY = "$key";
    /** How a field that is a header of the record begins. */
    static final String HEADER = "$header.";

    private final List<InputSpec.Feature> features;
    private final boolean[] outside;
    private final int numbersFrom;
    private final Found[] found;
    private final String[] texts;
    private final double[] numbers;

    Fields(InputSpec input) {
        features = input.fields().features();
        List<String> all = new ArrayList<>();
        boolean timed = !input.fields().time().field().isEmpty();
        if (timed) all.add(input.fields().time().field());
        time = timed ? 0 : -1;
        series = all.size();
        all.addAll(input.fields().series());
        values = all.size();
        longForm = input.fields().longForm().isPresent();
        input.fields()
                .longForm()
                .ifPresentOrElse(
                        form -> {
                            all.add(form.name());
                            all.add(form.value());
                        },
                        () -> input.fields().features().forEach(feature -> all.add(feature.field())));
        where = all.size();
        input.choice().where().forEach(condition -> all.add(condition.field()));
        numbersFrom = input.fields().longForm().isPresent() ? values + 1 : values;
        names = List.copyOf(all);
        outside = new boolean[names.size()];
        for (int place = 0; place < names.size(); place++) {
            String name = names.get(place);
            outside[place] = name.equals(KEY) || name.startsWith(HEADER);
        }
        found = new Found[names.size()];
        texts = new String[names.size()];
        numbers = new double[names.size()];
        clear();
    }

    void clear() {
        Arrays.fill(found, Found.ABSENT);
    }

    /** Whether none of the declared values is there. */
    boolean isWithoutValues() {
        for (int place = values; place < where; place++) if (found[place] != Found.ABSENT) return false;
        return true;
    }

    Found found(int place) {
        return found[place];
    }

    String text(int place) {
        return texts[place];
    }

    double number(int place) {
        return numbers[place];
    }

    /** Whether the record has it, whatever it holds. */
    boolean isThere(int place) {
        return found(place) != Found.ABSENT && found(place) != Found.CUT;
    }

    /** Whether a place is one of a feature's value. */
    boolean isValue(int place) {
        return place >= values && place < where;
    }

    /** The valid range of the feature whose value is at a place. */
    ValidRange valid(int place) {
        for (int i = 0; i < features.size(); i++) {
            InputSpec.Feature feature = features.get(i);
            String named = longForm ? word(values) : null;
            boolean meant =
                    longForm ? feature.name().equals(named) || feature.field().equals(named) : place == values + i;
            if (meant) return feature.values().valid();
        }
        return ValidRange.ALL;
    }

    /** Takes the fields that are not in the record's value. */
    void outside(byte @Nullable [] key, Function<String, byte @Nullable []> headers) {
        for (int place = 0; place < names.size(); place++) {
            if (!isOutside(place)) continue;
            String name = names.get(place);
            byte[] text = name.equals(KEY) ? key : headers.apply(name.substring(HEADER.length()));
            if (text != null) text(place, new String(text, StandardCharsets.UTF_8));
        }
    }

    /** Whether a place is not in the record's value but its key or a header. */
    boolean isOutside(int place) {
        return outside[place];
    }

    /** Whether the number of this place is wanted as it was written: times, series parts and names. */
    boolean asWritten(int place) {
        return place < numbersFrom || place >= where;
    }

    /** The text of a place that is a text, a boolean or, where {@link #asWritten}, a number; null else. */
    @Nullable
    String word(int place) {
        return switch (found[place]) {
            case TEXT -> texts[place];
            case TRUE -> "true";
            case FALSE -> "false";
            default -> null;
        };
    }

    void set(int place, Found as) {
        found[place] = as;
    }

    void text(int place, String text) {
        found[place] = Found.TEXT;
        texts[place] = text;
    }

    void number(int place, double number) {
        found[place] = Found.NUMBER;
        numbers[place] = number;
    }
}
