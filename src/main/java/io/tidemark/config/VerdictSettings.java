package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings of when a score becomes an alert. */
final class VerdictSettings {
    private static final Settings<StreamSpec> VERDICT = new Settings<>("verdict", "When a score becomes an alert.");

    private static final Settings<StreamSpec> TOP = new Settings<>("", "");

    private static final int CLOSE_AFTER_BUDGET = 20;
    private static final int CLOSE_AFTER_THRESHOLD = 5;

    static final Setting<StreamSpec, StreamSpec.Direction> DIRECTION = VERDICT.add(
                    "direction",
                    SettingType.oneOf(StreamSpec.Direction.class),
                    StreamSpec.Direction.BOTH,
                    s -> s.verdict().deviations().direction(),
                    "Which deviations count, of every feature that says nothing else in `features`.")
            .common();
    static final Setting<StreamSpec, Double> MINIMUM_DEVIATION = VERDICT.add(
            "minimum-deviation",
            SettingType.decimal(0, 1e6),
            0.0,
            s -> s.verdict().deviations().minimum(),
            "Deviations below this many scale units never alert; of every feature without a minimum of its own.");
    static final Setting<StreamSpec, Map<String, Deviations.Own>> FEATURES = VERDICT.add(
            "features",
            Deviations.FEATURES,
            Map.of(),
            s -> s.verdict().deviations().features(),
            "What counts of single features: `{temp: {direction: above, minimum-absolute: 0.5, minimum-relative: 0.1}}`. Steps whose"
                    + " strongest feature deviates less from what was expected than `minimum-absolute`, in its own unit, or than"
                    + " `minimum-relative`, as a share of the expected value's size, never alert; a value that stands still deviates"
                    + " from nothing, and does.");
    static final Setting<StreamSpec, Double> OPEN = VERDICT.add(
                    "open",
                    SettingType.decimal(1e-6, 1),
                    0.7,
                    s -> s.verdict().hysteresis().open(),
                    "The alert score that opens an alert.")
            .common();
    static final Setting<StreamSpec, Double> CLOSE = VERDICT.add(
                    "close",
                    SettingType.decimal(0, 1),
                    0.35,
                    s -> s.verdict().hysteresis().close(),
                    "The alert score below which an alert closes, at most `open`; the default is half of `open`.")
            .derived(s -> s.verdict().hysteresis().open() / 2);
    static final Setting<StreamSpec, Integer> FOR = VERDICT.add(
                    "for",
                    SettingType.whole(1, 1000),
                    1,
                    s -> s.verdict().hysteresis().forSteps(),
                    "Steps in a row at or above `open` before an alert opens.")
            .common();
    static final Setting<StreamSpec, Integer> CLOSE_AFTER = VERDICT.add(
                    "close-after",
                    SettingType.whole(1, 100_000),
                    CLOSE_AFTER_BUDGET,
                    s -> s.verdict().hysteresis().closeSteps(),
                    "Steps in a row below `close`, or half the budget's level, before an alert closes; the default is 5 where alerts open at a threshold.")
            .derived(s -> closeAfter(s.verdict().budget()))
            .common();
    static final Setting<StreamSpec, Integer> ADAPT_AFTER = VERDICT.add(
            "adapt-after",
            SettingType.whole(1, 10_000_000),
            500,
            s -> s.verdict().adaptAfter(),
            "Steps after which an uninterrupted alert teaches.");
    static final Setting<StreamSpec, Optional<AlertBudget>> BUDGET = VERDICT.add(
                    "budget",
                    SettingType.parsed(
                                    AlertBudget::parse,
                                    AlertBudget::toString,
                                    "alerts in so many steps or in a time, such as 1 / 10000 steps or 1 / week",
                                    "\"type\": \"string\"",
                                    List.of("1 / 10000 steps", "2 / week", "0.5 / day"),
                                    List.of("often", "1 / 10 steps", "0 / week"))
                            .orWord("none"),
                    Optional.of(AlertBudget.DEFAULT),
                    s -> s.verdict().budget(),
                    "Alerts that a series may open without a cause; `none`, or `open` declared alone: alerts open at the threshold `open`.")
            .common();
    static final Setting<StreamSpec, Optional<AlertBudget>> STREAM_BUDGET = VERDICT.add(
            "stream-budget",
            SettingType.parsed(
                            AlertBudget::parseOfTime,
                            AlertBudget::toString,
                            "alerts in a time, such as 5 / day",
                            "\"type\": \"string\"",
                            List.of("5 / day", "0.5 / hour"),
                            List.of("often", "1 / 10000 steps"))
                    .orWord("none"),
            Optional.empty(),
            s -> s.verdict().streamBudget(),
            "Alerts that all series of the stream together may open without a cause, beside what `budget` allows each; each has an equal part.");
    static final Setting<StreamSpec, Optional<Duration>> ALERT_MAX_AGE = VERDICT.add(
            "alert-max-age",
            SettingType.duration(Duration.ofSeconds(1), SettingType.NEVER).orWord("none"),
            Optional.empty(),
            s -> s.verdict().alertMaxAge(),
            "Events older than this by wall time never open an alert; `none`: any age may.");

    static final Setting<StreamSpec, StaleRule> IDLE = TOP.add(
                    "idle",
                    StaleRule.KIND,
                    StaleRule.AUTO,
                    s -> s.verdict().idle(),
                    "After how long without a step a series is stale, which is an alert; `auto`: five times its longest distance between steps,"
                            + " once it was watched for a day and if it is regular; `none`: never.")
            .common();

    static final List<Settings<StreamSpec>> ALL = List.of(TOP, VERDICT);

    private VerdictSettings() {}

    private static Deviations deviations(Reading<StreamSpec> file, InputSpec input) {
        Map<String, Deviations.Own> features = file.get(FEATURES);
        Set<String> known =
                input.fields().features().stream().map(InputSpec.Feature::name).collect(Collectors.toSet());
        for (String name : features.keySet()) {
            if (known.contains(name)) continue;
            String nearest = Nearest.of("", name, Map.of("", known))
                    .map(found -> "; did you mean " + found + "?")
                    .orElse("; the features are those below input.features");
            file.problem(FEATURES, name, "is not a feature of the stream" + nearest);
        }
        return new Deviations(file.get(DIRECTION), file.get(MINIMUM_DEVIATION), features);
    }

    private static int closeAfter(Optional<AlertBudget> budget) {
        return budget.isPresent() ? CLOSE_AFTER_BUDGET : CLOSE_AFTER_THRESHOLD;
    }

    static StreamSpec.Verdict read(Reading<StreamSpec> file, InputSpec input) {
        boolean threshold = file.has(OPEN.path());
        double open = file.get(OPEN);
        double close = file.get(CLOSE, open / 2);
        if (close > open) {
            file.problem(
                    CLOSE, "must be at most verdict.open, which is " + SettingType.number(open) + ", but was " + close);
            close = open / 2;
        }
        Optional<AlertBudget> budget =
                file.get(BUDGET, threshold ? Optional.empty() : Optional.of(AlertBudget.DEFAULT));
        Optional<AlertBudget> streamBudget = file.get(STREAM_BUDGET);
        if (streamBudget.isPresent() && budget.isEmpty()) {
            file.problem(STREAM_BUDGET, "needs verdict.budget, but alerts open at the threshold verdict.open");
        }
        return new StreamSpec.Verdict(
                deviations(file, input),
                new StreamSpec.Verdict.Hysteresis(
                        open, close, file.get(FOR), file.get(CLOSE_AFTER, closeAfter(budget))),
                file.get(ADAPT_AFTER),
                budget,
                streamBudget,
                file.get(ALERT_MAX_AGE),
                file.get(IDLE));
    }
}
