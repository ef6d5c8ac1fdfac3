package io.tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The features of a stream of rows: names, names with their fields, or a count with a prefix. */
final class FeatureList {
    private static final int MOST = 4096;

    static final Kind<List<InputSpec.Feature>> KIND = new Kind<>(
            (s, key, fallback) -> read(s, key),
            FeatureList::write,
            features -> !features.isEmpty() && features.size() <= MOST,
            "a list of at least one value and at most " + MOST + ", such as [value], or {count, prefix}",
            "\"oneOf\": [{\"type\": \"array\", \"minItems\": 1, \"maxItems\": " + MOST
                    + ", \"items\": {\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"object\","
                    + " \"required\": [\"name\"], \"additionalProperties\": false, \"properties\":"
                    + " {\"name\": {\"type\": \"string\"}, \"field\": {\"type\": \"string\"}}}]}},"
                    + " {\"type\": \"object\", \"additionalProperties\": false, \"properties\":"
                    + " {\"count\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": " + MOST
                    + "}, \"prefix\": {\"type\": \"string\"}}}]",
            List.of("[x]", "[x, {name: y, field: a.y}]", "{count: 1, prefix: p}", "{count: " + MOST + ", prefix: m-}"),
            List.of("[]", "{count: 0, prefix: p}", "{count: " + (MOST + 1) + ", prefix: p}"));

    private FeatureList() {}

    private static List<InputSpec.Feature> read(Section s, String key) {
        List<InputSpec.Feature> features;
        if (s.isMapping(key)) {
            Section numbered = s.section(key);
            features = numbered(numbered.integer("count", 1, MOST, 1), numbered.string("prefix", "f"));
            numbered.finish();
        } else {
            features = s.items(key, plain -> new InputSpec.Feature(plain, plain), item -> {
                String name = item.required("name");
                return new InputSpec.Feature(name, item.string("field", name));
            });
        }
        if (features.isEmpty()) s.problem(key, "must name at least one value, such as [value]");
        if (features.size() > MOST) s.problem(key, "must be at most " + MOST + ", but were " + features.size());
        return features;
    }

    private static List<InputSpec.Feature> numbered(int count, String prefix) {
        List<InputSpec.Feature> features = new ArrayList<>();
        for (int i = 0; i < count; i++) features.add(new InputSpec.Feature(prefix + i, prefix + i));
        return List.copyOf(features);
    }

    private static String write(List<InputSpec.Feature> features) {
        if (features.size() > 1 && features.get(0).name().endsWith("0")) {
            String first = features.get(0).name();
            String prefix = first.substring(0, first.length() - 1);
            if (features.equals(numbered(features.size(), prefix))) {
                return "{count: " + features.size() + ", prefix: " + Kind.quoted(prefix) + "}";
            }
        }
        return features.stream().map(FeatureList::write).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String write(InputSpec.Feature feature) {
        if (feature.name().equals(feature.field())) return Kind.quoted(feature.name());
        return "{name: " + Kind.quoted(feature.name()) + ", field: " + Kind.quoted(feature.field()) + "}";
    }
}
