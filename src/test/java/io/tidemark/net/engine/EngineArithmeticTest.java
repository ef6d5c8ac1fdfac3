package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.BoundLayer.Initial;
import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What engines share in Java. */
class EngineArithmeticTest {

    @Test
    void quantilesAreSortedWithinTheirGroupsOnly() {
        float[] values = {3, 1, 2, 9, 8, 7, 6, 5, 4};
        Quantiles.rearrange(values, 2, 3);
        assertThat(values).containsExactly(1, 2, 3, 7, 8, 9, 6, 5, 4);
    }

    @Test
    void drawsAreAFunctionOfSeedNameStepAndIndex() {
        CounterRandom random = CounterRandom.of(42, "param/1.dense/weight", 0);
        assertThat(random.bits(7))
                .isEqualTo(CounterRandom.of(42, "param/1.dense/weight", 0).bits(7))
                .isNotEqualTo(random.bits(8))
                .isNotEqualTo(CounterRandom.of(43, "param/1.dense/weight", 0).bits(7))
                .isNotEqualTo(CounterRandom.of(42, "param/2.dense/weight", 0).bits(7))
                .isNotEqualTo(CounterRandom.of(42, "param/1.dense/weight", 1).bits(7));
    }

    @Test
    void drawsHaveTheMomentsOfTheirDistributions() {
        CounterRandom random = CounterRandom.of(1, "moments", 0);
        int n = 200_000;
        double uniform = 0;
        double normal = 0;
        double square = 0;
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            assertThat(random.uniform(i)).isBetween(0f, 0.99999995f);
            uniform += random.uniform(i);
            double x = random.normal(i);
            normal += x;
            square += x * x;
            neighbours += x * random.normal(i + 1);
        }
        assertThat(uniform / n).isCloseTo(0.5, within(0.003));
        assertThat(normal / n).isCloseTo(0, within(0.01));
        assertThat(square / n).isCloseTo(1, within(0.015));
        assertThat(neighbours / n).isCloseTo(0, within(0.01));
    }

    @Test
    void normalNumbersFillTheirQuantilesAndTails() {
        CounterRandom random = CounterRandom.of(1, "quantiles", 0);
        int n = 400_000;
        double[] bounds = {-3, -2, -1, 0, 1, 2, 3};
        double[] below = {0.00135, 0.02275, 0.15866, 0.5, 0.84134, 0.97725, 0.99865};
        int[] counts = new int[bounds.length];
        for (int i = 0; i < n; i++) {
            float x = random.normal(i);
            for (int b = 0; b < bounds.length; b++) if (x < bounds[b]) counts[b]++;
        }
        for (int b = 0; b < bounds.length; b++) {
            double deviation = Math.sqrt(below[b] * (1 - below[b]) / n);
            assertThat((double) counts[b] / n).as("below %s", bounds[b]).isCloseTo(below[b], within(4 * deviation));
        }
    }

    @Test
    void firstWeightsStayWithinTheirBoundAndTheForgetBiasIsOne() {
        Network network = SmallNetworks.forecaster(2);
        NetworkState state = Initializer.initialState(network, 1);
        BoundLayer lstm = network.layers().get(0);
        float[] bias = state.tensor(lstm.parameter("bias").name()).values();
        assertThat(bias).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        float[] weight = state.tensor(lstm.parameter("weight_hh").name()).values();
        double bound = Math.sqrt(6.0 / 8);
        for (float w : weight) assertThat((double) Math.abs(w)).isLessThanOrEqualTo(bound);
        assertThat(weight).doesNotHaveDuplicates();
    }

    @Test
    void firstWeightsAreTheSameForEver() {
        NetworkState state = Initializer.initialState(SmallNetworks.forecaster(1), 42);
        float[] weight = state.tensor("param/0.lstm/weight_ih").values();
        assertThat(Arrays.copyOf(weight, 3)).containsExactly(-0.15322049f, 0.4333297f, -0.818681f);
    }

    @Test
    void adamMovesByAboutTheLearningRateAndRefusesNonFiniteGradients() {
        Optimiser adam = new Optimiser(twoParameters(TrainingSpec.Loss.MSE));
        float[] parameters = {1, 1};
        assertThat(adam.update(parameters, new float[] {5, -0.001f})).isTrue();
        assertThat(parameters[0]).isCloseTo(0.99f, within(1e-6f));
        assertThat(parameters[1]).isCloseTo(1.01f, within(1e-6f));
        float[] before = parameters.clone();
        assertThat(adam.update(parameters, new float[] {Float.POSITIVE_INFINITY, 0}))
                .isFalse();
        assertThat(adam.update(parameters, new float[] {0, Float.NaN})).isFalse();
        assertThat(parameters).isEqualTo(before);
        assertThat(adam.step()).isEqualTo(1);
    }

    @Test
    void countersSurviveAsFloats() {
        for (long value : new long[] {0, 1, 65_535, 65_536, -1, Long.MIN_VALUE, 0x0123_4567_89AB_CDEFL}) {
            NetworkState state = new NetworkState("x", java.util.Map.of(Counter.STEP, Counter.encode(value)));
            assertThat(Counter.read(state, Counter.STEP)).isEqualTo(value);
        }
    }

    @Test
    void twoThreadsInOneReplicaAreNoticed() {
        Confinement confinement = new Confinement("scoring replica of x");
        confinement.enter();
        assertThatThrownBy(confinement::enter)
                .hasMessage("scoring replica of x is used by two threads at once; open a replica for each");
        confinement.leave();
        confinement.enter();
    }

    /** One weight and one bias, at a learning rate of 0.01. */
    private static Network twoParameters(TrainingSpec.Loss loss) {
        return SmallNetworks.autoencoder("two", 1, loss, SmallNetworks.output()).bind(1);
    }

    @Test
    void orthogonalRowsHaveLengthOneAndNothingInCommon() {
        Parameter wide = new Parameter("param/0.dense/weight", new int[] {5, 8}, Initial.ORTHOGONAL, 8, 5);
        float[] rows = Initializer.draw(wide, 3);
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 5; b++) {
                double dot = 0;
                for (int i = 0; i < 8; i++) dot += rows[a * 8 + i] * (double) rows[b * 8 + i];
                assertThat(dot).isCloseTo(a == b ? 1 : 0, within(1e-6));
            }
        }
        Parameter tall = new Parameter("param/0.lstm/weight_hh", new int[] {12, 3}, Initial.ORTHOGONAL, 3, 3);
        for (float w : Initializer.draw(tall, 3)) assertThat(Math.abs(w)).isLessThanOrEqualTo(1f);
    }

    @Test
    void aPositiveWeightCountsTargetsOfOneMore() {
        float[] gradient = new float[2];
        TrainingSpec plain = new TrainingSpec(TrainingSpec.Loss.BINARY_CROSS_ENTROPY, 0.01, 8);
        double even = new Loss(logits(plain))
                .evaluate(1, new float[] {0, 0}, new float[] {1, 0}, new float[] {1, 1}, gradient);
        assertThat(even).isCloseTo(Math.log(2), within(1e-9));
        assertThat(gradient).containsExactly(-0.25f, 0.25f);
        TrainingSpec weighted = new TrainingSpec(
                plain.method(),
                new TrainingSpec.Objective(plain.objective().loss(), 1, 4),
                new TrainingSpec.Optimisation(
                        plain.optimisation().optimiser(),
                        0.01,
                        plain.optimisation().schedule(),
                        8),
                plain.initial(),
                plain.regularisation(),
                0,
                plain.pretraining(),
                plain.augmentations());
        double more = new Loss(logits(weighted))
                .evaluate(1, new float[] {0, 0}, new float[] {1, 0}, new float[] {1, 1}, gradient);
        assertThat(more).isCloseTo(2.5 * Math.log(2), within(1e-9));
        assertThat(gradient).containsExactly(-1f, 0.25f);
    }

    @Test
    void crossEntropyOfFarLogitsStaysFinite() {
        float[] gradient = new float[2];
        TrainingSpec plain = new TrainingSpec(TrainingSpec.Loss.BINARY_CROSS_ENTROPY, 0.01, 8);
        double loss = new Loss(logits(plain))
                .evaluate(1, new float[] {200, -200}, new float[] {0, 1}, new float[] {1, 1}, gradient);
        assertThat(loss).isCloseTo(200, within(1e-9));
        assertThat(gradient).containsExactly(0.5f, -0.5f);
    }

    private static Network logits(TrainingSpec training) {
        return new NetworkSpec(
                        "logits",
                        NetworkSpec.Kind.AUTOENCODER,
                        1,
                        new NetworkSpec.Forecast(0, java.util.List.of()),
                        java.util.List.of(SmallNetworks.output()),
                        training)
                .bind(2);
    }

    @Test
    void aStageHandsItsWeightsToTheWholeNetwork() {
        Network small = SmallNetworks.autoencoder(
                        "small",
                        2,
                        TrainingSpec.Loss.MSE,
                        new Layer.Flatten(),
                        SmallNetworks.dense(3, Activation.TANH),
                        SmallNetworks.output())
                .bind(1);
        Network whole = SmallNetworks.autoencoder(
                        "whole",
                        2,
                        TrainingSpec.Loss.MSE,
                        new Layer.Flatten(),
                        SmallNetworks.dense(3, Activation.TANH),
                        SmallNetworks.dense(1, Activation.TANH),
                        SmallNetworks.dense(3, Activation.TANH),
                        SmallNetworks.output())
                .bind(1);
        NetworkState from = Initializer.initialState(small, 1);
        NetworkState grown = Weights.transplant(
                from,
                Initializer.initialState(whole, 2),
                java.util.Map.of("param/1.dense/", "param/1.dense/", "param/2.dense/", "param/4.dense/"));
        assertThat(grown.specHash()).isEqualTo(whole.hash());
        assertThat(grown.tensor("param/4.dense/weight")).isEqualTo(from.tensor("param/2.dense/weight"));
        assertThat(grown.tensor("param/1.dense/weight")).isEqualTo(from.tensor("param/1.dense/weight"));
        assertThatThrownBy(() -> Weights.transplant(from, grown, java.util.Map.of("param/1.dense/", "param/2.dense/")))
                .hasMessageContaining("do not mirror");
    }
}
