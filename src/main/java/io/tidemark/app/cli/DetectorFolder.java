package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.image.detect.ImageDetector;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A detector in a folder: {@code detector.json} names its network, {@code detector.safetensors} holds weights, bank and baseline. */
final class DetectorFolder {
    private static final String ABOUT = "detector.json";
    private static final String TENSORS = "detector.safetensors";

    private DetectorFolder() {}

    static void write(Path folder, Optional<String> network, ImageDetector detector) throws IOException {
        Files.createDirectories(folder);
        ObjectNode about = new ObjectMapper().createObjectNode().put("format", 1);
        network.ifPresent(name -> about.put("network", name));
        Files.writeString(folder.resolve(ABOUT), about.toPrettyString() + "\n");
        Files.write(folder.resolve(TENSORS), Safetensors.write(detector.state()));
    }

    /** @throws IOException when the folder holds no detector */
    static ImageDetector read(Path folder, ImageOptions images, Engine engine, ImageShape shape) throws IOException {
        if (!Files.exists(folder.resolve(ABOUT))) {
            throw new IOException(folder + " holds no detector; make one with image fit --model " + folder);
        }
        JsonNode about = new ObjectMapper().readTree(Files.readString(folder.resolve(ABOUT)));
        Optional<Network> network =
                Optional.ofNullable(about.path("network").textValue()).map(name -> images.network(name, shape));
        return ImageDetector.load(
                engine, shape, network, Safetensors.read(Files.readAllBytes(folder.resolve(TENSORS))));
    }
}
