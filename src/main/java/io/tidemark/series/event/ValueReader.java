package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.ValidRange;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the values of one feature as they are declared. One thread. */
final class ValueReader {
    private static final int WORD_MAX = "-infinity".length();

    /** What {@link #read} made of a field. */
    enum Outcome {
        VALUE(null),
        MISSING(null),
        /** It is there, but no number. */
        NO_NUMBER(RejectReason.WRONG_TYPE),
        /** Its magnitude is above {@link EventDecoder#VALUE_MAX}. */
        TOO_LARGE(RejectReason.VALUE_OUT_OF_RANGE),
        /** It is a number that the feature cannot have. */
        OUTSIDE(RejectReason.OUTSIDE_VALID_RANGE);

        /** What is wrong with it; null when nothing is. */
        final @Nullable RejectReason wrong;

        Outcome(@Nullable RejectReason wrong) {
            this.wrong = wrong;
        }
    }

    private final Numbers numbers;
    private final boolean rejectsBad;
    private final ValidRange valid;
    private final Set<String> missingWords = new HashSet<>();
    private final double[] missingNumbers;
    private double value;

    ValueReader(InputSpec.Values values, Numbers numbers) {
        this.numbers = numbers;
        rejectsBad = values.rejectsBad();
        valid = values.valid();
        List<String> missing = values.missing();
        for (String word : missing) missingWords.add(word.trim().toLowerCase(Locale.ROOT));
        missingNumbers = missing.stream()
                .mapToDouble(word -> Numbers.parse(word.trim()))
                .filter(number -> !Double.isNaN(number))
                .toArray();
    }

    /** Whether a value that is no number, or not in the valid range, costs the whole event. */
    boolean rejectsBad() {
        return rejectsBad;
    }

    /** The value that {@link #read} found. */
    double value() {
        return value;
    }

    Outcome read(Fields fields, int place) {
        value = Double.NaN;
        switch (fields.found(place)) {
            case ABSENT, NULL -> {
                return Outcome.MISSING;
            }
            case OTHER, CUT -> {
                return Outcome.NO_NUMBER;
            }
            case TRUE -> value = 1;
            case FALSE -> value = 0;
            case NUMBER -> value = fields.number(place);
            case TEXT -> {
                String text = fields.text(place).trim();
                if (Numbers.isMissing(text) || isDeclaredMissing(text)) return Outcome.MISSING;
                value = numbers.read(text);
                if (Double.isNaN(value)) value = word(text);
                if (Double.isNaN(value)) return Outcome.NO_NUMBER;
            }
        }
        for (double missing : missingNumbers) if (value == missing) value = Double.NaN;
        if (Double.isNaN(value)) return Outcome.MISSING;
        if (Math.abs(value) > EventDecoder.VALUE_MAX) return Outcome.TOO_LARGE;
        return valid.holds(value) ? Outcome.VALUE : Outcome.OUTSIDE;
    }

    private boolean isDeclaredMissing(String text) {
        return !missingWords.isEmpty() && missingWords.contains(text.toLowerCase(Locale.ROOT));
    }

    /** What a word stands for that is no number in digits. */
    private static double word(String text) {
        if (text.length() > WORD_MAX) return Double.NaN;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes" -> 1;
            case "false", "off", "no" -> 0;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }
}
