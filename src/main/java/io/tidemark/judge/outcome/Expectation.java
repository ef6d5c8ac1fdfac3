package io.tidemark.judge.outcome;

import io.tidemark.judge.calibration.SeriesCalibration;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Step;

/**
 * What was expected of a step, with a band, in the features' own units.
 *
 * <ol>
 *   <li>The first forecaster that scored: its median and its outermost quantiles.
 *   <li>Else the first network that scored, say an autoencoder, once enough of its errors are known: its reconstruction, and around it as
 *       much as its mean error over the features exceeds in only {@value #BAND_SHARE} of the series' steps.
 *   <li>Else, and for frames, the running location, and {@value #BAND_SCALES} scales around it.
 * </ol>
 */
final class Expectation {
    private static final double BAND_SHARE = 0.05;
    private static final double BAND_SCALES = 3;

    private Expectation() {}

    static void fill(Inference inference, SeriesCalibration calibration, Score score) {
        if (inference.source != null) {
            // the one value of a frame is its brightness, of which networks say nothing
            System.arraycopy(inference.step.location(), 0, score.expected(), 0, 1);
            around(inference.step, BAND_SCALES, score);
            return;
        }
        int banded = -1;
        int scored = -1;
        for (int i = inference.members() - 1; i >= 0; i--) {
            if (inference.member(i).status != Inference.Status.SCORED) continue;
            scored = i;
            if (inference.member(i).bands) banded = i;
        }
        if (banded >= 0) {
            Inference.Member member = inference.member(banded);
            unscale(inference.step, member.expected, score.expected());
            unscale(inference.step, member.lower, score.lower());
            unscale(inference.step, member.upper, score.upper());
            return;
        }
        // members before the first that scored are not in the observation
        double usual = scored < 0 ? Double.NaN : calibration.usualError(0, BAND_SHARE);
        if (!Double.isNaN(usual)) {
            unscale(inference.step, inference.member(scored).expected, score.expected());
            around(inference.step, usual, score);
        } else {
            System.arraycopy(inference.step.location(), 0, score.expected(), 0, inference.step.features());
            around(inference.step, BAND_SCALES, score);
        }
    }

    private static void unscale(Step step, float[] scaled, double[] target) {
        for (int i = 0; i < step.features(); i++) target[i] = step.location()[i] + step.scale()[i] * scaled[i];
    }

    private static void around(Step step, double scales, Score score) {
        for (int i = 0; i < step.features(); i++) {
            score.lower()[i] = score.expected()[i] - scales * step.scale()[i];
            score.upper()[i] = score.expected()[i] + scales * step.scale()[i];
        }
    }
}
