package io.tidemark.net.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Initializer;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.SmallNetworks;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Native memory follows the batch and the replica, not the garbage collector. */
class DjlMemoryTest {
    private static final int BATCH = 64;
    private static final long MIB = 1 << 20;

    /** A batch holds about 0.5 MiB natively, so a batch that is not returned shows within a few hundred. */
    private static final Network NETWORK = new NetworkSpec(
                    "memory",
                    NetworkSpec.Kind.AUTOENCODER,
                    32,
                    NetworkSpec.Forecast.NONE,
                    List.of(
                            new Layer.Lstm(new Units.Count(4)),
                            new Layer.Flatten(),
                            new Layer.Dense(new Units.Count(8), Activation.TANH),
                            new Layer.Dense(new Units.Output(), Activation.IDENTITY)),
                    new TrainingSpec(TrainingSpec.Loss.MSE, 1e-3, BATCH))
            .bind(8);

    private final NetworkState state = Initializer.initialState(NETWORK, 7);

    @Test
    void batchesLeaveNothingBehind() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "resident memory is read from /proc");
        PyTorch.start();
        try (DjlScoringReplica scoring = new DjlScoringReplica(NETWORK, BATCH, Device.cpu());
                DjlTrainingReplica training = new DjlTrainingReplica(NETWORK, Device.cpu())) {
            scoring.load(state);
            training.load(state);
            run(scoring, training, 50);
            int arrays = scoring.nativeArrays() + training.nativeArrays();
            long before = residentBytes(status);
            run(scoring, training, 300);
            assertThat(scoring.nativeArrays() + training.nativeArrays()).isEqualTo(arrays);
            assertThat(residentBytes(status) - before).isLessThan(60 * MIB);
        }
    }

    @Test
    void noLayerLeavesAnArrayOfABatchBehind() {
        PyTorch.start();
        for (Network network : SmallNetworks.all()) {
            try (DjlScoringReplica scoring = new DjlScoringReplica(network, 4, Device.cpu());
                    DjlTrainingReplica training = new DjlTrainingReplica(network, Device.cpu())) {
                NetworkState initial = Initializer.initialState(network, 7);
                scoring.load(initial);
                training.load(initial);
                int arrays = scoring.nativeArrays() + training.nativeArrays();
                for (int i = 0; i < 3; i++) {
                    scoring.forward(4);
                    training.train(4);
                }
                assertThat(scoring.nativeArrays() + training.nativeArrays())
                        .as(network.spec().name())
                        .isEqualTo(arrays);
            }
        }
    }

    @Test
    void closedReplicasReturnTheirMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "resident memory is read from /proc");
        PyTorch.start();
        openAndClose();
        long before = residentBytes(status);
        for (int i = 0; i < 75; i++) openAndClose();
        long heapLimit = Runtime.getRuntime().maxMemory();
        Assumptions.assumeTrue(heapLimit < 2000 * MIB, "a larger heap hides what is looked for");
        assertThat(residentBytes(status) - before).isLessThan(heapLimit + 200 * MIB);
    }

    @Test
    void scoredBatchesComeInFewSizes() {
        assertThat(IntStream.of(1, 17, 33, 129, 256, 257).map(n -> DjlScoringReplica.rounded(n, 300)))
                .containsExactly(1, 17, 34, 136, 256, 272);
        assertThat(DjlScoringReplica.rounded(299, 300)).isEqualTo(300);
        assertThat(IntStream.rangeClosed(1, 256)
                        .map(n -> DjlScoringReplica.rounded(n, 256))
                        .distinct())
                .hasSizeLessThan(100);
    }

    @Test
    void closedReplicaRefusesToRun() {
        PyTorch.start();
        DjlScoringReplica scoring = new DjlScoringReplica(NETWORK, BATCH, Device.cpu());
        scoring.close();
        assertThatThrownBy(() -> scoring.forward(1))
                .isInstanceOf(EngineException.class)
                .hasMessage("a replica of memory is used after close");
        assertThatThrownBy(() -> scoring.load(state)).isInstanceOf(EngineException.class);
    }

    @Test
    void aBatchThatDoesNotFitIsRefusedWithTheRemedy() {
        try (DjlEngine engine = new DjlEngine(new DeviceSpec.Cpu())) {
            Network wide = NETWORK.spec().bind(4096);
            assertThatThrownBy(() -> engine.scoring(wide, 65_536))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("not enough memory on cpu for network memory at a batch of 65536")
                    .hasMessageContaining("make the batch smaller");
        }
    }

    /** 32 MiB outside the heap in each replica, 75 times: more than the heap could hide. */
    private void openAndClose() {
        try (DjlScoringReplica scoring = new DjlScoringReplica(NETWORK, 32_768, Device.cpu())) {
            scoring.load(state);
            scoring.forward(8);
        }
    }

    private static void run(DjlScoringReplica scoring, DjlTrainingReplica training, int batches) {
        for (int i = 0; i < batches; i++) {
            scoring.forward(BATCH);
            training.train(BATCH);
        }
    }

    private static long residentBytes(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS in " + status);
    }
}
