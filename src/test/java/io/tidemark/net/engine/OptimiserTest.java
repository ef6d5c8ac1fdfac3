package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.OptimiserSpec;
import io.tidemark.net.network.Regularisation;
import io.tidemark.net.network.Schedule;
import io.tidemark.net.network.TrainingMethod;
import io.tidemark.net.network.TrainingSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** One weight and one bias at a learning rate of 0.1; figures worked out by hand from each optimiser's formula. */
class OptimiserTest {
    private static final Offset<Float> NEAR = within(1e-6f);

    private static Network network(OptimiserSpec optimiser, Regularisation regularisation) {
        TrainingSpec training = new TrainingSpec(
                TrainingMethod.GRADIENT,
                new TrainingSpec.Objective(TrainingSpec.Loss.MSE, 1, 1),
                new TrainingSpec.Optimisation(optimiser, 0.1, Schedule.CONSTANT, 8),
                TrainingSpec.Start.BY_ACTIVATION,
                regularisation,
                0,
                TrainingSpec.Pretraining.NONE,
                List.of());
        return new NetworkSpec(
                        "two",
                        NetworkSpec.Kind.AUTOENCODER,
                        1,
                        NetworkSpec.Forecast.NONE,
                        List.of(SmallNetworks.output()),
                        training)
                .bind(1);
    }

    private static float[] after(OptimiserSpec spec, Regularisation regularisation, float... gradients) {
        Optimiser optimiser = new Optimiser(network(spec, regularisation));
        float[] parameters = {1, 1};
        for (float g : gradients) optimiser.update(parameters, new float[] {g, g});
        return parameters;
    }

    @Test
    void everyOptimiserFollowsItsFormula() {
        Regularisation none = Regularisation.NONE;
        assertThat(after(new OptimiserSpec.Sgd(), none, 2, 1)[0]).isCloseTo(0.7f, NEAR);
        // velocities 2 and 0.5·2 + 1 = 2
        assertThat(after(new OptimiserSpec.Momentum(0.5, false), none, 2, 1)[0]).isCloseTo(0.6f, NEAR);
        // steps 2 + 0.5·2 = 3 and 1 + 0.5·2 = 2
        assertThat(after(new OptimiserSpec.Momentum(0.5, true), none, 2, 1)[0]).isCloseTo(0.5f, NEAR);
        // 2/√4 and 1/√5
        assertThat(after(new OptimiserSpec.AdaGrad(), none, 2, 1)[0]).isCloseTo(0.9f - 0.1f / 2.236068f, NEAR);
        // mean squares 2 and 1.5
        assertThat(after(new OptimiserSpec.RmsProp(0.5), none, 2, 1)[0])
                .isCloseTo(1 - 0.2f / 1.4142135f - 0.1f / 1.2247449f, NEAR);
        assertThat(after(new OptimiserSpec.Adam(0), none, 2)[0]).isCloseTo(0.9f, NEAR);
        float[] decayed = after(new OptimiserSpec.Adam(0.5), none, 2);
        assertThat(decayed[0]).isCloseTo(0.85f, NEAR);
        assertThat(decayed[1]).as("a bias does not decay").isCloseTo(0.9f, NEAR);
    }

    @Test
    void regularisationShrinksWeightsAndNotBiases() {
        OptimiserSpec sgd = new OptimiserSpec.Sgd();
        float[] penalised = after(sgd, new Regularisation(0.5, 0.25, 0, 0), 2);
        assertThat(penalised[0]).isCloseTo(1 - 0.1f * (2 + 0.5f + 0.25f), NEAR);
        assertThat(penalised[1]).isCloseTo(0.8f, NEAR);
        float[] bounded = after(sgd, new Regularisation(0, 0, 0.3, 0), 2);
        assertThat(bounded[0]).isCloseTo(0.3f, NEAR);
        assertThat(bounded[1]).isCloseTo(0.8f, NEAR);
        // a gradient (2, 2) of norm 2√2 scaled to √2
        assertThat(after(sgd, new Regularisation(0, 0, 0, Math.sqrt(2)), 2)[0]).isCloseTo(0.9f, NEAR);
        assertThat(after(sgd, new Regularisation(0, 0, 0, 100), 2)[0]).isCloseTo(0.8f, NEAR);
    }

    @Test
    void itsStateIsSavedByNameAndResumesToTheSameBits() {
        List<OptimiserSpec> all = List.of(
                new OptimiserSpec.Sgd(),
                new OptimiserSpec.Momentum(0.9, true),
                new OptimiserSpec.AdaGrad(),
                new OptimiserSpec.RmsProp(0.9),
                new OptimiserSpec.Adam(0.1));
        for (OptimiserSpec spec : all) {
            Network network = network(spec, Regularisation.NONE);
            Optimiser straight = new Optimiser(network);
            float[] parameters = {1, 1};
            straight.update(parameters, new float[] {0.5f, -2});
            Map<String, NetworkState.Tensor> tensors = new HashMap<>();
            straight.save(network, tensors);
            assertThat(tensors).hasSize(1 + 2 * spec.stateArrays());
            float[] resumed = parameters.clone();
            straight.update(parameters, new float[] {1, 1});
            Optimiser other = new Optimiser(network);
            other.load(network, new NetworkState(network.hash(), tensors));
            other.update(resumed, new float[] {1, 1});
            assertThat(resumed).as(spec.toString()).isEqualTo(parameters);
        }
    }

    @Test
    void theRateCanBeSetFromStepToStep() {
        Optimiser optimiser = new Optimiser(network(new OptimiserSpec.Sgd(), Regularisation.NONE));
        float[] parameters = {1, 1};
        optimiser.learningRate(0.01);
        optimiser.update(parameters, new float[] {1, 1});
        assertThat(parameters[0]).isCloseTo(0.99f, NEAR);
    }

    @Test
    void whatIsFrozenKeepsItsBitsWhileItsStateGoesOn() {
        for (OptimiserSpec spec : List.of(new OptimiserSpec.Momentum(0.5, false), new OptimiserSpec.Adam(0.5))) {
            Network network = network(spec, new Regularisation(0.1, 0.1, 0.3, 1));
            Optimiser held = new Optimiser(network);
            Optimiser free = new Optimiser(network);
            held.freeze(network, Set.of("param/0.dense/weight"));
            float[] parameters = {0.25f, 1};
            float[] moved = {0.25f, 1};
            held.update(parameters, new float[] {2, 1});
            free.update(moved, new float[] {2, 1});
            assertThat(parameters[0]).isEqualTo(0.25f).isNotEqualTo(moved[0]);
            assertThat(parameters[1]).as("what is not frozen moves as ever").isEqualTo(moved[1]);
            Map<String, NetworkState.Tensor> kept = new HashMap<>();
            Map<String, NetworkState.Tensor> went = new HashMap<>();
            held.save(network, kept);
            free.save(network, went);
            kept.forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(Objects.requireNonNull(went.get(name)).values()));
            held.freeze(network, Set.of());
            held.update(parameters, new float[] {2, 1});
            assertThat(parameters[0]).isNotEqualTo(0.25f);
        }
    }
}
