package io.tidemark.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** Every setting of a stream file, in the order in which it is shown, and how they make a stream. */
public final class StreamSettings {
    private static final Settings<StreamSpec> TOP = new Settings<>("", "");
    private static final Settings<StreamSpec> WATCH = new Settings<>("", "");
    private static final Settings<StreamSpec> FORECAST = new Settings<>("forecast", "What is forecast.");
    private static final Settings<StreamSpec> LIMITS = new Settings<>("limits", "What one stream may use.");

    static final Setting<StreamSpec, String> NAME = TOP.add(
                    "stream",
                    SettingType.text(
                            "[a-z0-9][a-z0-9-]{0,63}",
                            "lower-case letters, digits and dashes, at most 64 characters",
                            List.of("a", "b".repeat(64)),
                            List.of("Pump", "-a", "''", "b".repeat(65))),
                    "",
                    StreamSpec::name,
                    "The stream's name.")
            .required()
            .common();
    static final Setting<StreamSpec, String> ABOUT = TOP.add(
                    "about", SettingType.text(), "", StreamSpec::about, "What a person should know of the stream.")
            .common();
    static final Setting<StreamSpec, List<String>> NETWORKS = WATCH.add(
                    "networks",
                    SettingType.texts(),
                    List.of(),
                    StreamSpec::networks,
                    "Networks of the zoo that watch the stream, at most 16; none: values alone are judged.")
            .common();
    static final Setting<StreamSpec, Integer> EVERY = FORECAST.add(
            "every",
            SettingType.whole(0, 1_000_000),
            12,
            StreamSpec::forecastEvery,
            "A forecast is written for every so many steps of a series; 0: none.");

    static final Setting<StreamSpec, Integer> SERIES = LIMITS.add(
                    "series",
                    SettingType.whole(1, 10_000_000),
                    10_000,
                    s -> s.limits().series(),
                    "Series of the stream, over all partitions; events of further ones are rejected.")
            .common();
    static final Setting<StreamSpec, Integer> EVENT = LIMITS.add(
            "event",
            SettingType.bytes(64, 64 << 20),
            1 << 20,
            s -> s.limits().eventBytes(),
            "The largest input record that is decoded.");
    static final Setting<StreamSpec, Integer> STATE = LIMITS.add(
            "state",
            SettingType.bytes(8 << 10, 1 << 20),
            16 << 10,
            s -> s.limits().stateBytes(),
            "State of one series in the verdict.");
    static final Setting<StreamSpec, Duration> EXPIRE = LIMITS.add(
                    "expire",
                    SettingType.duration(Duration.ofMinutes(1), SettingType.NEVER),
                    Duration.ofDays(30),
                    s -> s.limits().expire(),
                    "Silence, in event time, after which a series is forgotten: its state, its place among `series`, its seat among"
                            + " those that teach. When it comes again it begins anew.")
            .common();
    static final Setting<StreamSpec, Integer> OPEN_STEPS = LIMITS.add(
            "open-steps",
            SettingType.whole(1, 1024),
            64,
            s -> s.limits().openSteps(),
            "Grid steps of one series that are open at a time.");

    private static final List<Settings<StreamSpec>> ALL = Stream.of(
                    List.of(TOP),
                    InputSettings.ALL,
                    CsvSettings.ALL,
                    SchemaSettings.ALL,
                    ImageSettings.ALL,
                    OutputSettings.ALL,
                    GridSettings.ALL,
                    List.of(WATCH, FORECAST),
                    LearningSettings.ALL,
                    VerdictSettings.ALL,
                    List.of(LIMITS),
                    ModelSettings.ALL,
                    IncidentSettings.ALL)
            .flatMap(List::stream)
            .toList();

    private StreamSettings() {}

    /** Every section, in the order in which it is shown. */
    public static List<Settings<StreamSpec>> sections() {
        return ALL;
    }

    /** Every setting, in the order in which it is shown. */
    public static List<Setting<StreamSpec, ?>> all() {
        List<Setting<StreamSpec, ?>> all = new ArrayList<>();
        ALL.forEach(section -> all.addAll(section.all()));
        return all;
    }

    /** Reads a file; what is wrong is noted and replaced by its default. */
    static StreamSpec read(Section top) {
        Reading<StreamSpec> file = new Reading<>(top, ALL);
        GridSpec.Filling fill = file.get(GridSettings.FILL);
        InputSpec input = InputSettings.read(file, fill);
        GridSpec grid = GridSettings.read(file, fill);
        check(file, input, grid);
        List<String> networks = file.get(NETWORKS);
        if (new HashSet<>(networks).size() < networks.size()) file.problem(NETWORKS, "names a network twice");
        StreamSpec spec = new StreamSpec(
                file.get(NAME),
                file.get(ABOUT),
                input,
                grid,
                LearningSettings.scaling(file),
                networks,
                new StreamSpec.Outputs(file.get(EVERY), file.get(OutputSettings.CODES)),
                LearningSettings.learning(file),
                VerdictSettings.read(file, input),
                new StreamSpec.Limits(
                        file.get(SERIES), file.get(EVENT), file.get(STATE), file.get(OPEN_STEPS), file.get(EXPIRE)),
                ModelSettings.retrain(file),
                ModelSettings.challengers(file),
                ModelSettings.guard(file),
                IncidentSettings.read(file));
        file.finish();
        return spec;
    }

    /** What is wrong only with several settings together. */
    private static void check(Reading<StreamSpec> file, InputSpec input, GridSpec grid) {
        if (input.encoding().format() == InputSpec.Format.IMAGE) {
            if (grid.step().isPresent()) {
                file.problem(GridSettings.STEP, "must be event for images: every frame is a step");
            }
            if (grid.idleClose().isPresent()) {
                file.problem(GridSettings.IDLE_CLOSE, "has no meaning for images: every frame closes");
            }
            if (grid.fill() == GridSpec.Fill.ZERO || grid.fill() == GridSpec.Fill.VALUE) {
                file.problem(GridSettings.FILL, "must be previous, linear or none for images");
            }
        } else if (grid.step().isEmpty() && input.fields().time().unit() == InputSpec.TimeUnit.ROW_NUMBER) {
            file.problem(GridSettings.STEP, "must be a duration when time is the row number, such as 1m");
        }
    }
}
