package io.tidemark.learn.evaluation;

/**
 * A stretch of rows that is labelled as anomalous.
 *
 * @param kind what kind of incident it is; empty where the labels do not say
 * @param from its first row, 0-based, at least 0
 * @param to its last row, at least {@code from}
 */
public record LabelledIncident(String kind, int from, int to) {
    public LabelledIncident {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "an incident's rows must be 0 <= from <= to, but were " + from + " to " + to);
        }
    }
}
