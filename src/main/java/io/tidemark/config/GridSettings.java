package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settings of how events become steps. */
final class GridSettings {
    static final Duration YEAR = Duration.ofDays(366);

    private static final Settings<StreamSpec> TOP = new Settings<>("", "");
    private static final Settings<StreamSpec> GAPS = new Settings<>("gaps", "How missing steps are filled.");

    private static final List<GridSpec.Fill> WORDS =
            List.of(GridSpec.Fill.PREVIOUS, GridSpec.Fill.LINEAR, GridSpec.Fill.NONE, GridSpec.Fill.ZERO);

    static final SettingType<GridSpec.Filling> FILLING = SettingType.parsed(
            GridSettings::filling,
            GridSettings::word,
            "one of `previous`, `linear`, `none`, `zero`, or a number",
            "\"anyOf\": [{\"enum\": [\"previous\", \"linear\", \"none\", \"zero\"]}, {\"type\": \"number\"}]",
            List.of("previous", "linear", "none", "zero", "-2.5", "1e12"),
            List.of("no-such-word", "1e999"));

    static final Setting<StreamSpec, Optional<Duration>> STEP = TOP.add(
                    "step",
                    SettingType.duration(Duration.ofMillis(1), YEAR).orWord("event"),
                    Optional.empty(),
                    s -> s.grid().step(),
                    "Length of a grid step; `event`: every event is a step of its own.")
            .common();
    static final Setting<StreamSpec, Duration> LATENESS = TOP.add(
                    "lateness",
                    SettingType.duration(Duration.ZERO, YEAR),
                    Duration.ZERO,
                    s -> s.grid().lateness(),
                    "How long after its end a grid step stays open, by the clock of its series' own events.")
            .common();
    static final Setting<StreamSpec, GridSpec.Aggregate> AGGREGATE = TOP.add(
                    "aggregate",
                    SettingType.oneOf(GridSpec.Aggregate.class),
                    GridSpec.Aggregate.LAST,
                    s -> s.grid().aggregate(),
                    "What a grid step takes of several events of one feature.")
            .common();
    static final Setting<StreamSpec, Duration> MAX_FUTURE = TOP.add(
            "max-future",
            SettingType.duration(Duration.ZERO, SettingType.NEVER),
            Duration.ofMinutes(10),
            s -> s.grid().maxFuture(),
            "How far an event's time may lie beyond its Kafka timestamp; later events are rejected.");
    static final Setting<StreamSpec, Optional<Duration>> IDLE_CLOSE = TOP.add(
            "idle-close",
            SettingType.duration(Duration.ofMillis(100), SettingType.NEVER).orWord("none"),
            Optional.empty(),
            s -> s.grid().idleClose(),
            "After how much wall time without an event the open steps of a series close; `none`: they wait.");
    static final Setting<StreamSpec, InputSpec.SameTime> SAME_TIME = TOP.addWhere(
            "same-time",
            sameTime(),
            InputSpec.SameTime.KEEP,
            InputSettings.ofRows(s -> Optional.of(s.input().choice().sameTime())),
            "What becomes of another event of a series with the same time and other values. `keep`: on a grid it joins the step, with"
                    + " `step: event` it is the next step, which `aggregate` and `sequence` say by name; `reject`: it is rejected.");
    static final Setting<StreamSpec, GridSpec.Filling> FILL = GAPS.add(
            "fill",
            FILLING,
            new GridSpec.Filling(GridSpec.Fill.PREVIOUS, 0),
            s -> s.input().shared().fill().orElse(new GridSpec.Filling(s.grid().fill(), 0)),
            "What a missing step or value gets: the value before, a line between its neighbours, nothing, or a value that is judged.");
    static final Setting<StreamSpec, Integer> FILL_MAX = GAPS.add(
                    "max",
                    SettingType.whole(0, 1024),
                    3,
                    s -> s.grid().fillMax(),
                    "The longest gap that is filled, in steps; windows across a longer one are not scored. 1024 where `fill` is `zero` or a"
                            + " number, else 3.")
            .derived(s -> fillMax(FILL.of(s).orElseThrow()));

    static final List<Settings<StreamSpec>> ALL = List.of(TOP, GAPS);

    private GridSettings() {}

    private static SettingType<InputSpec.SameTime> sameTime() {
        SettingType<InputSpec.SameTime> words = SettingType.oneOf(InputSpec.SameTime.class);
        SettingType.Reader<InputSpec.SameTime> reader = (s, key, fallback) -> {
            boolean events = !s.has("step") || s.isText("step", "event");
            boolean aggregate = s.isText(key, "aggregate");
            if (!aggregate && !s.isText(key, "sequence")) return words.reader().read(s, key, fallback);
            if (aggregate && events) s.problem(key, "aggregate needs a step of some length, such as step: 1s");
            if (!aggregate && !events) s.problem(key, "sequence needs step: event, where every event is a step");
            return InputSpec.SameTime.KEEP;
        };
        return new SettingType<>(
                reader,
                words.writer(),
                words.allows(),
                "one of `keep`, `aggregate`, `sequence`, `reject`",
                "\"enum\": [\"keep\", \"aggregate\", \"sequence\", \"reject\"]",
                words.inside(),
                words.outside());
    }

    private static int fillMax(GridSpec.Filling fill) {
        return fill.isValue() ? 1024 : 3;
    }

    private static GridSpec.Filling filling(String text) {
        for (GridSpec.Fill fill : WORDS) {
            if (text.equals(word(new GridSpec.Filling(fill, 0)))) return new GridSpec.Filling(fill, 0);
        }
        if (text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")) {
            double value = number(text);
            if (Double.isFinite(value)) return new GridSpec.Filling(GridSpec.Fill.VALUE, value);
        }
        throw new IllegalArgumentException();
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String word(GridSpec.Filling filling) {
        return filling.fill() == GridSpec.Fill.VALUE
                ? SettingType.number(filling.value())
                : filling.fill().name().toLowerCase(Locale.ROOT);
    }

    /** @param fill the value of {@link #FILL} */
    static GridSpec read(Reading<StreamSpec> file, GridSpec.Filling fill) {
        return new GridSpec(
                file.get(STEP),
                file.get(LATENESS),
                file.get(AGGREGATE),
                fill.fill(),
                file.get(FILL_MAX, fillMax(fill)),
                file.get(MAX_FUTURE),
                file.get(IDLE_CLOSE));
    }
}
