package io.tidemark.role.worker;

import io.tidemark.model.inference.Shadow;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.ModelId;
import io.tidemark.series.sample.Inference;

/** How one version fares in this worker since the last report. Owned by the worker's thread. */
final class VersionHealth {
    /** Errors are counted in buckets whose bounds grow by a tenth. */
    private static final double GROWTH = Math.log(1.1);

    private static final double SMALLEST = 1e-6;
    private static final int BUCKETS = 260;

    private final ModelId model;
    private final int version;
    private final boolean challenger;
    private final long[] errors = new long[BUCKETS];
    private final Shadow shadow = new Shadow();
    private long fromMs;
    private long samples;
    private long failed;
    private long nanos;
    private long sharedBefore;

    VersionHealth(ModelId model, int version, boolean challenger, long nowMs) {
        this.model = model;
        this.version = version;
        this.challenger = challenger;
        this.fromMs = nowMs;
    }

    int version() {
        return version;
    }

    /** {@code NETWORK@VERSION}. */
    String shadowed() {
        return model.network() + "@" + version;
    }

    Shadow shadow() {
        return shadow;
    }

    void forward(long duration) {
        nanos += duration;
    }

    void member(Inference.Status status, double error, double championError) {
        if (status == Inference.Status.FAILED) {
            samples++;
            failed++;
        } else if (status == Inference.Status.SCORED) {
            samples++;
            errors[bucket(error)]++;
            if (challenger && !Double.isNaN(championError)) shadow.add(error, championError);
        }
    }

    private static int bucket(double error) {
        if (!(error > SMALLEST)) return 0;
        return (int) Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(error / SMALLEST) / GROWTH));
    }

    private double quantile(double share) {
        long count = samples - failed;
        if (count == 0) return Double.NaN;
        long left = (long) Math.ceil(share * count);
        for (int b = 0; b < BUCKETS; b++) {
            left -= errors[b];
            if (left <= 0) return b == 0 ? 0 : SMALLEST * Math.exp(GROWTH * (b - 0.5));
        }
        return Double.NaN;
    }

    /** Pairs since the last time this was asked. */
    long sharedSince() {
        long more = shadow.samples() - sharedBefore;
        sharedBefore = shadow.samples();
        return more;
    }

    /** What was seen since the last report. */
    HealthReport report(String worker, long nowMs) {
        HealthReport health = new HealthReport(
                model,
                version,
                challenger,
                worker,
                fromMs,
                nowMs,
                new HealthReport.Scored(
                        samples,
                        failed,
                        quantile(0.5),
                        quantile(0.9),
                        samples == 0 ? Double.NaN : (double) nanos / samples),
                new HealthReport.Comparison(shadow.samples(), shadow.ratio(), shadow.agreement()));
        java.util.Arrays.fill(errors, 0);
        samples = 0;
        failed = 0;
        nanos = 0;
        fromMs = nowMs;
        return health;
    }

    boolean isEmpty() {
        return samples == 0;
    }
}
