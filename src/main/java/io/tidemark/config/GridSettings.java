package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of how events become steps. */
final class GridSettings {
    static final Duration YEAR = Duration.ofDays(366);

    private static final Settings<StreamSpec> TOP = new Settings<>("", "");
    private static final Settings<StreamSpec> GAPS = new Settings<>("gaps", "How missing steps are filled.");

    static final Setting<StreamSpec, Optional<Duration>> STEP = TOP.add(
                    "step",
                    Kind.duration(Duration.ofMillis(1), YEAR).orWord("event"),
                    Optional.empty(),
                    s -> s.grid().step(),
                    "Length of a grid step; `event`: every event is a step of its own.")
            .common();
    static final Setting<StreamSpec, Duration> LATENESS = TOP.add(
                    "lateness",
                    Kind.duration(Duration.ZERO, YEAR),
                    Duration.ZERO,
                    s -> s.grid().lateness(),
                    "How long after its end a grid step stays open, by the clock of its series' own events.")
            .common();
    static final Setting<StreamSpec, GridSpec.Aggregate> AGGREGATE = TOP.add(
                    "aggregate",
                    Kind.oneOf(GridSpec.Aggregate.class),
                    GridSpec.Aggregate.LAST,
                    s -> s.grid().aggregate(),
                    "What a grid step takes of several events of one feature.")
            .common();
    static final Setting<StreamSpec, Duration> MAX_FUTURE = TOP.add(
            "max-future",
            Kind.duration(Duration.ZERO, Kind.NEVER),
            Duration.ofMinutes(10),
            s -> s.grid().maxFuture(),
            "How far an event's time may lie beyond its Kafka timestamp; later events are rejected.");
    static final Setting<StreamSpec, Optional<Duration>> IDLE_CLOSE = TOP.add(
            "idle-close",
            Kind.duration(Duration.ofMillis(100), Kind.NEVER).orWord("none"),
            Optional.empty(),
            s -> s.grid().idleClose(),
            "After how much wall time without an event the open steps of a series close; `none`: they wait.");
    static final Setting<StreamSpec, GridSpec.Fill> FILL = GAPS.add(
            "fill",
            Kind.oneOf(GridSpec.Fill.class),
            GridSpec.Fill.PREVIOUS,
            s -> s.grid().fill(),
            "What a missing step gets: the value before, a line between its neighbours, or nothing.");
    static final Setting<StreamSpec, Integer> FILL_MAX = GAPS.add(
            "max",
            Kind.whole(0, 1024),
            3,
            s -> s.grid().fillMax(),
            "The longest gap that is filled, in steps; windows across a longer one are not scored.");

    static final List<Settings<StreamSpec>> ALL = List.of(TOP, GAPS);

    private GridSettings() {}

    static GridSpec read(Reading<StreamSpec> file) {
        return new GridSpec(
                file.get(STEP),
                file.get(LATENESS),
                file.get(AGGREGATE),
                file.get(FILL),
                file.get(FILL_MAX),
                file.get(MAX_FUTURE),
                file.get(IDLE_CLOSE));
    }
}
