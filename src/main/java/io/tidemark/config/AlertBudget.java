package io.tidemark.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many alerts a series, or all series of a stream together, may open without a cause: so many in so many steps, or in so much time.
 *
 * @param alerts in [0.001, 1000]
 * @param steps in [100, 1000000000]; 0 where the budget is for a time
 * @param per the time; empty where the budget is for steps
 */
public record AlertBudget(double alerts, long steps, Optional<Duration> per) {
    /** The shipped default: one in ten thousand steps. */
    public static final AlertBudget DEFAULT = new AlertBudget(1, 10_000, Optional.empty());

    private static final Pattern FORM =
            Pattern.compile("([0-9.]+) */ *(?:([0-9_]+) +steps?|(minute|hour|day|week|month))");
    private static final double LEVEL_MIN = 1;
    private static final double LEVEL_MAX = 12;

    public AlertBudget {
        if (!(alerts >= 0.001 && alerts <= 1000)) {
            throw new IllegalArgumentException("budget must be for 0.001 to 1000 alerts, but was for " + alerts);
        }
        if (per.isEmpty() && (steps < 100 || steps > 1_000_000_000)) {
            throw new IllegalArgumentException("budget must be for 100 to 1000000000 steps, but was for " + steps);
        }
    }

    /**
     * Reads {@code 1 / 10000 steps}, {@code 1 / week}, {@code 0.5 / day}.
     *
     * @throws IllegalArgumentException when it is neither, with the forms that are
     */
    public static AlertBudget parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "must be like `1 / 10000 steps`, or `1 / week` (minute, hour, day, week, month)," + " but was `"
                            + text + "`");
        }
        double alerts = Double.parseDouble(form.group(1));
        if (form.group(2) != null) {
            return new AlertBudget(alerts, Long.parseLong(form.group(2).replace("_", "")), Optional.empty());
        }
        Duration per = switch (form.group(3)) {
            case "minute" -> Duration.ofMinutes(1);
            case "hour" -> Duration.ofHours(1);
            case "day" -> Duration.ofDays(1);
            case "week" -> Duration.ofDays(7);
            default -> Duration.ofDays(30);
        };
        return new AlertBudget(alerts, 0, Optional.of(per));
    }

    /**
     * As {@link #parse}, for a time only: steps of many series are no measure of what a person is told.
     *
     * @throws IllegalArgumentException when it is for steps
     */
    public static AlertBudget parseOfTime(String text) {
        AlertBudget budget = parse(text);
        if (budget.per.isEmpty()) {
            throw new IllegalArgumentException("must be for a time, such as `5 / day`, but was `" + text + "`");
        }
        return budget;
    }

    /**
     * The return level that opens an alert: log10 of the steps in which one alert is allowed; in [1, 12].
     *
     * @param stepMs time between two steps of the series, above 0
     */
    public double level(double stepMs) {
        return level(stepMs, 1);
    }

    /**
     * The return level that opens an alert of one of several series, where all of them share the budget in equal parts; in [1, 12].
     *
     * @param stepMs time between two steps of a series, above 0
     * @param series how many share it, at least 1
     */
    public double level(double stepMs, long series) {
        double inSteps = per.isPresent() ? per.get().toMillis() / stepMs : steps;
        return Math.max(LEVEL_MIN, Math.min(LEVEL_MAX, Math.log10(inSteps * series / alerts)));
    }

    /** As a stream file says it. */
    @Override
    public String toString() {
        String count = alerts == Math.rint(alerts) ? Long.toString((long) alerts) : Double.toString(alerts);
        if (per.isEmpty()) {
            return count + " / " + steps + " steps";
        }
        long minutes = per.get().toMinutes();
        String unit = minutes == 1
                ? "minute"
                : minutes == 60 ? "hour" : minutes == 1440 ? "day" : minutes == 10_080 ? "week" : "month";
        return count + " / " + unit;
    }
}
