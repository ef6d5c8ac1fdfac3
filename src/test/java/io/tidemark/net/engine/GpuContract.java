package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.net.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What an engine must do on a card; a subclass names the engine. Skipped with the reason where gpu:0 cannot be used. Run with
 * {@code NVIDIA_TF32_OVERRIDE=0}, because TF32 rounds products to 10 bits.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class GpuContract {
    private static final int SAMPLES = 6;
    private static final DeviceSpec CARD = new DeviceSpec.Gpu(0);

    private Engine engine;

    protected abstract EngineProvider provider();

    @BeforeAll
    void open() {
        Optional<String> why = provider().unusable(CARD);
        why.ifPresent(reason -> System.out.println("skipped on " + provider().name() + ": " + reason));
        Assumptions.assumeTrue(why.isEmpty(), why.orElse(""));
        engine = provider().open(CARD);
    }

    @AfterAll
    void close() {
        if (engine != null) engine.close();
    }

    private static void fill(float[] values, String name) {
        CounterRandom random = CounterRandom.of(7, name, 0);
        for (int i = 0; i < values.length; i++) values[i] = random.normal(i);
    }

    @Test
    void scoresOnACardAreThoseOfTheTextbookFormula() {
        for (Network network : SmallNetworks.all()) {
            if (!network.spec().forecast().quantiles().isEmpty() || network.reconstructsByLogistic()) continue;
            NetworkState state = engine.initialState(network, 1);
            int in = network.inputs().get(0).size();
            int out = network.outputs().get(0).size();
            try (ScoringReplica replica = engine.scoring(network, SAMPLES)) {
                replica.load(state);
                float[] input = replica.input(Network.WINDOW);
                fill(input, "input");
                replica.forward(SAMPLES);
                float[] actual = replica.output(network.outputs().get(0).name());
                ReferenceForward reference = new ReferenceForward(network, state);
                for (int s = 0; s < SAMPLES; s++) {
                    double[] sample = new double[in];
                    for (int i = 0; i < in; i++) sample[i] = input[s * in + i];
                    double[] expected = reference.output(sample);
                    for (int i = 0; i < out; i++) {
                        assertThat((double) actual[s * out + i])
                                .as("%s sample %d element %d", network.spec().name(), s, i)
                                .isCloseTo(expected[i], within(1e-4 * Math.max(1, Math.abs(expected[i]))));
                    }
                }
            }
        }
    }

    @Test
    void trainingOnACardStartsAtTheFormulasLossAndLowersIt() {
        Network network = SmallNetworks.forecaster(2);
        NetworkState state = engine.initialState(network, 3);
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(state);
            String target = network.targets().get(0).name();
            fill(replica.input(Network.WINDOW), "input");
            fill(replica.target(target), "target");
            double expected = new ReferenceForward(network, state)
                    .loss(replica.input(Network.WINDOW), replica.target(target), replica.weight(target), 8);
            float before = replica.train(8);
            assertThat((double) before).isCloseTo(expected, within(1e-4));
            float last = before;
            for (int i = 0; i < 30; i++) last = replica.train(8);
            assertThat(last).isLessThan(0.98f * before);
        }
    }

    @Test
    void memoryOfTheCardStaysBoundedWhileReplicasComeAndGo() throws Exception {
        Network network = SmallNetworks.noisy();
        openAndClose(network, 3);
        long before = usedMib();
        openAndClose(network, 30);
        assertThat(usedMib() - before).as("MiB that the card holds more").isLessThan(64);
    }

    private void openAndClose(Network network, int times) {
        NetworkState state = engine.initialState(network, 1);
        for (int i = 0; i < times; i++) {
            try (ScoringReplica scoring = engine.scoring(network, 16_384);
                    TrainingReplica training = engine.training(network)) {
                scoring.load(state);
                training.load(state);
                scoring.forward(16_384);
                training.train(8);
            }
        }
    }

    private static long usedMib() throws Exception {
        Process process = new ProcessBuilder(
                        "nvidia-smi", "--id=0", "--query-gpu=memory.used", "--format=csv,noheader,nounits")
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(text.strip());
    }

    /** The widest small network at ever larger batches, then at half of what did not fit. */
    @Test
    void aBatchThatDoesNotFitIsRefusedClearlyAndHalfOfItRuns() {
        Network wide = SmallNetworks.noisy().spec().bind(4096);
        NetworkState state = engine.initialState(wide, 1);
        int batch = 65_536;
        while (batch > 1) {
            try (ScoringReplica replica = engine.scoring(wide, batch)) {
                replica.load(state);
                replica.forward(batch);
                break;
            } catch (OutOfMemoryException e) {
                assertThat(e).hasMessageContaining("make the batch smaller");
                batch /= 2;
            }
        }
        assertThat(batch).isBetween(2, 65_535);
    }
}
