package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearForecastTest {
    private static final Network NETWORK =
            Zoo.load(Path.of("topology/zoo")).spec("linear-forecaster").bind(2);
    private static final int WINDOW = NETWORK.spec().window();
    private static final int HORIZON = NETWORK.spec().forecast().horizon();

    /** Two daily courses of other shape and level, with noise. */
    private static float[] days(int rows, double noise, double lift, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * 2];
        for (int r = 0; r < rows; r++) {
            double day = 2 * Math.PI * r / 24;
            values[2 * r] = (float) (lift + Math.sin(day) + noise * random.nextGaussian());
            values[2 * r + 1] = (float) (Math.cos(day) + Math.cos(2 * day) - lift + noise * random.nextGaussian());
        }
        return values;
    }

    private static ExampleSet examples(float[] values) {
        Series series = Series.scaled("days", 2, values);
        return new SeriesExamples(NETWORK, List.of(SeriesExamples.Part.all(series)), 100);
    }

    @Test
    void itForecastsADailyCourseAtALevelThatItNeverMet() {
        NetworkState state =
                ClosedForm.of(NETWORK, examples(days(1500, 0.05, 0, 1))).state();
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                Evaluation evaluation = new Evaluation(engine, NETWORK)) {
            double error =
                    evaluation.errors(state, examples(days(400, 0.05, 30, 2))).meanAbsolute();
            // the noise alone has a mean of 0.04
            assertThat(error).isBetween(0.03, 0.06);
        }
    }

    @Test
    void itsBandCoversWhatItSaysOnRowsItHasNotSeen() {
        NetworkState state =
                ClosedForm.of(NETWORK, examples(days(3000, 0.3, 0, 3))).state();
        ExampleSet fresh = examples(days(1500, 0.3, 0, 4));
        float[] target = new float[HORIZON * 2];
        int inside = 0;
        int all = 0;
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                ScoringReplica replica = engine.scoring(NETWORK, 1)) {
            replica.load(state);
            for (int e = 0; e < fresh.size(); e++) {
                fresh.copy(e, replica.input(Network.WINDOW), target, 0);
                replica.forward(1);
                float[] band = replica.output(Network.QUANTILES);
                for (int i = 0; i < target.length; i++, all++) {
                    if (band[3 * i] <= target[i] && target[i] <= band[3 * i + 2]) inside++;
                }
            }
        }
        assertThat((double) inside / all).isBetween(0.76, 0.84);
    }

    @Test
    void theMapIsThatOfTheLeastPenalisedSquares() {
        Random random = new Random(5);
        NormalEquations equations = new NormalEquations(6, 2);
        int rows = 60;
        float[][] inputs = new float[rows][6];
        float[][] targets = new float[rows][2];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < 6; i++) inputs[r][i] = (float) random.nextGaussian();
            for (int t = 0; t < 2; t++) targets[r][t] = inputs[r][3 + t] + (float) random.nextGaussian();
            equations.add(inputs[r], targets[r], 0, 1);
        }
        double[][] map = new double[2][7];
        equations.solve(4, 0.1, 1, map);
        assertThat(map[0][0]).isZero();
        assertThat(map[0][1]).isZero();
        double trace = rows;
        for (float[] input : inputs) for (int i = 2; i < 6; i++) trace += input[i] * input[i];
        double best = objective(map[0], inputs, targets, 0.1 * trace / 5);
        for (int i = 2; i < 7; i++) {
            for (double change : new double[] {-1e-3, 1e-3}) {
                double[] other = map[0].clone();
                other[i] += change;
                assertThat(objective(other, inputs, targets, 0.1 * trace / 5)).isGreaterThan(best);
            }
        }
    }

    private static double objective(double[] map, float[][] inputs, float[][] targets, double penalty) {
        double sum = 0;
        for (double weight : map) sum += penalty * weight * weight;
        for (int r = 0; r < inputs.length; r++) {
            double said = map[6];
            for (int i = 0; i < 6; i++) said += map[i] * inputs[r][i];
            sum += Math.pow(said - targets[r][0], 2);
        }
        return sum;
    }

    @Test
    void aSingleExampleGivesAForecastToo() {
        NetworkState state = ClosedForm.of(NETWORK, examples(days(WINDOW + HORIZON, 0, 0, 6)))
                .state();
        for (float value : state.tensor(NETWORK.parameters().get(0).name()).values()) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void aNetworkThatIsTrainedByStepsHasNoClosedForm() {
        NetworkSpec lstm = Zoo.load(Path.of("topology/zoo")).spec("lstm-forecaster");
        assertThatThrownBy(() -> ClosedForm.of(lstm.bind(2), examples(days(300, 0, 0, 7))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lstm-forecaster is trained by steps");
        assertThat(ClosedForm.of(NETWORK, examples(days(600, 0.1, 0, 8))).meanSquaredError())
                .isCloseTo(0.012, within(0.006));
    }
}
