package io.tidemark.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZooTest {

    @Test
    void everyNetworkOfTheZooBindsToOneAndToFortyFeatures() {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        assertThat(zoo.entries())
                .containsKeys(
                        "conv-ae",
                        "conv-forecaster",
                        "dense-ae",
                        "dense-ae-10",
                        "denoising-ae",
                        "lstm-ae",
                        "lstm-forecaster");
        for (Zoo.Entry entry : zoo.entries().values()) {
            if (entry.spec().input() == NetworkSpec.Input.IMAGE) continue;
            assertThat(entry.spec().bind(1).parameterCount()).isPositive();
            assertThat(entry.spec().bind(40).parameterCount()).isLessThan(4_000_000);
        }
    }

    @Test
    void theDenseAutoencoderIs64To8For1Feature() {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae").bind(1);
        assertThat(network.layers()).extracting(BoundLayer::outputSize).containsExactly(64, 32, 8, 32, 64);
        assertThat(network.parameterCount()).isEqualTo(4744);
    }

    @Test
    void theTenRowAutoencoderIs380To16For38Features() {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae-10").bind(38);
        assertThat(network.layers()).extracting(BoundLayer::outputSize).containsExactly(380, 128, 16, 128, 380);
    }

    @Test
    void everyMistakeOfAFileIsReportedWithItsLine() {
        List<Problem> problems = new ArrayList<>();
        String text = """
                summary: s
                works: w
                fails: f
                cost: c
                kind: autoencoder
                window: 99999
                layers:
                  - flaten
                  - dense: {units: -1, activation: tanhh}
                  - lstm: {unit: 3}
                training: {loss: mse, learning-rate: 7, batch: 8, momentun: 1}
                """;
        assertThat(ZooFile.parse("bad", text, problems)).isEmpty();
        assertThat(problems)
                .extracting(Problem::toString)
                .anyMatch(p -> p.contains("paper is missing"))
                .anyMatch(p -> p.startsWith("bad.yaml:6: window must be") && p.contains("99999"))
                .anyMatch(p -> p.startsWith("bad.yaml:8: layers[0] flaten is not a layer"))
                .anyMatch(p -> p.startsWith("bad.yaml:9:") && p.contains("tanhh"))
                .anyMatch(p -> p.startsWith("bad.yaml:9:") && p.contains("-1"))
                .anyMatch(p -> p.startsWith("bad.yaml:10:") && p.contains("units is missing"))
                .anyMatch(p -> p.startsWith("bad.yaml:10:") && p.contains("unit is not a known setting"))
                .anyMatch(p -> p.startsWith("bad.yaml:11:") && p.contains("learning-rate"))
                .anyMatch(p -> p.startsWith("bad.yaml:11:") && p.contains("momentun"));
    }

    @Test
    void aLayerThatDoesNotFitIsReportedAtItsLine() {
        List<Problem> problems = new ArrayList<>();
        String text = """
                summary: s
                works: w
                fails: f
                cost: c
                paper: p
                kind: autoencoder
                window: 8
                layers:
                  - flatten
                  - last-step
                  - dense: {units: 3}
                training: {loss: mse, learning-rate: 0.01, batch: 8}
                """;
        assertThat(ZooFile.parse("bad", text, problems)).isEmpty();
        assertThat(problems)
                .extracting(Problem::toString)
                .anyMatch(p -> p.startsWith("bad.yaml:10: layer 1 (last-step) needs an input of [step, feature]"))
                .anyMatch(p -> p.contains("end with a dense layer of units: output"));
    }
}
