package io.tidemark.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Settings that streams of images have. */
final class ImageSettings {
    private static final Settings<StreamSpec> IMAGE =
            new Settings<>("input.image", "Only for `format: image`: what is made of a frame, and what one may cost.");
    private static final Settings<StreamSpec> CROP =
            new Settings<>("input.image.crop", "The part of the upright frame that counts; left out, all of it.");
    private static final Settings<StreamSpec> TILES = new Settings<>(
            "input.image.tiles", "How a sample is cut for networks smaller than it; left out, they see it whole.");
    private static final Settings<StreamSpec> SCALE = new Settings<>(
            "input.image.normalise", "What networks see of a value v of a pixel: (v / 255 - mean) / deviation.");

    private static final int FRAME_SIDE_MAX = 1 << 16;

    /** An overlap is less than both sides of a tile, and a tile has no more values than a sample: 2048 x 2048. */
    private static final int OVERLAP_MAX = 2047;

    static final Setting<StreamSpec, Integer> WIDTH = IMAGE.addWhere(
                    "width",
                    SettingType.whole(1, ImageSpec.SIDE_MAX),
                    64,
                    of(spec -> spec.size().width()),
                    "Columns of a sample after cropping and resizing.")
            .required();
    static final Setting<StreamSpec, Integer> HEIGHT = IMAGE.addWhere(
                    "height",
                    SettingType.whole(1, ImageSpec.SIDE_MAX),
                    64,
                    of(spec -> spec.size().height()),
                    "Rows of a sample; width x height x channels is at most " + ImageSpec.VALUES_MAX + ".")
            .required();
    static final Setting<StreamSpec, Integer> CHANNELS = IMAGE.addWhere(
            "channels",
            SettingType.parsed(
                    ImageSettings::channels,
                    String::valueOf,
                    "1 for grey or 3 for colour",
                    "\"enum\": [1, 3]",
                    List.of("1", "3"),
                    List.of("0", "2", "4")),
            1,
            of(spec -> spec.size().channels()),
            "1 for grey (0.299 R + 0.587 G + 0.114 B), 3 for red, green and blue.");
    static final Setting<StreamSpec, ImageSpec.Fit> FIT = IMAGE.addWhere(
            "fit",
            SettingType.oneOf(ImageSpec.Fit.class),
            ImageSpec.Fit.STRETCH,
            of(spec -> spec.framing().fit()),
            "How the part that counts fills the sample: all of it, its sides scaled apart, or its largest centred part of the same"
                    + " proportions.");
    static final Setting<StreamSpec, Integer> MAX_BYTES = IMAGE.addWhere(
            "max-bytes",
            SettingType.bytes(64, 64 << 20),
            1 << 20,
            of(spec -> spec.limits().maxBytes()),
            "The largest encoded image, in the record or by claim check.");
    static final Setting<StreamSpec, Integer> MAX_PIXELS = IMAGE.addWhere(
            "max-pixels",
            SettingType.whole(1, 1 << 28),
            1 << 24,
            of(spec -> spec.limits().maxPixels()),
            "The most pixels of a frame, as its header declares them, before anything is decoded.");
    static final Setting<StreamSpec, Optional<Path>> ROOT = IMAGE.addWhere(
            "root",
            SettingType.<Path>parsed(
                            ImageSettings::folder,
                            path -> SettingType.quoted(path.toString()),
                            "a folder",
                            "\"type\": \"string\", \"minLength\": 1",
                            List.of("/frames", "frames/one"),
                            List.of("''"))
                    .orWord("none"),
            Optional.empty(),
            of(ImageSpec::root),
            "The folder that `file:` claim checks may name; `none`: claim checks are rejected.");
    static final Setting<StreamSpec, Integer> KEEP = IMAGE.addWhere(
            "keep",
            SettingType.bytes(64 << 10, 1 << 30),
            128 << 20,
            of(spec -> spec.limits().keepBytes()),
            "Pixels that a learner keeps to draw from, and that a trial of a challenger replays at most.");

    static final Setting<StreamSpec, Integer> CROP_X = CROP.addWhere(
            "x",
            SettingType.whole(0, FRAME_SIDE_MAX),
            0,
            ofCrop(ImageSpec.Crop::x),
            "The first column, in pixels of the frame.");
    static final Setting<StreamSpec, Integer> CROP_Y =
            CROP.addWhere("y", SettingType.whole(0, FRAME_SIDE_MAX), 0, ofCrop(ImageSpec.Crop::y), "The first row.");
    static final Setting<StreamSpec, Integer> CROP_WIDTH = CROP.addWhere(
                    "width", SettingType.whole(1, FRAME_SIDE_MAX), 1, ofCrop(ImageSpec.Crop::width), "Columns.")
            .required();
    static final Setting<StreamSpec, Integer> CROP_HEIGHT = CROP.addWhere(
                    "height",
                    SettingType.whole(1, FRAME_SIDE_MAX),
                    1,
                    ofCrop(ImageSpec.Crop::height),
                    "Rows; frames that do not hold the whole rectangle are rejected.")
            .required();

    static final Setting<StreamSpec, Integer> TILE_WIDTH = TILES.addWhere(
                    "width",
                    SettingType.whole(1, ImageSpec.SIDE_MAX),
                    64,
                    ofTiles(ImageSpec.Tiles::width),
                    "Columns of a tile; at most, and by default, the sample's.")
            .derived(s -> s.input().image().orElseThrow().size().width());
    static final Setting<StreamSpec, Integer> TILE_HEIGHT = TILES.addWhere(
                    "height",
                    SettingType.whole(1, ImageSpec.SIDE_MAX),
                    64,
                    ofTiles(ImageSpec.Tiles::height),
                    "Rows of a tile; at most, and by default, the sample's.")
            .derived(s -> s.input().image().orElseThrow().size().height());
    static final Setting<StreamSpec, Integer> TILE_OVERLAP = TILES.addWhere(
            "overlap",
            SettingType.whole(0, OVERLAP_MAX),
            0,
            ofTiles(ImageSpec.Tiles::overlap),
            "Columns and rows that neighbours share at least; less than a side of a tile.");

    static final Setting<StreamSpec, Float> MEAN = SCALE.addWhere(
            "mean",
            SettingType.single(-10, 10),
            0f,
            of(spec -> spec.scaling().mean()),
            "What is subtracted from v / 255.");
    static final Setting<StreamSpec, Float> DEVIATION = SCALE.addWhere(
            "deviation",
            SettingType.single(0.001, 1000),
            1f,
            of(spec -> spec.scaling().deviation()),
            "What the difference is divided by.");

    static final List<Settings<StreamSpec>> ALL = List.of(IMAGE, CROP, TILES, SCALE);

    private ImageSettings() {}

    private static <T> Function<StreamSpec, Optional<T>> of(Function<ImageSpec, T> value) {
        return s -> s.input().image().map(value);
    }

    private static Function<StreamSpec, Optional<Integer>> ofCrop(Function<ImageSpec.Crop, Integer> value) {
        return s -> s.input().image().flatMap(spec -> spec.framing().crop()).map(value);
    }

    private static Function<StreamSpec, Optional<Integer>> ofTiles(Function<ImageSpec.Tiles, Integer> value) {
        return s -> s.input().image().flatMap(spec -> spec.framing().tiles()).map(value);
    }

    private static int channels(String text) {
        if (text.equals("1") || text.equals("3")) return Integer.parseInt(text);
        throw new IllegalArgumentException();
    }

    private static Path folder(String text) {
        if (text.isEmpty()) throw new IllegalArgumentException();
        return Path.of(text);
    }

    static InputSpec input(Reading<StreamSpec> file, String topic, boolean keyed) {
        file.refuse(
                List.of(
                        "input.features",
                        "input.missing",
                        "input.valid-range",
                        "input.on-bad",
                        "input.derive",
                        "input.where",
                        "input.records",
                        "input.long",
                        "input.csv"),
                "does not go with format: image, whose one feature is the image");
        file.refuse(List.of("same-time"), "does not go with format: image, whose frames are told apart by time");
        InputSpec.Time time = InputSettings.time(file, "");
        if (time.unit() == InputSpec.TimeUnit.ROW_NUMBER) {
            file.problem("input.time", "cannot be the row number of an image");
        }
        if (!file.has("input.image")) {
            file.problem(InputSettings.FORMAT, "image needs image: {width: …, height: …} beside it");
        }
        return new InputSpec(
                topic,
                keyed,
                new InputSpec.Encoding(
                        InputSpec.Format.IMAGE, new InputSpec.Csv(List.of(), false, ','), InputSpec.Schema.NONE),
                new InputSpec.Fields(
                        time,
                        file.get(InputSettings.SERIES),
                        List.of(new InputSpec.Feature(InputSpec.IMAGE_FEATURE, InputSpec.IMAGE_FEATURE)),
                        Optional.empty()),
                Optional.of(image(file)),
                InputSpec.Choice.ALL,
                InputSpec.Values.PLAIN);
    }

    private static ImageSpec image(Reading<StreamSpec> file) {
        int width = file.get(WIDTH);
        int height = file.get(HEIGHT);
        int channels = file.get(CHANNELS);
        long values = (long) width * height * channels;
        if (values > ImageSpec.VALUES_MAX) {
            file.problem(
                    WIDTH,
                    "x height x channels must be at most " + ImageSpec.VALUES_MAX + " values, but was " + values);
        }
        ImageSpec image = new ImageSpec(
                new ImageSpec.Size(channels, width, height),
                new ImageSpec.Framing(crop(file), file.get(FIT), tiles(file, width, height)),
                new ImageSpec.Scaling(file.get(MEAN), file.get(DEVIATION)),
                new ImageSpec.Limits(file.get(MAX_BYTES), file.get(MAX_PIXELS), file.get(KEEP)),
                file.get(ROOT),
                OutputSettings.pictures(file));
        if (image.tileCount() > ImageSpec.TILES_MAX) {
            file.problem(
                    "input.image.tiles",
                    "must be at most " + ImageSpec.TILES_MAX + " a frame, but would be " + image.tileCount());
        }
        return image;
    }

    private static Optional<ImageSpec.Crop> crop(Reading<StreamSpec> file) {
        if (!file.has("input.image.crop")) return Optional.empty();
        return Optional.of(
                new ImageSpec.Crop(file.get(CROP_X), file.get(CROP_Y), file.get(CROP_WIDTH), file.get(CROP_HEIGHT)));
    }

    private static Optional<ImageSpec.Tiles> tiles(Reading<StreamSpec> file, int width, int height) {
        if (!file.has("input.image.tiles")) return Optional.empty();
        int tileWidth = within(file, TILE_WIDTH, width);
        int tileHeight = within(file, TILE_HEIGHT, height);
        int overlap = file.get(TILE_OVERLAP);
        if (overlap >= Math.min(tileWidth, tileHeight)) {
            file.problem(
                    TILE_OVERLAP,
                    "must be less than a tile's sides " + tileWidth + " x " + tileHeight + ", but was " + overlap);
            overlap = 0;
        }
        return Optional.of(new ImageSpec.Tiles(tileWidth, tileHeight, overlap));
    }

    private static int within(Reading<StreamSpec> file, Setting<StreamSpec, Integer> side, int most) {
        int asked = file.get(side, most);
        if (asked <= most) return asked;
        file.problem(side, "must be at most the sample's " + most + ", but was " + asked);
        return most;
    }
}
