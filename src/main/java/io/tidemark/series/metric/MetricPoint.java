package io.tidemark.series.metric;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a metric was at one time.
 *
 * @param metric its name
 * @param time a number as the format counts it, whose size tells its unit; empty: the point has none
 * @param labels what tells it from others of its name: {@code attributes.NAME}, {@code resource.NAME}, {@code scope.name} and {@code unit}, or
 *     Prometheus' labels as they are
 * @param value of a gauge or a sum; NaN for a distribution
 * @param word what stands in the place of the value and is no number; empty where nothing does
 * @param distribution of a histogram or a summary; null for a single value
 * @param recorded whether it says something: Prometheus marks the end of a series by a point that does not
 */
public record MetricPoint(
        String metric,
        String time,
        Map<String, String> labels,
        double value,
        String word,
        @Nullable Distribution distribution,
        boolean recorded) {

    /** A label by its whole name, or by the name of an attribute or, failing that, of the resource's; null when there is none. */
    public @Nullable String label(String name) {
        String found = labels.get(name);
        if (found == null) found = labels.get("attributes." + name);
        if (found == null) found = labels.get("resource." + name);
        return found;
    }
}
