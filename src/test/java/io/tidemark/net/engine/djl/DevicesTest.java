package io.tidemark.net.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NvidiaCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {
    private static final DeviceSpec GPU = new DeviceSpec.Gpu(0);

    @Test
    void everyCardFromMaxwellToHopperIsUsableWithTheBundledCuda() {
        for (NvidiaCard card : List.of(card(5, 0), card(7, 5), card(8, 9), card(9, 0))) {
            assertThat(Devices.unusable(GPU, Libtorch.BUNDLED_CUDA, List.of(card)))
                    .isEmpty();
        }
    }

    @Test
    void cardsOutsideTheBuildAreRefusedWithTheirCapability() {
        assertThat(Devices.unusable(GPU, Libtorch.BUNDLED_CUDA, List.of(card(12, 0))))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("compute capability 12.0", "5.0 to 9.0", "PYTORCH_LIBRARY_PATH", "device cpu"));
        assertThat(Devices.unusable(GPU, Libtorch.BUNDLED_CUDA, List.of(card(3, 7))))
                .isPresent();
    }

    @Test
    void ownLibtorchMayKnowNewerCards() {
        assertThat(Devices.unusable(GPU, Libtorch.OWN_CUDA, List.of(card(12, 0))))
                .isEmpty();
    }

    @Test
    void absentCardIsRefusedByItsNumber() {
        assertThat(Devices.unusable(new DeviceSpec.Gpu(3), Libtorch.BUNDLED_CUDA, List.of(card(9, 0))))
                .hasValueSatisfying(why -> assertThat(why).contains("no card 3"));
    }

    @Test
    void cpuBuildRefusesCardsAndNamesTheProfile() {
        Assumptions.assumeFalse(Libtorch.present().cuda(), "this build has CUDA");
        assertThatThrownBy(() -> Devices.open(GPU))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("engine djl cannot use gpu:0")
                .hasMessageContaining("djl-cuda");
        assertThat(new DjlProvider().unusable(GPU)).isPresent();
    }

    @Test
    void withoutPyTorchTheOtherEngineIsNamed() {
        Optional<String> why = Devices.unusable(new DeviceSpec.Cpu(), Libtorch.ABSENT, List.of());
        assertThat(why).hasValueSatisfying(text -> assertThat(text).contains("engine dl4j"));
    }

    @Test
    void libtorchIsRecognisedByItsFiles(@TempDir Path folder) throws IOException {
        ClassLoader none = new ClassLoader(null) {};
        assertThat(Libtorch.present(folder.toString(), none)).isEqualTo(Libtorch.ABSENT);
        Files.createFile(folder.resolve("libtorch.so"));
        assertThat(Libtorch.present(folder.toString(), none)).isEqualTo(Libtorch.OWN_CPU);
        Files.createFile(folder.resolve("libtorch_cuda.so"));
        assertThat(Libtorch.present(folder.toString(), none)).isEqualTo(Libtorch.OWN_CUDA);
    }

    @Test
    void engineSaysItsVersionsAndDevice() {
        try (DjlEngine engine = new DjlEngine(new DeviceSpec.Cpu())) {
            assertThat(engine.info().label()).isEqualTo("djl/cpu");
            assertThat(engine.info().build()).matches("\\d+\\.\\d+\\.\\d+ pytorch-\\d+\\.\\d+\\.\\d+ (cpu|cuda)");
        }
    }

    private static NvidiaCard card(int major, int minor) {
        return new NvidiaCard(0, "NVIDIA Test", major, minor);
    }
}
