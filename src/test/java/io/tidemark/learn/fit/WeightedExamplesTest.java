package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightedExamplesTest {
    private final Network network = TestNetworks.autoencoder().bind(1);

    @Test
    void whatWeighsNothingIsNeitherLearntNorMeasured() {
        float[] values = new float[600];
        for (int r = 0; r < values.length; r++) values[r] = (float) Math.sin(r * 0.4);
        ExampleSet.Parts parts =
                SeriesExamples.split(network, List.of(Series.scaled("waves", 1, values)), 10, 0.2, 0.2);
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu());
                Evaluation evaluation = new Evaluation(engine, network)) {
            FitResult result = new Fit(engine, FitSettings.epochs(2, 1), Augmentation.NONE, Fit.Listener.NONE)
                    .run(network, new Holed(parts.train()), new Holed(parts.validation()).thinned(50));
            for (NetworkState.Tensor tensor : result.best().tensors().values()) {
                assertThat(tensor.values()).doesNotContain(Float.NaN);
            }
            assertThat(result.report().course().curve())
                    .allSatisfy(epoch -> assertThat(epoch.validationLoss()).isFinite());
            ExampleSet both = ExampleSet.concatenated(List.of(new Holed(parts.test()), new Holed(parts.train())));
            Errors errors = evaluation.errors(result.best(), both);
            assertThat(errors.loss()).isFinite();
            assertThat(errors.meanSquared()).isCloseTo(errors.loss(), within(1e-4));
            assertThat(PrincipalComponents.of(parts.train(), 2).errors(both).meanSquared())
                    .isFinite();
        }
    }

    /** Examples whose third value nobody knows. */
    private record Holed(ExampleSet of) implements ExampleSet {
        @Override
        public int size() {
            return of.size();
        }

        @Override
        public int inputSize() {
            return of.inputSize();
        }

        @Override
        public int targetSize() {
            return of.targetSize();
        }

        @Override
        public void copy(int index, float[] input, float[] target, int slot) {
            of.copy(index, input, target, slot);
            target[slot * targetSize() + 3] = Float.NaN;
        }

        @Override
        public void weigh(int index, float[] weight, int slot) {
            of.weigh(index, weight, slot);
            weight[slot * targetSize() + 3] = 0;
        }
    }
}
