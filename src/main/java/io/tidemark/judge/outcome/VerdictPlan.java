package io.tidemark.judge.outcome;

import io.tidemark.config.AlertBudget;
import io.tidemark.config.Deviations;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StaleRule;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.judge.calibration.SeriesCalibration;
import org.jspecify.annotations.Nullable;

/** How the series of one stream are judged: what it declares, as the parts of a verdict take it. Immutable. */
public final class VerdictPlan {
    final StreamSpec spec;
    final FeatureNames features;
    final CalibrationSpec calibration;
    final AlertSpec alert;
    /** Which steps count for an alert; null: every one. */
    final @Nullable DeviationRules deviations;

    private final @Nullable AlertBudget budget;
    private final @Nullable AlertBudget streamBudget;

    /** What the verdict of a series takes of the heap beside its state, with what the role knows of the series, measured. */
    private static final long LIVE_OVERHEAD = 10 << 10;

    /** @throws IllegalArgumentException when a setting cannot work, such as a state too small for the features */
    public VerdictPlan(StreamSpec spec) {
        this.spec = spec;
        features = new FeatureNames(spec.input().fields().features().stream()
                .map(InputSpec.Feature::name)
                .toList());
        int networks = spec.networks().size();
        if (networks > CalibrationSpec.NETWORKS_MAX) {
            throw new IllegalArgumentException("networks must be at most " + CalibrationSpec.NETWORKS_MAX
                    + ", but were " + networks + "; the others would have no say");
        }
        CalibrationSpec declared = CalibrationSpec.DEFAULT
                .withStateBytes(spec.limits().stateBytes())
                .withNetworks(networks)
                .withWithheldShare(spec.learning().withhold());
        calibration = spec.input().image().isPresent() ? declared.forFrames() : declared;
        alert = alert(spec.verdict());
        Deviations counted = spec.verdict().deviations();
        deviations = DeviationRules.isNone(counted) ? null : new DeviationRules(counted, features);
        budget = spec.verdict().budget().orElse(null);
        streamBudget = spec.verdict().streamBudget().orElse(null);
    }

    /** With a budget an alert opens on the return level. With a threshold a run of one step opens on the alert score, which is high for single steps; a longer run on the continuous score. */
    private static AlertSpec alert(StreamSpec.Verdict declared) {
        if (declared.budget().isPresent()) {
            return new AlertSpec(
                    AlertSpec.OpensOn.BUDGET,
                    1,
                    declared.hysteresis().forSteps(),
                    AlertSpec.RESOLVE_SHARE,
                    declared.hysteresis().closeSteps(),
                    declared.adaptAfter());
        }
        return new AlertSpec(
                declared.hysteresis().forSteps() == 1 ? AlertSpec.OpensOn.ALERT_SCORE : AlertSpec.OpensOn.SCORE,
                declared.hysteresis().open(),
                declared.hysteresis().forSteps(),
                declared.hysteresis().close(),
                declared.hysteresis().closeSteps(),
                declared.adaptAfter());
    }

    /**
     * The return level at which an alert opens; NaN where one opens at a threshold.
     *
     * @param stepMs time between two steps of the series, where the stream declares no grid
     * @param series how many the stream has, about; at least 1
     */
    double budgetLevel(double stepMs, long series) {
        if (budget == null) return Double.NaN;
        long declared = spec.grid().stepMs();
        double step = declared > 0 ? declared : stepMs;
        double level = budget.level(step);
        return streamBudget == null ? level : Math.max(level, streamBudget.level(step, series));
    }

    /** Bytes of the verdict state of one series. */
    public int stateBytes() {
        return SeriesCalibration.stateBytes(calibration, features.size());
    }

    /** Bytes of the heap that the verdict of one series takes: about, measured. */
    public long liveBytes() {
        return (long) stateBytes() + LIVE_OVERHEAD;
    }

    /** The stream's name. */
    public String name() {
        return spec.name();
    }

    /** When a series of which nothing comes is stale. */
    public StaleRule idle() {
        return spec.verdict().idle();
    }

    public FeatureNames features() {
        return features;
    }

    /** A fresh verdict on a series that is alone on its thread. */
    public SeriesVerdict open(String series) {
        return open(series, new VerdictScratch(this));
    }

    /**
     * A fresh verdict on one series.
     *
     * @param scratch of this plan; the series of one thread share it
     */
    public SeriesVerdict open(String series, VerdictScratch scratch) {
        return new SeriesVerdict(this, scratch, series);
    }
}
