package io.tidemark.deploy.dashboard;

import io.tidemark.metrics.MeterName;
import java.util.List;

/**
 * PromQL about the declared meters: a query names a meter by its constant, so it asks for what a process shows. Each looks at the jobs and
 * instances that are chosen on the dashboard, and at the chosen streams when the meter has that label. A rate is per second, over the
 * interval that Grafana chooses.
 */
public final class MeterQuery {
    private static final String CHOSEN = "job=~\"$job\", instance=~\"$instance\"";
    private static final String STREAM = "stream";
    private static final String INTERVAL = "[$__rate_interval]";

    private MeterQuery() {}

    /** The meter's name on the page; the samples of a timer and a summary have an ending more, {@code _bucket} for one. */
    public static String name(MeterName meter) {
        String stem = meter.id().replace('.', '_');
        return switch (meter.kind()) {
            case COUNTER -> stem + "_total";
            case GAUGE -> stem;
            case SUMMARY, TIMER -> stem + "_" + meter.unit();
        };
    }

    /** A gauge, aggregated by {@code function} over everything but the labels named. */
    static String level(String function, MeterName gauge, String... by) {
        return aggregated(function, gauge, of(gauge, ""), by);
    }

    /** How fast a counter grows. */
    static String rate(MeterName counter, String... by) {
        return aggregated("sum", counter, "rate(" + of(counter, "") + INTERVAL + ")", by);
    }

    /** How fast the counter grows for which one label has one of some values, such as {@code late|rejected}. */
    static String rateOf(MeterName counter, String label, String values, String... by) {
        known(counter, label);
        String chosen = sample(name(counter), matchers(counter) + ", " + label + "=~\"" + values + "\"");
        return aggregated("sum", counter, "rate(" + chosen + INTERVAL + ")", by);
    }

    static String perHour(MeterName counter, String... by) {
        return "3600 * " + rate(counter, by);
    }

    /** A quantile of a timer or a summary, over processes. */
    static String quantile(double quantile, MeterName histogram, String... by) {
        String[] labels = List.of(by).toArray(new String[by.length + 1]);
        labels[by.length] = "le";
        return "histogram_quantile(" + quantile + ", "
                + aggregated("sum", histogram, "rate(" + of(histogram, "_bucket") + INTERVAL + ")", labels) + ")";
    }

    /** The mean of a timer or a summary, over processes. */
    static String mean(MeterName histogram, String... by) {
        return sumOfRates(histogram, "_sum", "", by) + " / " + sumOfRates(histogram, "_count", "", by);
    }

    /** The share of a timer's values that are at most a second. */
    static String withinSecond(MeterName timer, String... by) {
        return sumOfRates(timer, "_bucket", ", le=\"1.0\"", by) + " / " + sumOfRates(timer, "_count", "", by);
    }

    private static String sumOfRates(MeterName histogram, String ending, String more, String... by) {
        String selector = sample(name(histogram) + ending, matchers(histogram) + more);
        return aggregated("sum", histogram, "rate(" + selector + INTERVAL + ")", by);
    }

    /** A sample that Tidemark does not declare, of Java or of Kafka's clients; {@code more} is empty or further matchers. */
    static String foreign(String sample, String more) {
        return sample(sample, CHOSEN + (more.isEmpty() ? "" : ", " + more));
    }

    private static String of(MeterName meter, String ending) {
        return sample(name(meter) + ending, matchers(meter));
    }

    private static String matchers(MeterName meter) {
        return meter.labels().contains(STREAM) ? CHOSEN + ", stream=~\"$stream\"" : CHOSEN;
    }

    private static String sample(String name, String matchers) {
        return name + "{" + matchers + "}";
    }

    private static String aggregated(String function, MeterName meter, String expression, String... by) {
        for (String label : by) known(meter, label);
        String labels = by.length == 0 ? "" : " by (" + String.join(", ", by) + ") ";
        return function + labels + "(" + expression + ")";
    }

    private static void known(MeterName meter, String label) {
        if (!meter.labels().contains(label) && !List.of("instance", "le").contains(label)) {
            throw new IllegalArgumentException(meter + " has no label " + label);
        }
    }
}
