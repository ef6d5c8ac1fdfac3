package io.tidemark.series.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.series.schema.FixedSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads metrics of OpenTelemetry's protocol: an {@code ExportMetricsServiceRequest} in Protobuf, or in JSON, where one
 * {@code ResourceMetrics} alone, as loggers write it, is one too.
 */
public final class OtlpMetrics implements MetricFormat {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The bit of a point that says that nothing was recorded. */
    private static final int NO_VALUE = 1;
    /** Beyond these, powers of two leave what a double holds. */
    private static final int SCALE_MAX = 20;

    private static final int NAMES_CHARS_MAX = 60;

    private final FixedSchema request = FixedSchema.of(OtlpMetrics.class, "otlp.proto", "Request");

    @Override
    public List<MetricPoint> read(byte[] value) throws IOException {
        JsonNode tree = isJson(value) ? JSON.readTree(value) : request.read(value);
        List<MetricPoint> points = new ArrayList<>();
        if (!tree.isObject()) throw new IOException("it is not an object");
        if (tree.has("scopeMetrics")) resource(tree, points);
        else if (!tree.has("resourceMetrics")) throw new IOException("there are no resourceMetrics in it" + but(tree));
        for (JsonNode resource : list(tree, "resourceMetrics")) resource(resource, points);
        return points;
    }

    /** The names that are there instead. */
    private static String but(JsonNode tree) {
        StringBuilder names = new StringBuilder();
        for (Iterator<String> each = tree.fieldNames(); each.hasNext() && names.length() < NAMES_CHARS_MAX; ) {
            names.append(names.isEmpty() ? ", but " : ", ").append(each.next());
        }
        return names.toString();
    }

    /** The elements of a list; none where it is not there. */
    private static JsonNode list(JsonNode of, String name) throws IOException {
        JsonNode listed = of.path(name);
        if (listed.isArray() || listed.isMissingNode() || listed.isNull()) return listed;
        throw new IOException("its " + name + " are not a list");
    }

    private static boolean isJson(byte[] value) {
        int at = 0;
        while (at < value.length && (value[at] == ' ' || value[at] == '\n' || value[at] == '\r' || value[at] == '\t'))
            at++;
        return at < value.length && value[at] == '{';
    }

    private static void resource(JsonNode resource, List<MetricPoint> into) throws IOException {
        Map<String, String> outer = new HashMap<>();
        attributes("resource.", resource.path("resource").path("attributes"), outer);
        for (JsonNode scope : list(resource, "scopeMetrics")) {
            Map<String, String> scoped = new HashMap<>(outer);
            scoped.put("scope.name", scope.path("scope").path("name").asText());
            for (JsonNode metric : list(scope, "metrics")) metric(metric, scoped, into);
        }
    }

    private static void attributes(String prefix, JsonNode listed, Map<String, String> into) {
        for (JsonNode each : listed) {
            for (JsonNode value : each.path("value")) {
                if (value.isValueNode()) into.put(prefix + each.path("key").asText(), value.asText());
            }
        }
    }

    private static void metric(JsonNode metric, Map<String, String> scoped, List<MetricPoint> into) throws IOException {
        String name = metric.path("name").asText();
        for (String kind : List.of("gauge", "sum", "histogram", "exponentialHistogram", "summary")) {
            for (JsonNode point : list(metric.path(kind), "dataPoints")) {
                Map<String, String> labels = new HashMap<>(scoped);
                labels.put("unit", metric.path("unit").asText());
                attributes("attributes.", point.path("attributes"), labels);
                String time = point.path("timeUnixNano").asText();
                boolean recorded = (point.path("flags").asInt() & NO_VALUE) == 0;
                Distribution distribution = distribution(kind, point);
                JsonNode written = point.has("asInt") ? point.get("asInt") : point.path("asDouble");
                double value = distribution == null ? number(written) : Double.NaN;
                String word = distribution == null && Double.isNaN(value) ? word(written) : "";
                into.add(new MetricPoint(
                        name, time.equals("0") ? "" : time, labels, value, word, distribution, recorded));
            }
        }
    }

    private static @Nullable Distribution distribution(String kind, JsonNode point) {
        double count = number(point.path("count"));
        double sum = number(point.path("sum"));
        double min = number(point.path("min"));
        double max = number(point.path("max"));
        return switch (kind) {
            case "histogram" ->
                Distribution.of(
                        count,
                        sum,
                        min,
                        max,
                        numbers(point.path("explicitBounds")),
                        numbers(point.path("bucketCounts")));
            case "exponentialHistogram" -> exponential(point, count, sum, min, max);
            case "summary" -> {
                JsonNode listed = point.path("quantileValues");
                double[] ranks = new double[listed.size()];
                double[] values = new double[listed.size()];
                for (int i = 0; i < ranks.length; i++) {
                    ranks[i] = number(listed.get(i).path("quantile"));
                    values[i] = number(listed.get(i).path("value"));
                }
                yield Distribution.of(count, sum, ranks, values);
            }
            default -> null;
        };
    }

    /** Buckets that end at powers of 2^(2^-scale), of negative values, about zero, and of positive ones. */
    private static Distribution exponential(JsonNode point, double count, double sum, double min, double max) {
        int scale = Math.max(-SCALE_MAX, Math.min(SCALE_MAX, point.path("scale").asInt()));
        double base = Math.scalb(1.0, -scale) * Math.log(2);
        double[] below = numbers(point.path("negative").path("bucketCounts"));
        double[] above = numbers(point.path("positive").path("bucketCounts"));
        int belowOffset = point.path("negative").path("offset").asInt();
        int aboveOffset = point.path("positive").path("offset").asInt();
        double[] bounds = new double[below.length + above.length + 1];
        double[] counts = new double[bounds.length + 1];
        for (int i = 0; i < below.length; i++) {
            int power = belowOffset + below.length - 1 - i;
            counts[i] = below[below.length - 1 - i];
            bounds[i] = -Math.exp(base * power);
        }
        counts[below.length] = Math.max(0, number(point.path("zeroCount")));
        double zero = number(point.path("zeroThreshold"));
        bounds[below.length] = above.length > 0 ? Math.exp(base * aboveOffset) : Double.isNaN(zero) ? 0 : zero;
        for (int i = 0; i < above.length; i++) {
            counts[below.length + 1 + i] = above[i];
            bounds[below.length + 1 + i] = Math.exp(base * (aboveOffset + i + 1));
        }
        return Distribution.of(count, sum, min, max, bounds, counts);
    }

    private static double[] numbers(JsonNode listed) {
        double[] numbers = new double[listed.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = number(listed.get(i));
        return numbers;
    }

    private static String word(JsonNode written) {
        return written.isNull() || written.isMissingNode() ? "" : written.isValueNode() ? written.asText() : "{…}";
    }

    /** JSON has whole numbers of 64 bits, and what is none, as texts. */
    private static double number(JsonNode node) {
        if (node.isNumber()) return node.doubleValue();
        if (!node.isTextual()) return Double.NaN;
        try {
            return Double.parseDouble(node.textValue());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
