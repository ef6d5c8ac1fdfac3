package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The last steps of one series as its scores tell them: a ring of at most {@value #STEPS_MAX} steps and {@value #FEATURES_MAX} features, about 30 KiB. Guarded by
 * its {@link ConsoleState}.
 */
final class SeriesTrace {
    static final int STEPS_MAX = 300;
    static final int FEATURES_MAX = 6;
    private static final String[] UNITS = {"values", "expected", "lower", "upper"};

    final String stream;
    final String series;
    /** Id of its open alert; empty while there is none. */
    String alert = "";
    /** Wall time of its newest step. */
    long seenMs;

    String status = "";

    private final List<String> features = new ArrayList<>();
    private final long[] timeMs = new long[STEPS_MAX];
    private final float[] score = new float[STEPS_MAX];
    private final float[] alertScore = new float[STEPS_MAX];
    /** By feature, then unit, then place. */
    private float[][][] units = new float[0][][];

    private long count;
    private String strangest = "";

    SeriesTrace(String stream, String series) {
        this.stream = stream;
        this.series = series;
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
        }
        Iterator<String> shares = record.path("contribution").fieldNames();
        if (shares.hasNext()) strangest = shares.next();
    }

    private void name(JsonNode values) {
        for (Iterator<String> names = values.fieldNames(); names.hasNext() && features.size() < FEATURES_MAX; ) {
            features.add(names.next());
        }
        units = new float[features.size()][UNITS.length][STEPS_MAX];
    }

    private static float number(JsonNode node, String name) {
        return (float) node.path(name).asDouble(Double.NaN);
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

    /** What a list shows of it. */
    void summary(ObjectNode into) {
        into.put("stream", stream).put("series", series).put("status", status).put("alert", alert);
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

    /** Every step that is kept, oldest first. */
    void points(ObjectNode into) {
        summary(into);
        ArrayNode times = into.putArray("times");
        ArrayNode scores = into.putArray("scores");
        ArrayNode alertScores = into.putArray("alert_scores");
        for (int i = 0; i < size(); i++) {
            times.add(timeMs[place(i)]);
            add(scores, score[place(i)]);
            add(alertScores, alertScore[place(i)]);
        }
        ArrayNode all = into.putArray("features");
        for (int f = 0; f < features.size(); f++) {
            ObjectNode feature = all.addObject().put("name", features.get(f));
            for (int u = 0; u < UNITS.length; u++) {
                ArrayNode unit = feature.putArray(UNITS[u]);
                for (int i = 0; i < size(); i++) add(unit, units[f][u][place(i)]);
            }
        }
    }

    private static void add(ArrayNode into, float value) {
        if (Float.isFinite(value)) into.add(value);
        else into.addNull();
    }
}
