package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import io.tidemark.SchemaFile;
import io.tidemark.WrittenFile;
import io.tidemark.config.Outline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema of zoo files for editors is what their parser asks for. */
class ZooSchemaTest {
    private static final Path SCHEMA = Path.of("topology/formats/zoo.schema.json");
    private static final String COMMAND = "mvn -q test -Dtest=ZooSchemaTest -Dregenerate";

    @Test
    void theSchemaHasEveryKeyThatTheParserAsksFor() throws IOException {
        WrittenFile.hold(SCHEMA, written(), COMMAND);
    }

    @Test
    void everyShippedNetworkFitsAndAMistakeDoesNot() throws IOException {
        JsonSchema schema = SchemaFile.read(SCHEMA);
        try (Stream<Path> files = Files.list(Path.of("topology/zoo"))) {
            for (Path file : files.toList()) {
                assertThat(schema.validate(json(Files.readString(file))))
                        .as("%s", file)
                        .isEmpty();
            }
        }
        assertThat(schema.validate(json("kind: autoencoder\nwindow: 0\ntraning: {loss: mse}\n")))
                .hasSize(2);
    }

    private static JsonNode json(String yaml) {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static String written() {
        Outline outline = new Outline();
        StringBuilder layers = new StringBuilder("layers:\n");
        for (String word : LayerFile.WORDS) {
            if (!LayerFile.PLAIN.contains(word))
                layers.append("  - ").append(LayerFile.example(word)).append('\n');
        }
        layers.append("  - conv1d: {units: {share: 1, least: 1, most: 2}, kernel: 1, padding: 1}\n")
                .append(
                        "  - separable-conv1d: {units: 1, kernel: 1, padding: 1}\n  - conv2d: {units: {share: 1, most: 2}, kernel: 1}\n  - conv2d: {units: {like: mark}, kernel: 1}\n");
        for (String word : List.of(
                "dense",
                "lstm",
                "bidirectional-lstm",
                "conv1d",
                "gaussian-latent",
                "graph-attention",
                "gru",
                "simple-recurrent",
                "radial",
                "maxout",
                "drop-connect",
                "separable-conv1d",
                "separable-conv2d",
                "transposed-conv1d",
                "transposed-conv2d")) {
            layers.append("  - ").append(word).append(": {units: {share: 1, most: 2}}\n");
            layers.append("  - ").append(word).append(": {units: {like: mark}}\n");
            layers.append("  - ").append(word).append(": {units: output}\n");
        }
        ZooFile.outline(layers + "training: {}\n", outline);
        for (String kind : List.of("adam", "adamw", "sgd", "momentum", "nesterov", "adagrad", "rmsprop")) {
            ZooFile.outline("training: {optimiser: {kind: " + kind + "}}\n", outline);
        }
        for (String kind : List.of("constant", "step", "exponential", "inverse", "cosine")) {
            ZooFile.outline("training: {schedule: {kind: " + kind + "}}\n", outline);
        }
        for (AugmentationSpec.Kind kind : AugmentationSpec.Kind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            ZooFile.outline("training: {augmentation: {" + word + ": 0.5}}\n", outline);
        }
        return outline.schema("A network of Tidemark's zoo: topology/zoo/NAME.yaml");
    }
}
