package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last steps of one series as its scores tell them: a ring of at most {@value #STEPS_MAX} steps and {@value #FEATURES_MAX} features, about 34 KiB. Guarded by
 * who owns it.
 */
final class SeriesTrace {
    static final int STEPS_MAX = 300;
    static final int FEATURES_MAX = 6;
    static final int SHOWN_MAX = 2;
    /** Percent of the surprise from which on a feature is shown beside the strangest. */
    private static final double SHARE_SHOWN = 15;

    private static final String[] UNITS = {"values", "expected", "lower", "upper"};

    final String stream;
    final String series;
    /** Its open alert, as {@link ConsoleState} keeps it; null while there is none. */
    @Nullable
    ObjectNode alert;

    /** Wall time of its newest step. */
    long seenMs;

    String status = "";

    private final List<String> features = new ArrayList<>();
    private final long[] timeMs = new long[STEPS_MAX];
    private final float[] score = new float[STEPS_MAX];
    private final float[] alertScore = new float[STEPS_MAX];
    /** By feature, then unit, then place. */
    private float[][][] units = new float[0][][];
    /** Share of a feature in the surprise, in percent; by feature, then place; -1 where the step has none. */
    private byte[][] shares = new byte[0][];

    private final String wanted;
    private long count;
    private String strangest = "";

    SeriesTrace(String stream, String series) {
        this(stream, series, "");
    }

    /** @param wanted a feature that is kept however many there are; empty: none */
    SeriesTrace(String stream, String series, String wanted) {
        this.stream = stream;
        this.series = series;
        this.wanted = wanted;
    }

    /** Takes a score as {@code score.schema.json} declares it. */
    void take(JsonNode record, long eventMs) {
        if (features.isEmpty()) name(record.path("values"));
        int place = (int) (count++ % STEPS_MAX);
        timeMs[place] = eventMs;
        score[place] = number(record, "score");
        alertScore[place] = number(record, "alert_score");
        status = record.path("status").asText();
        for (int f = 0; f < features.size(); f++) {
            for (int u = 0; u < UNITS.length; u++) {
                units[f][u][place] = number(record.path(UNITS[u]), features.get(f));
            }
            shares[f][place] = share(record.path("contribution"), features.get(f));
        }
        Iterator<String> largest = record.path("contribution").fieldNames();
        if (largest.hasNext()) strangest = largest.next();
    }

    /** The largest alone are told: one that is not is 0 where others are. */
    private static byte share(JsonNode contribution, String feature) {
        return contribution.isObject()
                ? (byte) Math.round(contribution.path(feature).asDouble())
                : -1;
    }

    private void name(JsonNode values) {
        if (values.has(wanted)) features.add(wanted);
        for (Iterator<String> names = values.fieldNames(); names.hasNext() && features.size() < FEATURES_MAX; ) {
            String next = names.next();
            if (!next.equals(wanted)) features.add(next);
        }
        units = new float[features.size()][UNITS.length][STEPS_MAX];
        shares = new byte[features.size()][STEPS_MAX];
    }

    private static float number(JsonNode node, String name) {
        return (float) node.path(name).asDouble(Double.NaN);
    }

    /** Id of its open alert; empty while there is none. */
    String alertId() {
        ObjectNode open = alert;
        return open == null ? "" : open.path("id").asText();
    }

    int size() {
        return (int) Math.min(count, STEPS_MAX);
    }

    private int place(int fromOldest) {
        return (int) ((count - size() + fromOldest) % STEPS_MAX);
    }

    /** The highest score of the last steps; 0 where none was scored. */
    double peak(int steps) {
        double peak = 0;
        for (int i = Math.max(0, size() - steps); i < size(); i++) {
            float at = score[place(i)];
            if (at > peak) peak = at;
        }
        return peak;
    }

    /** The scores of the last steps, oldest first. */
    void scores(ArrayNode into, int steps) {
        for (int i = Math.max(0, size() - steps); i < size(); i++) add(into, score[place(i)]);
    }

    /** Event time of its newest step; 0 where there is none. */
    long newestMs() {
        return size() == 0 ? 0 : timeMs[place(size() - 1)];
    }

    /** The highest score of each of some equal stretches of time, oldest first; null where a stretch has no step that was scored. */
    void bins(ArrayNode into, long fromMs, long binMs, int bins) {
        float[] peaks = new float[bins];
        Arrays.fill(peaks, Float.NaN);
        for (int i = 0; i < size(); i++) {
            int place = place(i);
            long bin = Math.floorDiv(timeMs[place] - fromMs, binMs);
            boolean shown = bin >= 0 && bin < bins && !Float.isNaN(score[place]);
            if (shown && !(peaks[(int) bin] >= score[place])) peaks[(int) bin] = score[place];
        }
        for (float peak : peaks) add(into, peak);
    }

    /** What a list shows of it. */
    void summary(ObjectNode into) {
        into.put("stream", stream).put("series", series).put("status", status).put("alert", alertId());
        if (size() == 0) return;
        int newest = place(size() - 1);
        into.put("time", timeMs[newest]);
        if (!Float.isNaN(score[newest])) into.put("score", score[newest]);
        int feature = Math.max(0, features.indexOf(strangest));
        if (features.isEmpty()) return;
        into.put("feature", features.get(feature));
        for (int u = 0; u < UNITS.length; u++) {
            float value = units[feature][u][newest];
            if (Float.isFinite(value)) into.put(u == 0 ? "value" : UNITS[u], value);
        }
    }

    boolean isFull() {
        return count >= STEPS_MAX;
    }

    /** Whether it keeps a step as old as this one, and this feature. */
    boolean covers(long eventMs, String feature) {
        return size() > 0 && timeMs[place(0)] <= eventMs && (feature.isEmpty() || features.contains(feature));
    }

    /** Mean time from one step to the next; 0 where it is not known. */
    long stepMs() {
        return size() < 2 ? 0 : Math.max(0, (timeMs[place(size() - 1)] - timeMs[place(0)]) / (size() - 1));
    }

    /** Every step that is kept, oldest first. */
    void points(ObjectNode into) {
        summary(into);
        points(into, Long.MIN_VALUE, Long.MAX_VALUE, features);
        contribution(into, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The steps of an incident with the features that have the largest shares in it, at most {@value #SHOWN_MAX}. */
    void points(ObjectNode into, IncidentWindow window, String feature) {
        into.put("stream", stream).put("series", series);
        List<String> shown = new ArrayList<>();
        if (features.contains(feature)) shown.add(feature);
        for (Map.Entry<String, Double> share : contribution(into, window.sinceMs(), window.untilMs())) {
            if (shown.size() < SHOWN_MAX && !shown.contains(share.getKey()) && share.getValue() >= SHARE_SHOWN) {
                shown.add(share.getKey());
            }
        }
        if (shown.isEmpty()) shown.addAll(features.subList(0, Math.min(1, features.size())));
        points(into, window.fromMs(), window.toMs(), shown);
    }

    private void points(ObjectNode into, long fromMs, long toMs, List<String> shown) {
        ArrayNode times = into.putArray("times");
        ArrayNode scores = into.putArray("scores");
        ArrayNode alertScores = into.putArray("alert_scores");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            int place = place(i);
            if (timeMs[place] < fromMs || timeMs[place] > toMs) continue;
            places.add(place);
            times.add(timeMs[place]);
            add(scores, score[place]);
            add(alertScores, alertScore[place]);
        }
        ArrayNode all = into.putArray("features");
        for (String name : shown) {
            int f = features.indexOf(name);
            ObjectNode feature = all.addObject().put("name", name);
            for (int u = 0; u < UNITS.length; u++) {
                ArrayNode unit = feature.putArray(UNITS[u]);
                for (int place : places) add(unit, units[f][u][place]);
            }
            ArrayNode share = feature.putArray("contribution");
            for (int place : places) add(share, shares[f][place] < 0 ? Float.NaN : shares[f][place]);
        }
    }

    /**
     * Adds the mean share of each feature in the surprise of a stretch, weighted by the scores of its steps; nothing where no step has any. What
     * features that are not kept have is that of {@code others}.
     */
    private List<Map.Entry<String, Double>> contribution(ObjectNode into, long fromMs, long toMs) {
        double weight = 0;
        double[] sums = new double[features.size()];
        for (int i = 0; i < size(); i++) {
            int place = place(i);
            boolean counts = timeMs[place] >= fromMs && timeMs[place] <= toMs && score[place] > 0;
            if (!counts || features.isEmpty() || shares[0][place] < 0) continue;
            weight += score[place];
            for (int f = 0; f < sums.length; f++) sums[f] += score[place] * shares[f][place];
        }
        if (weight == 0) return List.of();
        Map<String, Double> means = new LinkedHashMap<>();
        double others = 100;
        for (int f = 0; f < sums.length; f++) {
            means.put(features.get(f), sums[f] / weight);
            others -= sums[f] / weight;
        }
        List<Map.Entry<String, Double>> sorted = means.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .toList();
        ArrayNode all = into.putArray("contribution");
        for (Map.Entry<String, Double> mean : sorted) {
            all.addObject().put("feature", mean.getKey()).put("share", Math.rint(10 * mean.getValue()) / 10);
        }
        into.put("others", Math.max(0, Math.rint(10 * others) / 10));
        return sorted;
    }

    private static void add(ArrayNode into, float value) {
        if (Float.isFinite(value)) into.add(value);
        else into.addNull();
    }
}
