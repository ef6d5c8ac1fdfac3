package io.tidemark.judge.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A series under test: its calibration with the observation and verdict it needs, one step a minute. */
final class CalibratedSeries {
    final SeriesCalibration calibration;
    final Observation observation;
    final Verdict verdict;
    boolean alertOpen;
    /** Whether the score opened the alert, and holds still with it. */
    boolean scoreAlerts = true;

    int version = 1;
    int networks = 1;

    CalibratedSeries(CalibrationSpec spec, int features) {
        calibration = new SeriesCalibration(spec, features);
        observation = new Observation(features);
        verdict = new Verdict(features);
    }

    /** Judges a step without networks; values are around 10 with a spread of 1. */
    Verdict judge(int step, double... values) {
        fill(step, values);
        calibration.judge(observation, alertOpen, alertOpen && scoreAlerts, verdict);
        return verdict;
    }

    /** Judges a step with networks that have the same error for every feature, the n-th one's smaller by n-th powers of 0.9; each seventh step has a probe. */
    Verdict judgeError(int step, float error, double... values) {
        fill(step, values);
        for (int network = 0; network < networks; network++) {
            float[] errors = new float[values.length];
            Arrays.fill(errors, (float) (error * Math.pow(0.9, network * (1 + step % 3))));
            float probe = step % 7 == 0 ? error * (2 + network) : Float.NaN;
            observation.network(network == 0 ? "ae" : "ae-" + network, version, errors, probe);
        }
        calibration.judge(observation, alertOpen, alertOpen && scoreAlerts, verdict);
        return verdict;
    }

    private void fill(int step, double... values) {
        observation.clear(step * 60_000L);
        for (int i = 0; i < values.length; i++) {
            observation.feature(i, values[i], 10, 1, false);
        }
    }

    /** Judges a step with random values, gaps, a network that comes and goes and changes its version, and alerts. */
    void randomStep(int step, SplittableRandom random) {
        double[] values = new double[observation.features()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < 0.02 ? Double.NaN : random.nextDouble() * random.nextInt(1, 20);
        }
        alertOpen = random.nextDouble() < 0.05;
        scoreAlerts = step % 3 != 0;
        version = step / 400 % 2 == 0 ? 1 : 2;
        if (random.nextDouble() < 0.3) {
            judge(step, values);
        } else {
            judgeError(step, (float) random.nextDouble(), values);
        }
    }

    /** Asserts that this series judges a hundred random steps as the other does. */
    void goesOnLike(CalibratedSeries other, int step, long seed) {
        SplittableRandom mine = new SplittableRandom(seed);
        SplittableRandom others = new SplittableRandom(seed);
        for (int i = 1; i <= 100; i++) {
            randomStep(step + i, mine);
            other.randomStep(step + i, others);
            assertThat(outcome()).isEqualTo(other.outcome());
        }
    }

    private String outcome() {
        return verdict.score() + " " + verdict.alertScore() + " " + verdict.tailProbability() + " "
                + verdict.smoothedScore() + " " + verdict.samplesSeen() + " " + verdict.share(0);
    }
}
