package io.tidemark.net.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineContract;
import io.tidemark.net.engine.NvidiaCard;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Dl4jEngineTest extends EngineContract {
    @Override
    protected Engine open() {
        return Dl4jEngine.open(new DeviceSpec.Cpu());
    }

    private static Optional<String> onCuda(String name, int major, int minor) {
        return Dl4jProvider.unusable(
                new DeviceSpec.Auto(), false, true, List.of(new NvidiaCard(0, name, major, minor)));
    }

    @Test
    void aCardWithoutMachineCodeIsRefusedBeforeTheBackendLoads() {
        assertThat(onCuda("NVIDIA H200", 9, 0))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("NVIDIA H200 has compute capability 9.0", "no machine code", "engine djl"));
        assertThat(onCuda("NVIDIA B200", 10, 0)).isPresent();
        assertThat(onCuda("Tesla K20", 3, 5)).isPresent();
        assertThat(onCuda("Tesla V100", 7, 0)).isEmpty();
        assertThat(onCuda("NVIDIA A100", 8, 0)).isEmpty();
        assertThat(onCuda("NVIDIA L4", 8, 9)).isEmpty();
    }

    @Test
    void aBuildForOneDeviceSaysHowToGetTheOther() {
        assertThat(Dl4jProvider.unusable(new DeviceSpec.Gpu(0), true, false, List.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("profile cuda"));
        assertThat(Dl4jProvider.unusable(new DeviceSpec.Cpu(), false, true, List.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("without the profile cuda"));
        assertThat(Dl4jProvider.unusable(new DeviceSpec.Auto(), false, true, List.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("nvidia-smi names no card"));
        assertThat(Dl4jProvider.unusable(new DeviceSpec.Auto(), true, false, List.of()))
                .isEmpty();
    }

    @Test
    void batchesRunInFewTapes() {
        assertThat(Dl4jScoring.rounded(1, 100)).isEqualTo(1);
        assertThat(Dl4jScoring.rounded(5, 100)).isEqualTo(6);
        assertThat(Dl4jScoring.rounded(7, 100)).isEqualTo(8);
        assertThat(Dl4jScoring.rounded(97, 100)).isEqualTo(100);
    }
}
