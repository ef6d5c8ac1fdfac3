package io.tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The features of a stream of rows: names, names with their fields and how their values are read, or a count with a prefix. */
final class FeatureList {
    private static final int MOST = 4096;
    private static final SettingType<InputSettings.OnBad> ON_BAD = SettingType.oneOf(InputSettings.OnBad.class);
    private static final SettingType<InputSpec.Derive> DERIVE = SettingType.oneOf(InputSpec.Derive.class);

    /**
     * A feature as a file declares it.
     *
     * @param missing texts that stand for no value, beside those of all features
     * @param valid empty: as all features
     * @param onBad empty: as all features
     * @param derive empty: as all features
     * @param fill empty: as all features
     */
    record Declared(
            String name,
            String field,
            List<String> missing,
            Optional<ValidRange> valid,
            Optional<InputSettings.OnBad> onBad,
            Optional<InputSpec.Derive> derive,
            Optional<GridSpec.Filling> fill) {
        Declared {
            missing = List.copyOf(missing);
        }

        /** As all features. */
        Declared(String name, String field) {
            this(name, field, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** @param shared what holds for a feature that does not say otherwise */
        InputSpec.Feature on(InputSpec.Values shared) {
            List<String> all = new ArrayList<>(shared.missing());
            all.addAll(missing);
            InputSpec.Values values = new InputSpec.Values(
                    all,
                    valid.orElse(shared.valid()),
                    onBad.map(own -> own == InputSettings.OnBad.REJECT).orElse(shared.rejectsBad()),
                    derive.orElse(shared.derive()),
                    fill.or(shared::fill));
            return new InputSpec.Feature(name, field, values);
        }

        /** What a feature says beside what holds for all. */
        static Declared of(InputSpec.Feature feature, InputSpec.Values shared) {
            InputSpec.Values own = feature.values();
            return new Declared(
                    feature.name(),
                    feature.field(),
                    own.missing()
                            .subList(
                                    Math.min(
                                            shared.missing().size(),
                                            own.missing().size()),
                                    own.missing().size()),
                    Optional.of(own.valid()).filter(range -> !range.equals(shared.valid())),
                    Optional.of(InputSettings.OnBad.of(own)).filter(bad -> own.rejectsBad() != shared.rejectsBad()),
                    Optional.of(own.derive()).filter(derive -> derive != shared.derive()),
                    own.fill().filter(fill -> !own.fill().equals(shared.fill())));
        }
    }

    static final SettingType<List<Declared>> KIND = new SettingType<>(
            (s, key, fallback) -> read(s, key),
            FeatureList::write,
            features -> !features.isEmpty() && features.size() <= MOST,
            "a list of at least one value and at most " + MOST + ", such as [value], or {count, prefix}",
            "\"oneOf\": [{\"type\": \"array\", \"minItems\": 1, \"maxItems\": " + MOST
                    + ", \"items\": {\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"object\","
                    + " \"required\": [\"name\"], \"additionalProperties\": false, \"properties\":"
                    + " {\"name\": {\"type\": \"string\"}, \"field\": {\"type\": \"string\"}, \"missing\": {"
                    + SettingType.texts().schema() + "}, \"valid-range\": {" + ValidRange.KIND.schema()
                    + "}, \"on-bad\": {" + ON_BAD.schema() + "}, \"derive\": {"
                    + DERIVE.schema() + "}, \"fill\": {" + GridSettings.FILLING.schema() + "}}}]}},"
                    + " {\"type\": \"object\", \"additionalProperties\": false, \"properties\":"
                    + " {\"count\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": " + MOST
                    + "}, \"prefix\": {\"type\": \"string\"}}}]",
            List.of(
                    "[x]",
                    "[x, {name: y, field: a.y}]",
                    "[x, {name: y, field: a.y, missing: [-9, 'no'], on-bad: reject, derive: rate, fill: 2.5}]",
                    "[{name: x, valid-range: [0, 150]}, {name: y, valid-range: [none, 3]}]",
                    "{count: 1, prefix: p}",
                    "{count: " + MOST + ", prefix: m-}"),
            List.of("[]", "{count: 0, prefix: p}", "{count: " + (MOST + 1) + ", prefix: p}"));

    private FeatureList() {}

    private static List<Declared> read(Section s, String key) {
        List<Declared> features;
        if (s.isMapping(key)) {
            Section numbered = s.section(key);
            features = numbered(numbered.integer("count", 1, MOST, 1), numbered.string("prefix", "f"));
            numbered.finish();
        } else {
            features = s.items(key, plain -> new Declared(plain, plain), FeatureList::read);
        }
        if (features.isEmpty()) s.problem(key, "must name at least one value, such as [value]");
        if (features.size() > MOST) s.problem(key, "must be at most " + MOST + ", but were " + features.size());
        return features;
    }

    private static Declared read(Section item) {
        String name = item.required("name");
        return new Declared(
                name,
                item.string("field", name),
                item.strings("missing"),
                own(item, "valid-range", ValidRange.KIND, ValidRange.ALL),
                own(item, "on-bad", ON_BAD, InputSettings.OnBad.MISSING),
                own(item, "derive", DERIVE, InputSpec.Derive.NONE),
                own(item, "fill", GridSettings.FILLING, new GridSpec.Filling(GridSpec.Fill.PREVIOUS, 0)));
    }

    private static <T> Optional<T> own(Section item, String key, SettingType<T> kind, T fallback) {
        T value = kind.reader().read(item, key, fallback);
        return item.has(key) ? Optional.of(value) : Optional.empty();
    }

    private static List<Declared> numbered(int count, String prefix) {
        List<Declared> features = new ArrayList<>();
        for (int i = 0; i < count; i++) features.add(new Declared(prefix + i, prefix + i));
        return List.copyOf(features);
    }

    private static String write(List<Declared> features) {
        if (features.size() > 1 && features.get(0).name().endsWith("0")) {
            String first = features.get(0).name();
            String prefix = first.substring(0, first.length() - 1);
            if (features.equals(numbered(features.size(), prefix))) {
                return "{count: " + features.size() + ", prefix: " + SettingType.quoted(prefix) + "}";
            }
        }
        return features.stream().map(FeatureList::write).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String write(Declared feature) {
        if (feature.equals(new Declared(feature.name(), feature.name()))) return SettingType.quoted(feature.name());
        StringBuilder text = new StringBuilder("{name: ").append(SettingType.quoted(feature.name()));
        if (!feature.field().equals(feature.name()))
            text.append(", field: ").append(SettingType.quoted(feature.field()));
        if (!feature.missing().isEmpty()) text.append(", missing: ").append(SettingType.list(feature.missing()));
        feature.valid().ifPresent(range -> text.append(", valid-range: ").append(range));
        feature.onBad()
                .ifPresent(
                        bad -> text.append(", on-bad: ").append(ON_BAD.writer().apply(bad)));
        feature.derive()
                .ifPresent(
                        how -> text.append(", derive: ").append(DERIVE.writer().apply(how)));
        feature.fill()
                .ifPresent(fill -> text.append(", fill: ")
                        .append(GridSettings.FILLING.writer().apply(fill)));
        return text.append('}').toString();
    }
}
