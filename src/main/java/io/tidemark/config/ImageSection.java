package io.tidemark.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the parts of a stream file that image streams have. */
final class ImageSection {
    private static final int SHOWN_SIDE_MIN = 16;

    private ImageSection() {}

    static InputSpec input(Section s, Section outputs, String topic, boolean keyed) {
        for (String key : List.of("features", "long", "csv")) {
            if (s.has(key)) s.problem(key, "does not go with format: image, whose one feature is the image");
            s.string(key, "");
        }
        InputSpec.Time time = StreamFile.time(s, "");
        if (time.unit() == InputSpec.TimeUnit.ROW_NUMBER) s.problem("time", "cannot be the row number of an image");
        List<String> series = s.strings("series");
        if (!s.has("image")) s.problem("format", "image needs image: {width: …, height: …} beside it");
        ImageSpec image = image(s.section("image"), outputs(outputs));
        s.finish();
        return new InputSpec(
                topic,
                InputSpec.Format.IMAGE,
                keyed,
                time,
                series,
                List.of(new InputSpec.Feature(InputSpec.IMAGE_FEATURE, InputSpec.IMAGE_FEATURE)),
                Optional.empty(),
                new InputSpec.Csv(List.of(), false, ','),
                Optional.of(image),
                InputSpec.Choice.ALL);
    }

    static void checkGrid(Section top, GridSpec grid) {
        if (grid.step().isPresent()) top.problem("step", "must be event for images: every frame is a step");
        if (grid.idleClose().isPresent()) top.problem("idle-close", "has no meaning for images: every frame closes");
    }

    private static ImageSpec.Outputs outputs(Section s) {
        ImageSpec.Outputs outputs = new ImageSpec.Outputs(
                s.bool("anomaly-maps", false),
                s.bool("reconstructions", false),
                s.integer("size", SHOWN_SIDE_MIN, ImageSpec.SIDE_MAX, ImageSpec.Outputs.NONE.sideMax()));
        s.finish();
        return outputs;
    }

    private static ImageSpec image(Section s, ImageSpec.Outputs outputs) {
        if (!s.has("width")) s.problem("width", "is missing");
        if (!s.has("height")) s.problem("height", "is missing");
        int width = s.integer("width", 1, ImageSpec.SIDE_MAX, 64);
        int height = s.integer("height", 1, ImageSpec.SIDE_MAX, 64);
        int channels = s.integer("channels", 1, 3, 1);
        if (channels == 2) s.problem("channels", "must be 1 for grey or 3 for colour, but was 2");
        if ((long) width * height * channels > ImageSpec.VALUES_MAX) {
            s.problem(
                    "width",
                    "x height x channels must be at most " + ImageSpec.VALUES_MAX + " values, but was "
                            + (long) width * height * channels);
        }
        Section scale = s.section("normalise");
        float mean = (float) scale.decimal("mean", -10, 10, 0);
        float deviation = (float) scale.decimal("deviation", 0.001, 1000, 1);
        scale.finish();
        ImageSpec image = new ImageSpec(
                channels,
                width,
                height,
                crop(s),
                s.oneOf("fit", ImageSpec.Fit.class, ImageSpec.Fit.STRETCH),
                tiles(s, width, height),
                mean,
                deviation,
                s.bytes("max-bytes", 64, 64 << 20, 1 << 20),
                s.integer("max-pixels", 1, 1 << 28, 1 << 24),
                root(s),
                s.bytes("keep", 64 << 10, 1 << 30, 128 << 20),
                outputs);
        if (image.tileCount() > ImageSpec.TILES_MAX) {
            s.problem(
                    "tiles", "must be at most " + ImageSpec.TILES_MAX + " a frame, but would be " + image.tileCount());
        }
        s.finish();
        return image;
    }

    private static Optional<ImageSpec.Crop> crop(Section s) {
        if (!s.has("crop")) return Optional.empty();
        Section c = s.section("crop");
        ImageSpec.Crop crop = new ImageSpec.Crop(
                c.integer("x", 0, 1 << 16, 0),
                c.integer("y", 0, 1 << 16, 0),
                c.integer("width", 1, 1 << 16, 1),
                c.integer("height", 1, 1 << 16, 1));
        if (!c.has("width")) c.problem("width", "is missing");
        if (!c.has("height")) c.problem("height", "is missing");
        c.finish();
        return Optional.of(crop);
    }

    private static Optional<ImageSpec.Tiles> tiles(Section s, int width, int height) {
        if (!s.has("tiles")) return Optional.empty();
        Section t = s.section("tiles");
        int tileWidth = t.integer("width", 1, width, width);
        int tileHeight = t.integer("height", 1, height, height);
        int overlap = t.integer("overlap", 0, ImageSpec.SIDE_MAX, 0);
        if (overlap >= Math.min(tileWidth, tileHeight)) {
            t.problem(
                    "overlap",
                    "must be less than a tile's sides " + tileWidth + " x " + tileHeight + ", but was " + overlap);
            overlap = 0;
        }
        t.finish();
        return Optional.of(new ImageSpec.Tiles(tileWidth, tileHeight, overlap));
    }

    private static Optional<Path> root(Section s) {
        String root = s.string("root", "");
        if (root.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Path.of(root));
        } catch (InvalidPathException e) {
            s.problem("root", "must be a folder, but was " + root);
            return Optional.empty();
        }
    }
}
