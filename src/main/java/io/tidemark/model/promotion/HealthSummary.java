package io.tidemark.model.promotion;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a stream fared with one version of a network: what the guard compares before and after a promotion. Mutable; owned by one
 * thread.
 */
public final class HealthSummary {
    private static final double TAIL = 0.05;

    private long steps;
    private long alerting;
    private long beyond;
    private long samples;
    private long failed;
    private double errorSum;
    private double nanosSum;
    private long scored;

    /**
     * Takes a score.
     *
     * @param alerts whether it is one that would open an alert
     * @param tailProbability in [0, 1]; NaN where there is none
     */
    public void score(boolean alerts, double tailProbability) {
        steps++;
        if (alerts) alerting++;
        if (tailProbability < TAIL) beyond++;
    }

    /**
     * Takes a worker's report.
     *
     * @param asked samples that the version was asked about
     * @param withoutNumber of them, those it failed on
     * @param errorMedian median of its errors; NaN without any
     * @param nanosPerSample time of a forward pass; NaN without any
     */
    public void report(long asked, long withoutNumber, double errorMedian, double nanosPerSample) {
        samples += asked;
        failed += withoutNumber;
        long numbers = asked - withoutNumber;
        if (numbers > 0 && Double.isFinite(errorMedian)) {
            scored += numbers;
            errorSum += numbers * errorMedian;
        }
        if (Double.isFinite(nanosPerSample)) nanosSum += asked * nanosPerSample;
    }

    /** Steps that were scored. */
    public long steps() {
        return steps;
    }

    /** Samples that the version was asked about. */
    public long samples() {
        return samples;
    }

    /** Share of the steps that would open an alert; NaN without steps. */
    public double alertRate() {
        return (double) alerting / steps;
    }

    /** Share of the steps whose tail probability is below 0.05; NaN without steps. */
    public double tails() {
        return (double) beyond / steps;
    }

    /** Share of the samples without a number; NaN without samples. */
    public double failed() {
        return (double) failed / samples;
    }

    /** Mean of the reports' median errors, each by its samples; NaN without any. */
    public double error() {
        return errorSum / scored;
    }

    /** Time of a forward pass for each sample; NaN without samples. */
    public double nanos() {
        return nanosSum / samples;
    }

    Map<String, Double> figures(String prefix) {
        Map<String, Double> figures = new TreeMap<>();
        figures.put(prefix + "steps", (double) steps);
        figures.put(prefix + "alert-rate", alertRate());
        figures.put(prefix + "tails", tails());
        figures.put(prefix + "samples", (double) samples);
        figures.put(prefix + "failed", failed());
        figures.put(prefix + "error", error());
        figures.put(prefix + "nanos", nanos());
        return figures;
    }
}
