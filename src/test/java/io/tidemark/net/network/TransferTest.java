package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final Zoo ZOO = Zoo.load(Path.of("topology/zoo"));

    private static Network zoo(String name, int features) {
        NetworkSpec spec = ZOO.spec(name);
        return spec.input() == NetworkSpec.Input.IMAGE ? spec.bind(1, 32, 32) : spec.bind(features);
    }

    private static Network autoencoder(int features, Layer... layers) {
        return new NetworkSpec(
                        "small",
                        NetworkSpec.Kind.AUTOENCODER,
                        4,
                        NetworkSpec.Forecast.NONE,
                        List.of(layers),
                        new TrainingSpec(TrainingSpec.Loss.MSE, 0.01, 8))
                .bind(features);
    }

    private static Layer.Dense dense(int units) {
        return new Layer.Dense(new Units.Count(units), Activation.SWISH);
    }

    private static Layer.Dense output() {
        return new Layer.Dense(new Units.Output(), Activation.IDENTITY);
    }

    private static Network stack(int features, int inner) {
        return autoencoder(features, new Layer.Flatten(), dense(6), dense(inner), dense(6), output());
    }

    @Test
    void everyNetworkOfTheZooTakesOverAllOfItsOwnKind() {
        for (String name : ZOO.entries().keySet()) {
            Network network = zoo(name, 3);
            if (network.training().method().isClosedForm()) continue;
            Transfer transfer = Transfer.plan(network, network, Transfer.Part.ALL);
            assertThat(transfer.anew()).as(name).isEmpty();
            assertThat(transfer.carried())
                    .as(name)
                    .hasSize(network.parameters().size() + network.running().size());
            assertThat(transfer.carried()).as(name).containsAll(transfer.encoder());
        }
    }

    /** Layers of the encoder, of the network, and the encoder's last one; for three features or an image of 32x32. */
    @Test
    void theEncoderEndsAtTheCodeOrBeforeTheHead() {
        Map<String, String> ends = new TreeMap<>();
        for (String name : ZOO.entries().keySet()) {
            Network network = zoo(name, 3);
            int length = Encoder.length(network);
            String last = length == 0
                    ? "none"
                    : network.spec().layers().get(length - 1).word();
            ends.put(name, length + " of " + network.layers().size() + ", " + last);
        }
        assertThat(ends)
                .containsEntry("dense-ae", "3 of 5, dense")
                .containsEntry("lstm-ae", "2 of 5, last-step")
                .containsEntry("lstm-forecaster", "2 of 3, last-step")
                .containsEntry("pca", "2 of 3, dense")
                .containsEntry("variational-ae", "3 of 5, gaussian-latent")
                .containsEntry("seq2seq-forecaster", "8 of 9, skip")
                .containsEntry("masked-ae", "12 of 13, layer-norm")
                .containsEntry("image-segmenter", "16 of 29, conv2d")
                .containsEntry("linear-forecaster", "0 of 1, none");
    }

    /** Values of the codes for three features or an image of 32x32. */
    @Test
    void aBottleneckGivesACodeAndAHeadDoesNot() {
        Map<String, Integer> sizes = new TreeMap<>();
        for (String name : ZOO.entries().keySet()) {
            Network network = zoo(name, 3);
            Encoder.givingCode(network).ifPresent(giving -> {
                assertThat(giving.hash()).isEqualTo(network.hash());
                assertThat(giving.outputs().get(0)).isEqualTo(network.outputs().get(0));
                assertThat(giving.outputs().get(1).name()).isEqualTo(Network.CODE);
                sizes.put(name, Encoder.codeSize(giving));
            });
            assertThat(Encoder.codeSize(network)).isZero();
        }
        assertThat(sizes)
                .containsEntry("dense-ae", 24)
                .containsEntry("lstm-ae", 32)
                .containsEntry("variational-ae", 24)
                .containsEntry("pca", 4)
                .containsEntry("image-conv-ae", 128)
                .doesNotContainKeys("lstm-forecaster", "masked-ae", "diffusion-denoiser", "sparse-ae");
    }

    @Test
    void otherFeaturesBeginTheFirstAndTheLastLayerAnew() {
        Transfer dense = Transfer.plan(stack(3, 2), stack(5, 2), Transfer.Part.ALL);
        assertThat(dense.anew())
                .containsExactly(
                        "param/1.dense/weight", "param/1.dense/bias", "param/4.dense/weight", "param/4.dense/bias");
        assertThat(dense.encoder()).containsExactly("param/2.dense/weight", "param/2.dense/bias");
        Transfer lstm = Transfer.plan(zoo("lstm-forecaster", 3), zoo("lstm-forecaster", 5), Transfer.Part.ALL);
        assertThat(lstm.carried()).as("what reads the last state").containsExactly("param/0.lstm/weight_hh");
        assertThat(lstm.encoder()).isEqualTo(lstm.carried());
    }

    @Test
    void theEncoderAloneLeavesTheRestAnewWhateverItIs() {
        Network deeper = autoencoder(3, new Layer.Flatten(), dense(6), dense(2), dense(3), dense(9), output());
        Transfer transfer = Transfer.plan(stack(3, 2), deeper, Transfer.Part.ENCODER);
        assertThat(transfer.carried())
                .containsExactly(
                        "param/1.dense/weight", "param/1.dense/bias", "param/2.dense/weight", "param/2.dense/bias")
                .isEqualTo(transfer.encoder());
        assertThat(transfer.anew()).hasSize(6);
        assertThatThrownBy(() -> Transfer.plan(stack(3, 2), deeper, Transfer.Part.ALL))
                .hasMessage("network small with 3 features cannot begin with small with 3: the network has 5 layers"
                        + " there and 6 here");
    }

    @Test
    void runningStatisticsComeWithTheirLayer() {
        Network network = autoencoder(
                3, new Layer.Flatten(), new Layer.BatchNorm(), dense(4), new Layer.BatchNorm(), dense(2), output());
        Transfer transfer = Transfer.plan(network, network, Transfer.Part.ENCODER);
        assertThat(transfer.carried())
                .contains("running/1.batch-norm/mean", "running/3.batch-norm/variance")
                .hasSize(8 + 4);
        assertThat(transfer.encoder()).hasSize(8).noneMatch(name -> name.startsWith("running/"));
    }

    @Test
    void networksThatDoNotMatchAreRefusedInASentence() {
        assertThatThrownBy(() -> Transfer.plan(stack(3, 2), stack(3, 3), Transfer.Part.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network small with 3 features cannot begin with small with 3: layer 2 (dense) has weights"
                        + " of [2, 6] there and [3, 6] here; only the first and the last layer with weights may differ,"
                        + " so give the others units as a number");
        Network relu = autoencoder(
                3,
                new Layer.Flatten(),
                new Layer.Dense(new Units.Count(6), Activation.RELU),
                dense(2),
                dense(6),
                output());
        assertThatThrownBy(() -> Transfer.plan(stack(3, 2), relu, Transfer.Part.ENCODER))
                .hasMessageContaining("layer 1 is dense SWISH there and dense RELU here");
        assertThatThrownBy(() -> Transfer.plan(zoo("dense-ae", 1), zoo("dense-ae", 2), Transfer.Part.ALL))
                .hasMessageContaining("layer 2 (dense) has weights of [8, 32] there and [16, 64] here");
        assertThatThrownBy(() -> Transfer.plan(zoo("lstm-ae", 2), zoo("lstm-forecaster", 2), Transfer.Part.ENCODER))
                .hasMessageContaining("relative in other ways (normalise)");
        assertThatThrownBy(() -> Transfer.plan(zoo("image-dense-ae", 1), zoo("dense-ae", 1), Transfer.Part.ALL))
                .hasMessageContaining("one reads images and the other rows");
        assertThatThrownBy(() -> Transfer.plan(zoo("pca", 2), zoo("pca", 2), Transfer.Part.ALL))
                .hasMessageContaining("network pca takes no steps");
        Network single = autoencoder(3, new Layer.Flatten(), output());
        assertThatThrownBy(() -> Transfer.plan(single, single, Transfer.Part.ENCODER))
                .hasMessageContaining("network small has no encoder");
        Network wider = autoencoder(4, new Layer.Flatten(), output());
        assertThatThrownBy(() -> Transfer.plan(single, wider, Transfer.Part.ALL))
                .hasMessageContaining("no weight of the network has the same shape in both");
    }
}
