package io.tidemark.model.promotion;

import io.tidemark.series.sample.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which replayed rows people have called an anomaly; of several labels of a row the newest holds. Immutable. */
public final class LabelledRows {
    /** Nobody has said anything. */
    public static final LabelledRows NONE = new LabelledRows(List.of());

    private final Map<String, List<Label>> bySeries = new HashMap<>();

    /** @param labels of one stream, oldest first */
    public LabelledRows(List<Label> labels) {
        for (Label label : labels) {
            bySeries.computeIfAbsent(label.series(), name -> new ArrayList<>()).add(label);
        }
    }

    /** Whether a row of a series is a labelled anomaly. */
    boolean isAnomaly(String series, long timeMs) {
        List<Label> labels = bySeries.getOrDefault(series, List.of());
        for (int i = labels.size() - 1; i >= 0; i--) {
            if (labels.get(i).covers(timeMs)) return labels.get(i).anomaly();
        }
        return false;
    }

    /** Rows of a series that are labelled anomalies. */
    int anomalies(Recording series) {
        int count = 0;
        for (int i = 0; i < series.rows(); i++) if (isAnomaly(series.series(), series.timeMs(i))) count++;
        return count;
    }
}
