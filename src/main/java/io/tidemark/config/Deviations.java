package io.tidemark.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which deviations from what was expected count for alerts.
 *
 * @param direction of every feature that does not say otherwise
 * @param minimum deviations below this many scale units never alert, of a feature without a minimum of its own; at least 0
 * @param features what features say of their own, by name
 */
public record Deviations(StreamSpec.Direction direction, double minimum, Map<String, Own> features) {
    /** Every deviation counts. */
    public static final Deviations ALL = new Deviations(StreamSpec.Direction.BOTH, 0, Map.of());

    private static final SettingType<StreamSpec.Direction> DIRECTION = SettingType.oneOf(StreamSpec.Direction.class);
    private static final SettingType<Double> ABSOLUTE = SettingType.decimal(0, 1e300);
    private static final SettingType<Double> RELATIVE = SettingType.decimal(0, 1e6);

    static final SettingType<Map<String, Own>> FEATURES = new SettingType<>(
            (s, key, fallback) -> s.has(key) ? read(s.section(key)) : fallback,
            Deviations::write,
            features -> true,
            "a mapping of features to `direction`, `minimum-absolute` (" + ABSOLUTE.range()
                    + ") and `minimum-relative` (" + RELATIVE.range() + ")",
            "\"type\": \"object\", \"additionalProperties\": {\"type\": \"object\", \"additionalProperties\": false,"
                    + " \"properties\": {\"direction\": {" + DIRECTION.schema() + "}, \"minimum-absolute\": {"
                    + ABSOLUTE.schema() + "}, \"minimum-relative\": {" + RELATIVE.schema() + "}}}",
            List.of(
                    "{value: {direction: above}}",
                    "{value: {direction: both, minimum-absolute: 0.5, minimum-relative: 0.1}}",
                    "{}"),
            List.of("[value]", "{value: 3}", "{value: {minimum-relative: -1}}", "{value: {direction: up}}"));

    /**
     * What one feature says.
     *
     * @param direction empty: as the stream
     * @param absolute the smallest deviation that alerts, in the feature's own unit; at least 0
     * @param relative the smallest deviation that alerts, as a share of the size of the expected value; at least 0
     */
    public record Own(Optional<StreamSpec.Direction> direction, double absolute, double relative) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Own {
            ABSOLUTE.require("minimum-absolute", absolute);
            RELATIVE.require("minimum-relative", relative);
        }

        /** Whether it has a minimum of its own, which takes the place of the stream's. */
        public boolean hasMinimum() {
            return absolute > 0 || relative > 0;
        }
    }

    /** @throws IllegalArgumentException when the minimum is out of its range */
    public Deviations {
        VerdictSettings.MINIMUM_DEVIATION.require(minimum);
        features = Collections.unmodifiableMap(new TreeMap<>(features));
    }

    private static Map<String, Own> read(Section features) {
        Map<String, Own> read = new TreeMap<>();
        for (String name : features.keys()) {
            Section own = features.section(name);
            read.put(
                    name,
                    new Own(
                            own.has("direction")
                                    ? Optional.of(DIRECTION.reader().read(own, "direction", StreamSpec.Direction.BOTH))
                                    : Optional.empty(),
                            ABSOLUTE.reader().read(own, "minimum-absolute", 0.0),
                            RELATIVE.reader().read(own, "minimum-relative", 0.0)));
            own.finish();
        }
        return read;
    }

    private static String write(Map<String, Own> features) {
        return new TreeMap<>(features)
                .entrySet().stream()
                        .map(feature -> SettingType.quoted(feature.getKey()) + ": " + write(feature.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String write(Own own) {
        List<String> parts = new ArrayList<>();
        own.direction()
                .ifPresent(which -> parts.add("direction: " + DIRECTION.writer().apply(which)));
        if (own.absolute() > 0)
            parts.add("minimum-absolute: " + ABSOLUTE.writer().apply(own.absolute()));
        if (own.relative() > 0)
            parts.add("minimum-relative: " + RELATIVE.writer().apply(own.relative()));
        return "{" + String.join(", ", parts) + "}";
    }
}
