package io.tidemark.app.cli;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files become images, and what computes. */
public final class ImageOptions extends CliOptions {
    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the image stream, or its file, that says how frames are cropped, resized and coloured")
    private @Nullable String stream;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    Engine open() {
        return engines.open();
    }

    /** The stream, when one was named. */
    Optional<StreamSpec> stream() {
        return Optional.ofNullable(stream).map(topology::stream);
    }

    /** How the named stream's frames become images. @throws ParameterException when none was named, or it has no images */
    ImageSpec image() {
        StreamSpec named =
                stream().orElseThrow(() -> wrong("--stream is missing: the stream says how frames are resized"));
        ImageSpec image = named.input()
                .image()
                .orElseThrow(() -> wrong("stream " + named.name() + " has no images; name one of format: image"));
        if (image.framing().tiles().isPresent()
                || image.scaling().mean() != 0
                || image.scaling().deviation() != 1) {
            throw wrong("stream " + named.name() + " declares tiles or normalise, which image commands do not apply;"
                    + " name a stream without them");
        }
        return image;
    }

    static ImageShape shape(ImageSpec image) {
        return new ImageShape(
                image.size().channels(), image.size().height(), image.size().width());
    }

    /** A network of the zoo for images of a shape. @throws IllegalArgumentException when there is none of that name */
    Network network(String name, ImageShape shape) {
        return Zoo.load(topology.zoo()).spec(name).bind(shape.channels(), shape.rows(), shape.columns());
    }
}
