package io.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.network.BoundLayer;
import io.tidemark.network.Network;
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
        Adam adam = new Adam(0.01, 2);
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
}
