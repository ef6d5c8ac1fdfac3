package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ZooTest {

    @Test
    void everyNetworkOfTheZooBindsToOneAndToFortyFeatures() {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        assertThat(zoo.entries())
                .containsKeys(
                        "adversarial-ae",
                        "attention-ae",
                        "bi-lstm-ae",
                        "conv-ae",
                        "conv-forecaster",
                        "deep-ae",
                        "denoising-ae",
                        "dense-ae",
                        "dense-ae-10",
                        "diffusion-denoiser",
                        "gated-conv-forecaster",
                        "graph-forecaster",
                        "gru-forecaster",
                        "lstm-ae",
                        "lstm-forecaster",
                        "masked-ae",
                        "monte-carlo-forecaster",
                        "pca",
                        "seq2seq-forecaster",
                        "sparse-ae",
                        "sparse-denoising-ae",
                        "stacked-ae",
                        "tied-ae",
                        "variational-ae");
        for (Zoo.Entry entry : zoo.entries().values()) {
            if (entry.spec().input() == NetworkSpec.Input.IMAGE) continue;
            assertThat(entry.spec().bind(1).parameterCount()).isPositive();
            assertThat(entry.spec().bind(40).parameterCount()).isLessThan(4_000_000);
        }
    }

    @Test
    void everyNetworkOfImagesBindsToSmallAndLargeOnesGreyAndInColour() {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        assertThat(zoo.entries())
                .containsKeys(
                        "image-conv-ae",
                        "image-defect-unet",
                        "image-denoising-ae",
                        "image-denoising-unet",
                        "image-dense-ae",
                        "image-inpainting",
                        "image-sparse-ae",
                        "image-variational-ae");
        for (Zoo.Entry entry : zoo.entries().values()) {
            NetworkSpec spec = entry.spec();
            if (spec.input() != NetworkSpec.Input.IMAGE) continue;
            assertThat(spec.bind(1, 48, 64).outputs().get(0).size()).isEqualTo(48 * 64);
            assertThat(spec.bind(3, 64, 64).parameterCount()).isPositive();
            if (spec.name().contains("unet") || spec.name().contains("conv")) {
                assertThat(spec.bind(1, 192, 192).parameterCount()).isPositive();
            }
        }
    }

    @Test
    void aConvolutionalNetworkSaysWhichSidesItTakes() {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        for (String name : List.of("image-conv-ae", "image-denoising-unet", "image-defect-unet")) {
            assertThatThrownBy(() -> zoo.spec(name).bind(1, 30, 27))
                    .as(name)
                    .hasMessageContaining("layer")
                    .hasMessageContaining("(space-to-depth) needs rows and columns that 2 divides");
        }
    }

    @Test
    void theStackedAutoencoderHasAStageForEachPairButTheLast() {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        List<LayerWise.Stage> stages = LayerWise.stages(zoo.spec("stacked-ae"));
        assertThat(stages).hasSize(2);
        assertThat(stages.get(1).spec().bind(1).layers())
                .extracting(BoundLayer::outputSize)
                .containsExactly(64, 32, 16, 32, 64);
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

    @Test
    void aFileDeclaresWhatItsWindowsAreRelativeTo() {
        String text = """
                summary: a
                works: b
                fails: c
                cost: d
                paper: e
                kind: autoencoder
                window: 8
                normalise: mean
                normalise-scale: window
                layers: [flatten, {dense: {units: 2}}, {dense: {units: output}}]
                training: {loss: mse, learning-rate: 0.001, batch: 8}
                """;
        List<Problem> problems = new ArrayList<>();
        Optional<Zoo.Entry> read = ZooFile.parse("relative", text, problems);
        assertThat(problems).isEmpty();
        assertThat(read)
                .hasValueSatisfying(entry -> assertThat(entry.spec().normalisation())
                        .isEqualTo(new Normalisation(Normalisation.Level.MEAN, Normalisation.Scale.WINDOW)));
        String without = text.replace("normalise: mean\n", "");
        assertThat(ZooFile.parse("relative", without, problems)).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(8);
            assertThat(problem.toString()).contains("normalise-scale must be left out for normalise: none");
        });
    }
}
