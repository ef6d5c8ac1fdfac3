package io.tidemark.judge.outcome;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StaleRule;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.judge.calibration.Observation;
import io.tidemark.judge.calibration.SeriesCalibration;
import io.tidemark.judge.calibration.Verdict;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/**
 * What the verdicts on all series of one stream have in common: the declared settings, and the records that are filled in anew for every
 * step. One for each thread.
 */
public final class StreamVerdict {
    final StreamSpec spec;
    final FeatureNames features;
    final CalibrationSpec calibration;
    final AlertSpec alert;

    final Observation observation;
    final Verdict verdict;
    final Score score = new Score();
    final Forecast forecast = new Forecast();
    final Wire slot = Wire.writer(512);
    final int[] top = new int[Alert.FEATURES_MAX];

    /** @throws IllegalArgumentException when a setting cannot work, such as a state too small for the features */
    public StreamVerdict(StreamSpec spec) {
        this.spec = spec;
        features = new FeatureNames(
                spec.input().features().stream().map(InputSpec.Feature::name).toList());
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
        observation = new Observation(features.size());
        verdict = new Verdict(features.size());
        score.stream = spec.name();
        score.topic = spec.input().topic();
        forecast.stream = spec.name();
        forecast.features = features;
        forecast.stepMs = spec.grid().stepMs();
    }

    /** With a budget an alert opens on the return level. With a threshold a run of one step opens on the alert score, which is high for single steps; a longer run on the continuous score. */
    private static AlertSpec alert(StreamSpec.Verdict declared) {
        if (declared.budget().isPresent()) {
            return new AlertSpec(
                    AlertSpec.OpensOn.BUDGET,
                    1,
                    declared.forSteps(),
                    AlertSpec.RESOLVE_SHARE,
                    declared.closeSteps(),
                    declared.adaptAfter());
        }
        return new AlertSpec(
                declared.forSteps() == 1 ? AlertSpec.OpensOn.ALERT_SCORE : AlertSpec.OpensOn.SCORE,
                declared.open(),
                declared.forSteps(),
                declared.close(),
                declared.closeSteps(),
                declared.adaptAfter());
    }

    /**
     * The return level at which an alert opens; NaN where one opens at a threshold.
     *
     * @param stepMs time between two steps of the series, where the stream declares no grid
     */
    double budgetLevel(double stepMs) {
        long declared = spec.grid().stepMs();
        return spec.verdict()
                .budget()
                .map(budget -> budget.level(declared > 0 ? declared : stepMs))
                .orElse(Double.NaN);
    }

    /** Bytes of the verdict state of one series. */
    public int stateBytes() {
        return SeriesCalibration.stateBytes(calibration, features.size());
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

    /** A fresh verdict on one series. */
    public SeriesVerdict open(String series) {
        return new SeriesVerdict(this, series);
    }

    /** Begins the score of a step with what the step itself says. */
    Score begin(Step step, String series) {
        boolean fits = step.features() == features.size();
        score.begin(fits ? features : FeatureNames.NONE);
        score.series = series;
        score.timeMs = step.timeMs;
        score.generation = step.generation;
        score.step = step.step;
        score.filledShare = step.filledShare;
        score.idleClosed = step.idleClosed;
        score.events.set(step.events);
        if (fits) {
            System.arraycopy(step.values(), 0, score.values(), 0, features.size());
            System.arraycopy(step.imputed(), 0, score.imputed(), 0, features.size());
        }
        return score;
    }

    /** Fills the observation with the step's values. */
    Observation observe(Step step) {
        observation.clear(step.timeMs);
        double clip = spec.scaling().clip();
        for (int i = 0; i < features.size(); i++) {
            double value = step.values()[i];
            float scaled = Step.scaled(value, step.location()[i], step.scale()[i], clip);
            observation.feature(i, value, scaled, step.imputed()[i]);
        }
        return observation;
    }
}
