package io.tidemark.config;

import java.util.List;
import java.util.Optional;

/**
 * The values that a feature can have at all, in its own unit and as they are read, before anything is derived from them; both ends are in the
 * range.
 *
 * @param least may be negative infinity: no bound
 * @param most at least {@code least}; may be infinity: no bound
 */
public record ValidRange(double least, double most) {
    /** Every value. */
    public static final ValidRange ALL = new ValidRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private static final String NONE = "none";
    private static final String WORDS =
            "two numbers, the least and the most, such as [0, 150], of which one may be `none`";

    static final SettingType<ValidRange> KIND = new SettingType<>(
            ValidRange::read,
            ValidRange::write,
            range -> true,
            WORDS + "; or `none`",
            "\"anyOf\": [{\"const\": \"none\"}, {\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\":"
                    + " {\"anyOf\": [{\"type\": \"number\"}, {\"const\": \"none\"}]}}]",
            List.of("[0, 150]", "[-40.5, none]", "[none, 3]", "[7, 7]", "none"),
            List.of("[3, 2]", "[3]", "[1, 2, 3]", "[a, b]", "5", "[none, none]"));

    /** @throws IllegalArgumentException when an end is no number, or they are the wrong way round */
    public ValidRange {
        if (!(least <= most)) {
            throw new IllegalArgumentException("valid-range must be " + WORDS + ", but was " + ends(least, most));
        }
    }

    /** Whether a value lies in it. */
    public boolean holds(double value) {
        return value >= least && value <= most;
    }

    @Override
    public String toString() {
        return write(this);
    }

    private static ValidRange read(Section s, String key, ValidRange fallback) {
        if (!s.has(key)) return fallback;
        if (s.isText(key, NONE)) return ALL;
        int before = s.problemCount();
        List<String> ends = s.strings(key);
        if (s.problemCount() > before) return fallback;
        Optional<Double> least = ends.size() == 2 ? end(ends.get(0), Double.NEGATIVE_INFINITY) : Optional.empty();
        Optional<Double> most = ends.size() == 2 ? end(ends.get(1), Double.POSITIVE_INFINITY) : Optional.empty();
        boolean bounded = !ends.equals(List.of(NONE, NONE));
        if (bounded && least.isPresent() && most.isPresent() && least.get() <= most.get()) {
            return new ValidRange(least.get(), most.get());
        }
        s.problem(key, "must be " + WORDS + ", but was [" + String.join(", ", ends) + "]");
        return fallback;
    }

    private static Optional<Double> end(String text, double without) {
        if (text.equals(NONE)) return Optional.of(without);
        try {
            return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String write(ValidRange range) {
        return range.equals(ALL) ? NONE : ends(range.least, range.most);
    }

    private static String ends(double least, double most) {
        return "[" + (least == Double.NEGATIVE_INFINITY ? NONE : SettingType.number(least)) + ", "
                + (most == Double.POSITIVE_INFINITY ? NONE : SettingType.number(most)) + "]";
    }
}
