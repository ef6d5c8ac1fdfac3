package io.tidemark.series.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which fields of a sample only rise: those that number records, and counters. */
final class RisingFields {
    private static final String NAMES_OF_NUMBERS =
            "(?i).*(seq|sequence|index|number|offset|row|count|counter|nr|no|id)";
    private static final int STEPS_MIN = 20;
    /** A counter stands still at times. */
    private static final double RISES = 0.5;

    /** What a field that only rises is. */
    enum Kind {
        /** It rises by the same whole number with every record, and is named so. */
        NUMBERING,
        COUNTER,
        NEITHER
    }

    private RisingFields() {}

    static Kind of(SampleRows rows, String field, List<String> series) {
        Map<String, Double> last = new HashMap<>();
        int steps = 0;
        int rises = 0;
        double first = Double.NaN;
        boolean same = true;
        for (Map<String, String> row : rows.rows()) {
            Double value = number(row.get(field));
            if (value == null) continue;
            Double before = last.put(SeriesNames.key(row, series), value);
            if (before == null) continue;
            double rise = value - before;
            if (rise < 0) return Kind.NEITHER;
            steps++;
            if (rise > 0) rises++;
            if (steps == 1) first = rise;
            same &= rise == first;
        }
        if (steps < STEPS_MIN || rises < RISES * steps) return Kind.NEITHER;
        boolean numbers = same && first == Math.rint(first) && field.matches(NAMES_OF_NUMBERS);
        return numbers ? Kind.NUMBERING : Kind.COUNTER;
    }

    /** A sentence on a counter. */
    static String counter(String field) {
        return field + " only rises: a counter is judged by its rate, {field: " + field + ", derive: rate}.";
    }

    private static @Nullable Double number(@Nullable String text) {
        if (text == null) return null;
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
