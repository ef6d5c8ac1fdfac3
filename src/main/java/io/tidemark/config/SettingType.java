package io.tidemark.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The values that a setting may have: how one is read from a file and written into one, and what people and editors are told of it.
 *
 * @param reader reads a key of a section; a wrong value is noted there and the given default returned
 * @param writer a value as YAML on one line, which the reader reads back to an equal value
 * @param allows whether a value lies in the range
 * @param range what values there are, in words and with unit: {@code a whole number in [1, 1024]}
 * @param schema the members of a JSON Schema object, such as {@code "type": "boolean"}
 * @param inside values in the range as YAML, both ends of it among them; at least two
 * @param outside values one step beyond each end, or otherwise wrong, as YAML; empty when every text is right
 */
public record SettingType<T>(
        Reader<T> reader,
        Function<T, String> writer,
        Predicate<T> allows,
        String range,
        String schema,
        List<String> inside,
        List<String> outside) {

    /** The longest duration of a setting that may as well be endless. */
    static final Duration NEVER = Duration.ofDays(36_500);

    /** Digits may be grouped, as in 4_000_000, which JSON and YAML take for a text. */
    private static final String WHOLE = "\"type\": [\"integer\", \"string\"], \"pattern\": \"^-?[0-9_]+$\"";

    /** Reads a key of a section. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Section section, String key, T fallback);
    }

    public SettingType {
        inside = List.copyOf(inside);
        outside = List.copyOf(outside);
    }

    /** Whole numbers; both ends are in the range. */
    public static SettingType<Integer> whole(int min, int max) {
        return new SettingType<>(
                (s, key, fallback) -> s.integer(key, min, max, fallback),
                String::valueOf,
                value -> value >= min && value <= max,
                "a whole number in [" + min + ", " + max + "]",
                wholeSchema(min, max),
                ends(min, max),
                List.of(Long.toString(min - 1L), Long.toString(max + 1L)));
    }

    /** Whole numbers from 0 up to 2^63 - 1. */
    public static SettingType<Long> counter() {
        return new SettingType<>(
                (s, key, fallback) -> s.longInteger(key, 0, Long.MAX_VALUE, fallback),
                String::valueOf,
                value -> value >= 0,
                "a whole number in [0, " + Long.MAX_VALUE + "]",
                WHOLE + ", \"minimum\": 0",
                ends(0, Long.MAX_VALUE),
                List.of("-1", "9223372036854775808"));
    }

    static String wholeSchema(long min, long max) {
        return WHOLE + ", \"minimum\": " + min + ", \"maximum\": " + max;
    }

    /** Numbers; both ends are in the range. */
    public static SettingType<Double> decimal(double min, double max) {
        String low = number(min);
        String high = number(max);
        return new SettingType<>(
                (s, key, fallback) -> s.decimal(key, min, max, fallback),
                SettingType::number,
                value -> value >= min && value <= max,
                "a number in [" + low + ", " + high + "]",
                "\"type\": \"number\", \"minimum\": " + low + ", \"maximum\": " + high,
                List.of(low, high),
                List.of(number(Math.nextDown(min)), number(Math.nextUp(max))));
    }

    /** Numbers of single precision; both ends are in the range. */
    public static SettingType<Float> single(double min, double max) {
        SettingType<Double> wide = decimal(min, max);
        return new SettingType<>(
                (s, key, fallback) -> (float) s.decimal(key, min, max, fallback),
                value -> number(Double.parseDouble(Float.toString(value))),
                value -> value >= (float) min && value <= (float) max,
                wide.range,
                wide.schema,
                wide.inside,
                wide.outside);
    }

    /** Lengths of time in whole milliseconds; both ends are in the range. */
    public static SettingType<Duration> duration(Duration min, Duration max) {
        return new SettingType<>(
                (s, key, fallback) -> s.duration(key, min, max, fallback),
                Section::show,
                value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                "a duration in [" + Section.show(min) + ", " + Section.show(max) + "]",
                "\"type\": \"string\", \"pattern\": \"^\\\\d+\\\\s*(ms|s|m|h|d|w)$\"",
                List.of(Section.show(min), Section.show(max)),
                min.isZero()
                        ? List.of("-1ms", Section.show(max.plusMillis(1)))
                        : List.of(Section.show(min.minusMillis(1)), Section.show(max.plusMillis(1))));
    }

    /** Sizes in bytes, at most 2 GiB; both ends are in the range. */
    public static SettingType<Integer> bytes(int min, int max) {
        return new SettingType<>(
                (s, key, fallback) -> s.bytes(key, min, max, fallback),
                SettingType::size,
                value -> value >= min && value <= max,
                "a size in [" + size(min) + ", " + size(max) + "]",
                "\"type\": [\"string\", \"integer\"], \"pattern\": \"^\\\\d+\\\\s*(B|KiB|MiB|GiB)?$\"",
                List.of(size(min), size(max)),
                List.of(Long.toString(min - 1L), Long.toString(max + 1L)));
    }

    public static SettingType<Boolean> bool() {
        return new SettingType<>(
                Section::bool,
                String::valueOf,
                value -> true,
                "true or false",
                "\"type\": \"boolean\"",
                List.of("true", "false"),
                List.of("maybe"));
    }

    /** The names of an enum, in lower case with dashes. */
    public static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(SettingType::word).toList();
        return new SettingType<>(
                (s, key, fallback) -> s.oneOf(key, type, fallback),
                SettingType::word,
                value -> true,
                "one of " + words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", ")),
                "\"enum\": " + words.stream().map(SettingType::json).collect(Collectors.joining(", ", "[", "]")),
                words,
                List.of("no-such-word"));
    }

    /** Any text. */
    public static SettingType<String> text() {
        return new SettingType<>(
                Section::string,
                SettingType::quoted,
                value -> true,
                "a text",
                "\"type\": [\"string\", \"number\", \"boolean\"]",
                List.of("one", "'a: b # c'"),
                List.of("[a list]"));
    }

    /**
     * Texts of a form.
     *
     * @param pattern the regular expression of them
     * @param form them in words
     */
    public static SettingType<String> text(String pattern, String form, List<String> inside, List<String> outside) {
        return parsed(
                text -> {
                    if (text.matches(pattern)) return text;
                    throw new IllegalArgumentException();
                },
                SettingType::quoted,
                form,
                "\"type\": \"string\", \"pattern\": " + json("^" + pattern + "$"),
                inside,
                outside);
    }

    /** A list of texts; a single one counts as a list of one. */
    public static SettingType<List<String>> texts() {
        return new SettingType<>(
                (s, key, fallback) -> s.has(key) ? s.strings(key) : fallback,
                SettingType::list,
                value -> true,
                "a list of texts",
                "\"type\": [\"array\", \"string\"], \"items\": {\"type\": [\"string\", \"number\"]}",
                List.of("[one]", "['a, b', c]"),
                List.of("{a: mapping}"));
    }

    /**
     * Single values that a function reads.
     *
     * @param parse throws {@link IllegalArgumentException} for a wrong text; its message, if any, is told
     */
    public static <T> SettingType<T> parsed(
            Function<String, T> parse,
            Function<T, String> writer,
            String range,
            String schema,
            List<String> inside,
            List<String> outside) {
        Reader<T> reader = (s, key, fallback) -> {
            if (!s.has(key)) return fallback;
            Optional<String> text = s.single(key);
            try {
                return text.isPresent() ? parse.apply(text.get()) : fallback;
            } catch (IllegalArgumentException e) {
                s.problem(
                        key,
                        "must be " + range + ", but was " + text.orElse("")
                                + (e.getMessage() == null ? "" : ": " + e.getMessage()));
                return fallback;
            }
        };
        Predicate<T> allows = value -> true;
        return new SettingType<>(reader, writer, allows, range, schema, inside, outside);
    }

    /** The same values, or a word that stands for none of them. */
    public SettingType<Optional<T>> orWord(String word) {
        Reader<Optional<T>> either = (s, key, fallback) -> {
            if (!s.has(key)) return fallback;
            if (s.isText(key, word)) return Optional.empty();
            int before = s.problemCount();
            T value = reader.read(s, key, placeholder());
            return s.problemCount() > before ? fallback : Optional.of(value);
        };
        List<String> all = new ArrayList<>(inside);
        all.add(quoted(word));
        return new SettingType<>(
                either,
                value -> value.map(writer).orElse(quoted(word)),
                value -> value.map(allows::test).orElse(true),
                range + ", or `" + word + "`",
                "\"anyOf\": [{\"const\": " + json(word) + "}, {" + schema + "}]",
                all,
                outside);
    }

    /** Something to return beside a noted problem; nobody sees it. */
    private T placeholder() {
        Section none = YamlFile.parse("", "value: " + inside.get(0), new ArrayList<>());
        @SuppressWarnings("NullAway") // a value inside the range never falls back
        T value = reader.read(none, "value", null);
        return value;
    }

    /** @throws IllegalArgumentException naming setting, range and value when the value is out of range */
    T require(String path, T value) {
        if (allows.test(value)) return value;
        throw new IllegalArgumentException(path + " must be " + range + ", but was " + writer.apply(value));
    }

    private static List<String> ends(long min, long max) {
        return min == max ? List.of(Long.toString(min)) : List.of(Long.toString(min), Long.toString(max));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The shortest common way to write a number that reads back to the same one. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) return Long.toString((long) value);
        return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    /** A size in its largest whole unit. */
    static String size(int bytes) {
        if (bytes > 0 && bytes % (1 << 30) == 0) return (bytes >> 30) + "GiB";
        if (bytes > 0 && bytes % (1 << 20) == 0) return (bytes >> 20) + "MiB";
        if (bytes > 0 && bytes % (1 << 10) == 0) return (bytes >> 10) + "KiB";
        return bytes + "B";
    }

    /** A text as YAML, in single quotes where it would read as something else. */
    public static String quoted(String text) {
        boolean plain = text.matches("[A-Za-z0-9_/.][A-Za-z0-9_/. -]*") && !text.endsWith(" ");
        boolean other = text.matches("(?i)true|false|null|~|[-+.0-9_]+(e[-+]?[0-9]+)?");
        if (plain && !other) return text;
        if (text.chars().noneMatch(c -> c < ' ')) return "'" + text.replace("'", "''") + "'";
        return json(text);
    }

    /** Texts as a YAML list on one line. */
    public static String list(List<String> texts) {
        return texts.stream().map(SettingType::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A text as JSON. */
    static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') json.append('\\').append(c);
            else if (c < ' ') json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else json.append(c);
        }
        return json.append('"').toString();
    }
}
