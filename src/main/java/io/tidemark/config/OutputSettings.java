package io.tidemark.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a stream has written beside scores. */
final class OutputSettings {
    private static final Settings<StreamSpec> OUTPUTS = new Settings<>("outputs", "What is written beside scores.");

    static final Setting<StreamSpec, Boolean> CODES = OUTPUTS.add(
            "codes",
            SettingType.bool(),
            false,
            StreamSpec::codes,
            "Whether the code of every window or frame goes to `codes`: what the first of the networks that has a bottleneck makes of"
                    + " it there. `tidemark similar` finds like ones by it.");
    static final Setting<StreamSpec, Boolean> MAPS = OUTPUTS.addWhere(
            "anomaly-maps",
            SettingType.bool(),
            false,
            of(ImageSpec.Outputs::maps),
            "Only for `format: image`: whether a heat map of every scored frame goes to `anomaly-maps`.");
    static final Setting<StreamSpec, Boolean> RECONSTRUCTIONS = OUTPUTS.addWhere(
            "reconstructions",
            SettingType.bool(),
            false,
            of(ImageSpec.Outputs::reconstructions),
            "Only for `format: image`: whether what an autoencoder made of every scored frame goes to `reconstructions`.");
    static final Setting<StreamSpec, Integer> SIZE = OUTPUTS.addWhere(
            "size",
            SettingType.whole(16, ImageSpec.SIDE_MAX),
            512,
            of(ImageSpec.Outputs::sideMax),
            "Only for `format: image`: the largest side of such an image, in pixels.");

    static final List<Settings<StreamSpec>> ALL = List.of(OUTPUTS);

    /** What only images have. */
    static final List<String> PICTURES = List.of(MAPS.path(), RECONSTRUCTIONS.path(), SIZE.path());

    private OutputSettings() {}

    private static <T> Function<StreamSpec, Optional<T>> of(Function<ImageSpec.Outputs, T> value) {
        return s -> s.input().image().map(ImageSpec::outputs).map(value);
    }

    static ImageSpec.Outputs pictures(Reading<StreamSpec> file) {
        return new ImageSpec.Outputs(file.get(MAPS), file.get(RECONSTRUCTIONS), file.get(SIZE));
    }
}
