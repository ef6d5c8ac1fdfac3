package io.tidemark.judge.outcome;

import io.tidemark.judge.calibration.Observation;
import io.tidemark.judge.calibration.Verdict;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/** Records that the verdicts on one stream's series fill in anew for every step, one after the other. Owned by one thread. */
public final class VerdictScratch {
    final Observation observation;
    final Verdict verdict;
    final Score score = new Score();
    final Forecast forecast = new Forecast();
    final Wire slot = Wire.writer(512);
    final int[] top = new int[Alert.FEATURES_MAX];

    private final FeatureNames features;
    private final double clip;
    private long seriesOfStream = 1;

    public VerdictScratch(VerdictPlan plan) {
        features = plan.features;
        clip = plan.spec.scaling().clip();
        observation = new Observation(features.size());
        verdict = new Verdict(features.size());
        score.stream = plan.spec.name();
        score.topic = plan.spec.input().topic();
        forecast.stream = plan.spec.name();
        forecast.features = features;
        forecast.stepMs = plan.spec.grid().stepMs();
    }

    /** How many series the stream has, about, who share its budget; at least 1, which it is unless told. */
    public void seriesOfStream(long series) {
        seriesOfStream = Math.max(1, series);
    }

    long seriesOfStream() {
        return seriesOfStream;
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
        for (int i = 0; i < features.size(); i++) {
            double value = step.values()[i];
            float scaled = Step.scaled(value, step.location()[i], step.scale()[i], clip);
            observation.feature(i, value, scaled, step.imputed()[i]);
        }
        return observation;
    }
}
