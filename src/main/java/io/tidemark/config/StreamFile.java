package io.tidemark.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code topology/streams/NAME.yaml} files into {@link StreamSpec}s. */
public final class StreamFile {

    private static final Duration NEVER = Duration.ofDays(36_500);

    private StreamFile() {}

    /**
     * Reads files and folders of stream files.
     *
     * @throws InvalidConfigException naming every mistake in every file
     */
    public static List<StreamSpec> readAll(List<Path> paths) {
        List<Problem> problems = new ArrayList<>();
        List<StreamSpec> specs = new ArrayList<>();
        Map<String, Path> names = new HashMap<>();
        for (Path file : expand(paths, problems)) {
            StreamSpec spec = read(YamlFile.open(file, problems));
            Path earlier = names.putIfAbsent(spec.name(), file);
            if (earlier != null && !spec.name().isEmpty()) {
                problems.add(new Problem(
                        file.toString(), 0, "stream " + spec.name() + " is declared in " + earlier + " too"));
            }
            specs.add(spec);
        }
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return List.copyOf(specs);
    }

    /**
     * Reads one file.
     *
     * @throws InvalidConfigException naming every mistake
     */
    public static StreamSpec read(Path file) {
        return readAll(List.of(file)).get(0);
    }

    private static List<Path> expand(List<Path> paths, List<Problem> problems) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    entries.filter(p -> p.toString().endsWith(".yaml")).sorted().forEach(files::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            } else if (Files.exists(path)) {
                files.add(path);
            } else {
                problems.add(new Problem(path.toString(), 0, "does not exist"));
            }
        }
        return files;
    }

    static StreamSpec read(Section top) {
        String name = top.name("stream");
        InputSpec input = input(top, top.section("input"), top.section("outputs"));
        GridSpec grid = grid(top);
        if (grid.step().isEmpty() && input.time().unit() == InputSpec.TimeUnit.ROW_NUMBER) {
            top.problem("step", "must be a duration when time is the row number, such as 1m");
        }
        if (input.format() == InputSpec.Format.IMAGE) ImageSection.checkGrid(top, grid);
        Section forecast = top.section("forecast");
        int every = forecast.integer("every", 0, 1_000_000, 12);
        forecast.finish();
        StreamSpec spec = new StreamSpec(
                name,
                input,
                grid,
                scaling(top.section("scaling")),
                networks(top),
                every,
                learning(top.section("learning")),
                verdict(top.section("verdict")),
                limits(top.section("limits")),
                retrain(top.section("retrain")),
                challengers(top.section("challengers")),
                guard(top.section("guard")));
        top.string("about", "");
        top.finish();
        return spec;
    }

    private static List<String> networks(Section top) {
        List<String> networks = top.strings("networks");
        if (new HashSet<>(networks).size() < networks.size()) top.problem("networks", "names a network twice");
        return networks;
    }

    private static InputSpec input(Section top, Section s, Section outputs) {
        String topic = s.required("topic");
        if (!topic.isEmpty() && !topic.matches("[a-zA-Z0-9._-]{1,249}")) {
            s.problem("topic", "must be a Kafka topic name of letters, digits, '.', '_' and '-', but was " + topic);
        }
        InputSpec.Format format = s.oneOf("format", InputSpec.Format.class, InputSpec.Format.JSON);
        boolean keyed = s.bool("keyed", false);
        if (format == InputSpec.Format.IMAGE) return ImageSection.input(s, outputs, topic, keyed);
        if (s.has("image")) s.problem("image", "is for format: image");
        outputs.finish();
        InputSpec.Time time = time(s, "timestamp");
        List<String> series = s.strings("series");
        InputSpec.Values shared = ValueSection.shared(s, top.section("gaps"));
        List<InputSpec.Feature> features = features(s, shared);
        Optional<InputSpec.LongForm> longForm = Optional.empty();
        if (s.has("long")) {
            longForm = Optional.of(ValueSection.longForm(s.section("long")));
        }
        InputSpec.Choice choice = ValueSection.choice(s, top);
        InputSpec.Csv cells = CsvSection.read(s.section("csv"));
        s.finish();
        return new InputSpec(topic, format, keyed, time, series, features, longForm, cells, Optional.empty(), choice);
    }

    /** @param fallback the field where none is declared */
    static InputSpec.Time time(Section s, String fallback) {
        if (!s.isMapping("time")) {
            return new InputSpec.Time(s.string("time", fallback), InputSpec.TimeUnit.AUTO, ZoneOffset.UTC);
        }
        Section t = s.section("time");
        String zone = t.string("zone", "UTC");
        ZoneId id = ZoneOffset.UTC;
        try {
            id = ZoneId.of(zone);
        } catch (DateTimeException e) {
            t.problem("zone", "must be a time zone such as UTC or Europe/Berlin, but was " + zone);
        }
        List<String> patterns = t.strings("pattern");
        for (String pattern : patterns) {
            TimePattern.mistake(pattern).ifPresent(why -> t.problem("pattern", why));
        }
        if (!patterns.isEmpty() && t.has("unit"))
            t.problem("unit", "says nothing beside pattern; leave one of them out");
        InputSpec.Time time = new InputSpec.Time(
                t.string("field", fallback),
                t.oneOf("unit", InputSpec.TimeUnit.class, InputSpec.TimeUnit.AUTO),
                id,
                patterns);
        t.finish();
        return time;
    }

    private static List<InputSpec.Feature> features(Section s, InputSpec.Values shared) {
        List<InputSpec.Feature> features;
        if (s.isMapping("features")) {
            Section numbered = s.section("features");
            int count = numbered.integer("count", 1, 4096, 1);
            String prefix = numbered.string("prefix", "f");
            numbered.finish();
            features = new ArrayList<>();
            for (int i = 0; i < count; i++) features.add(new InputSpec.Feature(prefix + i, prefix + i, shared));
        } else {
            features = s.items("features", plain -> new InputSpec.Feature(plain, plain, shared), item -> {
                String name = item.required("name");
                return new InputSpec.Feature(name, item.string("field", name), ValueSection.of(item, shared));
            });
        }
        if (features.isEmpty()) {
            s.problem("features", "must name at least one value, such as [value]");
        }
        if (features.size() > 4096) s.problem("features", "must be at most 4096, but were " + features.size());
        Set<String> names = new HashSet<>();
        for (InputSpec.Feature f : features) {
            if (!names.add(f.name())) s.problem("features", "names " + f.name() + " twice");
        }
        return features;
    }

    private static GridSpec grid(Section top) {
        String step = top.string("step", "event");
        Optional<Duration> length = Optional.empty();
        if (!step.equals("event")) {
            length = Optional.of(
                    top.duration("step", Duration.ofMillis(1), Duration.ofDays(366), Duration.ofSeconds(10)));
        }
        Section gaps = top.section("gaps");
        GridSpec.Fill fill = fill(gaps.string("fill", "previous"));
        boolean value = fill == GridSpec.Fill.ZERO || fill == GridSpec.Fill.VALUE;
        int fillMax = gaps.integer("max", 0, 1024, value ? 1024 : 3);
        gaps.finish();
        Optional<Duration> idle = Optional.empty();
        if (!top.string("idle-close", "none").equals("none")) {
            idle = Optional.of(top.duration("idle-close", Duration.ofMillis(100), NEVER, Duration.ofMinutes(5)));
        }
        return new GridSpec(
                length,
                top.duration("lateness", Duration.ZERO, Duration.ofDays(366), Duration.ZERO),
                top.oneOf("aggregate", GridSpec.Aggregate.class, GridSpec.Aggregate.LAST),
                fill,
                fillMax,
                top.duration("max-future", Duration.ZERO, NEVER, Duration.ofMinutes(10)),
                idle);
    }

    /** What a mistaken word means is told where features read it. */
    private static GridSpec.Fill fill(String text) {
        return switch (text) {
            case "linear" -> GridSpec.Fill.LINEAR;
            case "none" -> GridSpec.Fill.NONE;
            case "zero" -> GridSpec.Fill.ZERO;
            case "previous" -> GridSpec.Fill.PREVIOUS;
            default -> GridSpec.Fill.VALUE;
        };
    }

    private static StreamSpec.Scaling scaling(Section s) {
        StreamSpec.Scaling scaling = new StreamSpec.Scaling(
                s.decimal("floor", 1e-12, 1e12, 1e-6),
                s.decimal("clip", 1, 1000, 10),
                s.integer("memory", 10, 10_000_000, 100_000));
        s.finish();
        return scaling;
    }

    private static StreamSpec.Learning learning(Section s) {
        StreamSpec.Learning learning = new StreamSpec.Learning(
                s.integer("series", 0, 100_000, 64),
                s.integer("chunk", 1, 1024, 16),
                s.integer("first-rows", 16, 10_000_000, 512),
                s.integer("first-steps", 1, 1_000_000, 200),
                s.integer("rows-per-step", 1, 1_000_000, 32),
                s.integer("publish-rows", 1, 100_000_000, 2048),
                s.integer("buffer-rows", 64, 10_000_000, 50_000),
                s.integer("passes", 1, 1000, 5),
                s.longInteger("seed", 0, Long.MAX_VALUE, 1),
                s.decimal("withhold", 0, 0.5, 0.1),
                s.decimal("share", 0.001, 1, 1));
        s.finish();
        return learning;
    }

    private static StreamSpec.Verdict verdict(Section s) {
        Optional<AlertBudget> budget = budget(s);
        double open = s.decimal("open", 1e-6, 1, 0.7);
        Optional<Duration> age = Optional.empty();
        if (!s.string("alert-max-age", "none").equals("none")) {
            age = Optional.of(s.duration("alert-max-age", Duration.ofSeconds(1), NEVER, Duration.ofHours(1)));
        }
        StreamSpec.Verdict verdict = new StreamSpec.Verdict(
                s.oneOf("direction", StreamSpec.Direction.class, StreamSpec.Direction.BOTH),
                s.decimal("minimum-deviation", 0, 1e6, 0),
                open,
                s.decimal("close", 0, open, open / 2),
                s.integer("for", 1, 1000, 1),
                s.integer("close-after", 1, 100_000, 5),
                s.integer("adapt-after", 1, 10_000_000, 500),
                budget,
                age);
        s.finish();
        return verdict;
    }

    /** A budget, unless a threshold is declared. */
    private static Optional<AlertBudget> budget(Section s) {
        boolean threshold = s.has("open");
        if (!s.has("budget")) {
            return threshold ? Optional.empty() : Optional.of(AlertBudget.DEFAULT);
        }
        String text = s.string("budget", AlertBudget.DEFAULT.toString());
        if (threshold) {
            s.problem(
                    "budget", "cannot stand beside open: an alert opens by a budget or at a threshold; leave one out");
        }
        try {
            return Optional.of(AlertBudget.parse(text));
        } catch (IllegalArgumentException e) {
            s.problem("budget", String.valueOf(e.getMessage()));
            return Optional.of(AlertBudget.DEFAULT);
        }
    }

    private static StreamSpec.Retrain retrain(Section s) {
        Optional<String> cron = s.has("cron") ? Optional.of(s.string("cron", "")) : Optional.empty();
        cron.ifPresent(expression -> {
            try {
                new Cron(expression);
            } catch (IllegalArgumentException e) {
                s.problem(
                        "cron",
                        "must be a Unix cron expression such as 0 3 * * 0, but was " + expression + ": "
                                + e.getMessage());
            }
        });
        Optional<Duration> history = s.has("history")
                ? Optional.of(s.duration("history", Duration.ofMinutes(1), NEVER, Duration.ofDays(7)))
                : Optional.empty();
        StreamSpec.Retrain retrain = new StreamSpec.Retrain(
                cron,
                history,
                s.strings("networks"),
                s.integer("trials", 1, 4, 1),
                s.integer("steps", 1, 10_000_000, 2000),
                s.integer("candidates", 1, 256, 6));
        s.finish();
        return retrain;
    }

    private static StreamSpec.Challengers challengers(Section s) {
        StreamSpec.Challengers shipped = StreamSpec.Challengers.SHIPPED;
        StreamSpec.Challengers challengers = new StreamSpec.Challengers(
                s.decimal("share", 0, 1, shipped.share()),
                s.integer("most", 0, 4, shipped.most()),
                s.decimal("cost", 0, 10, shipped.cost()));
        s.finish();
        return challengers;
    }

    private static StreamSpec.Guard guard(Section s) {
        StreamSpec.Guard shipped = StreamSpec.Guard.SHIPPED;
        StreamSpec.Guard guard = new StreamSpec.Guard(
                s.duration("watch", Duration.ZERO, Duration.ofDays(1), shipped.watch()),
                s.integer("least", 20, 1_000_000, shipped.least()),
                s.decimal("alert-rate", 1, 1000, shipped.alertRate()),
                s.decimal("tails", 1, 20, shipped.tails()),
                s.decimal("latency", 1, 1000, shipped.latency()),
                s.decimal("errors", 1, 1000, shipped.errors()),
                s.decimal("failed", 0, 1, shipped.failed()));
        s.finish();
        return guard;
    }

    private static StreamSpec.Limits limits(Section s) {
        StreamSpec.Limits limits = new StreamSpec.Limits(
                s.integer("series", 1, 10_000_000, 10_000),
                s.bytes("event", 64, 64 << 20, 1 << 20),
                s.bytes("state", 8 << 10, 1 << 20, 16 << 10),
                s.integer("open-steps", 1, 1024, 64));
        s.finish();
        return limits;
    }
}
