package io.tidemark.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a YAML file, read key by key. A wrong value is noted as a {@link Problem} with its line and the default is
 * returned, so that one pass finds every mistake; {@link #finish()} notes keys that nobody asked for.
 */
public final class Section {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d|w)");
    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB)?");

    private final String file;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> keyLines = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final List<Problem> problems;
    private final Outline outline;

    Section(String file, String path, @Nullable Node node, int line, List<Problem> problems) {
        this(file, path, node, line, problems, new Outline());
    }

    /** @param outline hears what is asked for */
    Section(String file, String path, @Nullable Node node, int line, List<Problem> problems, Outline outline) {
        this.outline = outline;
        this.file = file;
        this.path = path;
        this.problems = problems;
        this.line = line;
        if (node == null || node.getTag().equals(Tag.NULL)) return;
        if (!(node instanceof MappingNode mapping)) {
            note(line, (path.isEmpty() ? "the file" : path) + " must be a mapping of keys to values");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            int keyLine = lineOf(tuple.getKeyNode());
            if (values.put(key, tuple.getValueNode()) != null) note(keyLine, at(key) + " is declared twice; keep one");
            keyLines.put(key, keyLine);
        }
    }

    static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void note(int atLine, String message) {
        problems.add(new Problem(file, atLine, message));
    }

    /** Notes a problem at a key of this section. */
    public void problem(String key, String message) {
        note(keyLines.getOrDefault(key, line), at(key) + " " + message);
    }

    /** The line of a key, or of the section when it is absent. */
    public int lineOf(String key) {
        return keyLines.getOrDefault(key, line);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Keys in the order of the file. */
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    private @Nullable String scalar(String key) {
        asked.add(key);
        Node node = values.get(key);
        if (node == null) return null;
        if (node instanceof ScalarNode scalar) return scalar.getValue();
        problem(key, "must be a single value, not a list or a mapping");
        return null;
    }

    /** A single value as it is written; empty when the key is absent or, which is noted, holds something else. */
    Optional<String> single(String key) {
        return Optional.ofNullable(scalar(key));
    }

    /** Whether a key holds this very text. */
    boolean isText(String key, String text) {
        boolean same = values.get(key) instanceof ScalarNode scalar
                && scalar.getValue().equals(text);
        if (same) asked.add(key);
        return same;
    }

    /** Problems of all files so far. */
    int problemCount() {
        return problems.size();
    }

    /** A string that must be there. */
    public String required(String key) {
        outline.value(path, key, SettingType.text().schema());
        String value = scalar(key);
        if (value != null && !value.isBlank()) return value;
        if (!has(key)) note(line, at(key) + " is missing");
        else if (value != null) problem(key, "must not be empty");
        return "";
    }

    public String string(String key, String fallback) {
        outline.value(path, key, SettingType.text().schema());
        String value = scalar(key);
        return value == null ? fallback : value;
    }

    /** A name of lower-case letters, digits and dashes, at most 64 characters. */
    public String name(String key) {
        String value = required(key);
        if (!value.isEmpty() && !value.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            problem(key, "must be lower-case letters, digits and dashes, at most 64 characters, but was " + value);
        }
        return value;
    }

    public boolean bool(String key, boolean fallback) {
        outline.value(path, key, SettingType.bool().schema());
        String value = scalar(key);
        if (value == null) return fallback;
        if (value.equals("true") || value.equals("false")) return value.equals("true");
        problem(key, "must be true or false, but was " + value);
        return fallback;
    }

    public int integer(String key, int min, int max, int fallback) {
        return (int) longInteger(key, min, max, fallback);
    }

    public long longInteger(String key, long min, long max, long fallback) {
        outline.value(path, key, SettingType.wholeSchema(min, max));
        return number(
                key,
                text -> Long.parseLong(text.replace("_", "")),
                number -> number >= min && number <= max,
                "a whole number in [" + min + ", " + max + "]",
                fallback);
    }

    public double decimal(String key, double min, double max, double fallback) {
        outline.value(path, key, SettingType.decimal(min, max).schema());
        return number(
                key,
                Double::parseDouble,
                number -> number >= min && number <= max,
                "a number in [" + min + ", " + max + "]",
                fallback);
    }

    private <N> N number(String key, Function<String, N> parse, Predicate<N> inRange, String what, N fallback) {
        String value = scalar(key);
        if (value == null) return fallback;
        try {
            N number = parse.apply(value);
            if (inRange.test(number)) return number;
        } catch (NumberFormatException e) {
            // the message below covers it
        }
        problem(key, "must be " + what + ", but was " + value);
        return fallback;
    }

    /** A duration such as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}, {@code 4w}. */
    public Duration duration(String key, Duration min, Duration max, Duration fallback) {
        outline.value(path, key, SettingType.duration(min, max).schema());
        String value = scalar(key);
        if (value == null) return fallback;
        Optional<Duration> parsed = parseDuration(value);
        if (parsed.isPresent()
                && parsed.get().compareTo(min) >= 0
                && parsed.get().compareTo(max) <= 0) return parsed.get();
        problem(
                key,
                "must be a duration in [" + show(min) + ", " + show(max) + "] such as 10s, 5m or 2h, but was " + value);
        return fallback;
    }

    /** {@code 10s} as a duration; empty when it is not one. */
    public static Optional<Duration> parseDuration(String text) {
        Matcher m = DURATION.matcher(text.trim());
        if (!m.matches()) return Optional.empty();
        try {
            long n = Long.parseLong(m.group(1));
            return Optional.of(
                    switch (m.group(2)) {
                        case "ms" -> Duration.ofMillis(n);
                        case "s" -> Duration.ofSeconds(n);
                        case "m" -> Duration.ofMinutes(n);
                        case "h" -> Duration.ofHours(n);
                        case "d" -> Duration.ofDays(n);
                        default -> Duration.ofDays(Math.multiplyExact(7, n));
                    });
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A duration as these files write it, in its largest whole unit. */
    public static String show(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 86_400_000 == 0 && ms > 0) return ms / 86_400_000 + "d";
        if (ms % 3_600_000 == 0 && ms > 0) return ms / 3_600_000 + "h";
        if (ms % 60_000 == 0 && ms > 0) return ms / 60_000 + "m";
        return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }

    /** A size such as {@code 512}, {@code 16KiB}, {@code 1MiB}. */
    public int bytes(String key, int min, int max, int fallback) {
        outline.value(path, key, SettingType.bytes(min, max).schema());
        String value = scalar(key);
        if (value == null) return fallback;
        Matcher m = BYTES.matcher(value.trim());
        if (m.matches() && m.group(1).length() < 12) {
            String unit = m.group(2) == null ? "B" : m.group(2);
            long factor = switch (unit) {
                case "KiB" -> 1L << 10;
                case "MiB" -> 1L << 20;
                case "GiB" -> 1L << 30;
                default -> 1L;
            };
            long size = Long.parseLong(m.group(1)) * factor;
            if (size >= min && size <= max) return (int) size;
        }
        problem(key, "must be a size in [" + min + "B, " + max + "B] such as 16KiB or 1MiB, but was " + value);
        return fallback;
    }

    /** One of an enum's names, written in lower case with dashes. */
    public <E extends Enum<E>> E oneOf(String key, Class<E> type, E fallback) {
        outline.value(path, key, SettingType.oneOf(type).schema());
        String value = scalar(key);
        if (value == null) return fallback;
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(value)) return constant;
            names.add(name);
        }
        problem(key, "must be one of " + String.join(", ", names) + ", but was " + value);
        return fallback;
    }

    /** A list of scalars; a single scalar counts as a list of one. */
    public List<String> strings(String key) {
        outline.value(path, key, SettingType.texts().schema());
        asked.add(key);
        Node node = values.get(key);
        if (node == null) return List.of();
        if (node instanceof ScalarNode scalar) return List.of(scalar.getValue());
        List<String> found = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar) found.add(scalar.getValue());
                else note(lineOf(item), at(key) + " must be a list of plain values");
            }
        } else {
            problem(key, "must be a list");
        }
        return List.copyOf(found);
    }

    /** A list of numbers, or one alone; what is none is noted and left out. */
    public List<Double> decimals(String key) {
        List<Double> found = new ArrayList<>();
        for (String text : strings(key)) {
            try {
                found.add(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                problem(key, "must be numbers, but one was " + text);
            }
        }
        return found;
    }

    /** A nested mapping; an absent one reads as empty, so that its defaults apply. */
    public Section section(String key) {
        outline.section(path, key);
        asked.add(key);
        Node node = values.get(key);
        return new Section(file, at(key), node, node == null ? line : lineOf(node), problems, outline);
    }

    /**
     * A list whose items are either plain values or mappings.
     *
     * @param scalar reads a plain item
     * @param mapping reads a mapping item; its section is finished afterwards
     */
    public <T> List<T> items(String key, Function<String, T> scalar, Function<Section, T> mapping) {
        outline.items(path, key);
        asked.add(key);
        Node node = values.get(key);
        if (node == null) return List.of();
        if (!(node instanceof SequenceNode sequence)) {
            problem(key, "must be a list");
            return List.of();
        }
        List<T> found = new ArrayList<>();
        int index = 0;
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode plain) {
                found.add(scalar.apply(plain.getValue()));
            } else {
                Section section = new Section(file, at(key) + "[" + index + "]", item, lineOf(item), problems, outline);
                found.add(mapping.apply(section));
                section.finish();
            }
            index++;
        }
        return List.copyOf(found);
    }

    /** The line of each item of a list; empty when the key holds none. */
    public List<Integer> itemLines(String key) {
        List<Integer> lines = new ArrayList<>();
        if (values.get(key) instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) lines.add(lineOf(item));
        }
        return lines;
    }

    /** Whether the value of a key is a mapping. */
    public boolean isMapping(String key) {
        return values.get(key) instanceof MappingNode;
    }

    /** Every key, which are names that the file chooses. */
    public Set<String> names() {
        asked.addAll(values.keySet());
        return Set.copyOf(values.keySet());
    }

    /** Whether a key stands there with nothing behind it. */
    boolean isEmpty(String key) {
        Node node = values.get(key);
        return node != null && node.getTag().equals(Tag.NULL);
    }

    /** Notes every key that was never asked for: a misspelt setting is a mistake, not a comment. */
    public void finish() {
        finish(Map.of(path, asked));
    }

    /**
     * Notes every key that is not known in this section, with the nearest one that is known.
     *
     * @param known keys by the path of their section
     */
    void finish(Map<String, Set<String>> known) {
        for (String key : values.keySet()) {
            Set<String> here = known.getOrDefault(path, Set.of());
            if (here.contains(key)) continue;
            List<String> names = here.stream().sorted().toList();
            String nearest = Nearest.of(path, key, known)
                    .map(found -> "; did you mean " + found + "?")
                    .orElse(";");
            problem(key, "is not a known setting" + nearest + " known here: " + String.join(", ", names));
        }
    }
}
