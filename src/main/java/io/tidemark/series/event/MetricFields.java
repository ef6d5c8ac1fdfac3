package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.series.metric.Distribution;
import io.tidemark.series.metric.MetricFormat;
import io.tidemark.series.metric.MetricPoint;
import io.tidemark.series.metric.OtlpMetrics;
import io.tidemark.series.metric.RemoteWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of points of metrics: one for each series and time in a record, with the features whose points are there. Points that no feature
 * asks for are events without values, which are passed over and counted.
 *
 * <table>
 * <caption>What a feature's field asks for</caption>
 * <tr><th>written</th><th>means</th></tr>
 * <tr><td>{@code orders}</td><td>the value of the gauge or sum of that name</td></tr>
 * <tr><td>{@code orders{room=north,kind=paid}}</td><td>only of points with these labels</td></tr>
 * <tr><td>{@code wait.count}, {@code .sum}, {@code .mean}, {@code .min}, {@code .max}</td><td>of a histogram or a summary</td></tr>
 * <tr><td>{@code wait.p50}, {@code wait.p99.9}</td><td>its quantile in percent, within a bucket on a straight line</td></tr>
 * </table>
 */
final class MetricFields implements FieldReader {
    private static final Pattern SELECTOR = Pattern.compile("([^{}]+)\\{([^{}]*)\\}([^{}]*)");
    private static final Pattern STATISTIC =
            Pattern.compile("(.+)\\.(count|sum|mean|min|max|p\\d{1,2}(?:\\.\\d{1,6})?)");
    private static final String TIME = "timestamp";

    /** What a feature is told that asks for no statistic. */
    private static final String DISTRIBUTION = "a histogram; ask for its .count or .p99";

    private final MetricFormat format;
    private final String name;
    private final Fields declared;
    private final Map<String, List<Wanted>> wanted = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private String problem = "";

    /**
     * @param place of the feature
     * @param statistic of a distribution; empty: a single value
     * @param labels that a point must have
     */
    private record Wanted(int place, String statistic, Map<String, String> labels) {}

    /** An event: texts of time, series and conditions, numbers of the values and what stands in place of one, by place. */
    private static final class Row {
        final @Nullable String[] texts;
        final @Nullable String[] words;
        final double[] numbers;
        final boolean[] there;

        Row(@Nullable String[] texts) {
            this.texts = texts;
            words = new @Nullable String[texts.length];
            numbers = new double[texts.length];
            there = new boolean[texts.length];
        }
    }

    MetricFields(InputSpec input, Fields fields, int bytesMax) {
        boolean otlp = input.encoding().format() == InputSpec.Format.OTLP;
        format = otlp ? new OtlpMetrics() : new RemoteWrite(bytesMax);
        name = otlp ? "request of OpenTelemetry's metrics" : "remote write of Prometheus";
        declared = fields;
        for (int place = fields.values; place < fields.where; place++) want(place, fields.names.get(place));
    }

    private void want(int place, String field) {
        Map<String, String> labels = new HashMap<>();
        String metric = field;
        Matcher selector = SELECTOR.matcher(field);
        if (selector.matches()) {
            metric = selector.group(1) + selector.group(3);
            for (String label : selector.group(2).split(",")) {
                int equals = label.indexOf('=');
                if (equals < 0) continue;
                String text = label.substring(equals + 1).strip();
                boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
                labels.put(label.substring(0, equals).strip(), quoted ? text.substring(1, text.length() - 1) : text);
            }
        }
        add(metric, new Wanted(place, "", labels));
        Matcher statistic = STATISTIC.matcher(metric);
        if (statistic.matches()) add(statistic.group(1), new Wanted(place, statistic.group(2), labels));
    }

    private void add(String metric, Wanted one) {
        wanted.computeIfAbsent(metric, key -> new ArrayList<>()).add(one);
    }

    @Override
    public int open(byte[] record, Function<String, byte @Nullable []> headers, Fields fields) {
        rows.clear();
        problem = "";
        List<MetricPoint> points;
        try {
            points = format.read(record);
        } catch (IOException e) {
            problem = "the value is not a whole " + name + " (" + record.length + " bytes): " + Detail.cause(e)
                    + Detail.beginning(record);
            return MALFORMED;
        }
        Map<List<@Nullable String>, Row> open = new HashMap<>();
        int passedOver = points.isEmpty() ? 1 : 0;
        for (MetricPoint point : points) if (!take(point, open)) passedOver++;
        if (rows.size() + passedOver == 1) event(0, fields);
        return rows.size() + passedOver;
    }

    /** Whether a feature asks for it. */
    private boolean take(MetricPoint point, Map<List<@Nullable String>, Row> open) {
        List<Wanted> asked = point.recorded() ? wanted.get(point.metric()) : null;
        if (asked == null) return false;
        Row row = null;
        for (Wanted one : asked) {
            double value = value(point, one.statistic());
            boolean single = point.distribution() == null;
            // a name that ends in .count may be a metric of its own
            if (single && !one.statistic().isEmpty() || !matches(point, one.labels())) continue;
            if (row == null) row = row(point, one.place(), open);
            row.numbers[one.place()] = value;
            row.there[one.place()] = true;
            boolean whole = !single && one.statistic().isEmpty();
            if (whole || !point.word().isEmpty()) row.words[one.place()] = whole ? DISTRIBUTION : point.word();
        }
        return row != null;
    }

    private static boolean matches(MetricPoint point, Map<String, String> labels) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!label.getValue().equals(point.label(label.getKey()))) return false;
        }
        return true;
    }

    /** The event of the point's series and time; a further one where that already has this value. */
    private Row row(MetricPoint point, int place, Map<List<@Nullable String>, Row> open) {
        @Nullable String[] texts = new String[declared.names.size()];
        for (int i = 0; i < texts.length; i++) {
            if (declared.isOutside(i) || i >= declared.values && i < declared.where) continue;
            String field = declared.names.get(i);
            boolean time = i == declared.time && field.equals(TIME);
            texts[i] = time ? point.time() : field.equals("metric") ? point.metric() : point.label(field);
            if (time && point.time().isEmpty()) texts[i] = null;
        }
        List<@Nullable String> key = Arrays.asList(texts);
        Row row = open.get(key);
        if (row == null || row.there[place]) {
            row = new Row(texts);
            open.put(key, row);
            rows.add(row);
        }
        return row;
    }

    private static double value(MetricPoint point, String statistic) {
        Distribution of = point.distribution();
        if (of == null) return point.value();
        return switch (statistic) {
            case "" -> Double.NaN;
            case "count" -> of.count();
            case "sum" -> of.sum();
            case "mean" -> of.mean();
            case "min" -> of.min();
            case "max" -> of.max();
            default -> of.quantile(Double.parseDouble(statistic.substring(1).toLowerCase(Locale.ROOT)) / 100);
        };
    }

    @Override
    public void event(int index, Fields fields) {
        if (index >= rows.size()) return;
        Row row = rows.get(index);
        for (int place = 0; place < row.texts.length; place++) {
            String text = row.texts[place];
            if (text != null) fields.text(place, text);
            String word = row.words[place];
            if (word != null) fields.text(place, word);
            else if (row.there[place]) fields.number(place, row.numbers[place]);
        }
    }

    @Override
    public String problem() {
        return problem;
    }
}
