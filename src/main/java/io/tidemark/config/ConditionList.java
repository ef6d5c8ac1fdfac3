package io.tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which records count: a mapping of fields to the texts that they may have. */
final class ConditionList {
    static final SettingType<List<InputSpec.Condition>> KIND = new SettingType<>(
            (s, key, fallback) -> s.has(key) ? read(s.section(key)) : fallback,
            ConditionList::write,
            conditions -> true,
            "a mapping of fields to a text or a list of texts",
            "\"type\": \"object\", \"additionalProperties\": {"
                    + SettingType.texts().schema() + "}",
            List.of("{kind: cpu}", "{kind: [cpu, 'a, b'], $key: ['7']}", "{}"),
            List.of("[a]", "{kind: {a: mapping}}"));

    private ConditionList() {}

    private static List<InputSpec.Condition> read(Section fields) {
        List<InputSpec.Condition> conditions = new ArrayList<>();
        for (String field : new TreeSet<>(fields.names())) {
            conditions.add(new InputSpec.Condition(field, fields.strings(field)));
        }
        return List.copyOf(conditions);
    }

    private static String write(List<InputSpec.Condition> conditions) {
        return conditions.stream()
                .map(condition -> SettingType.quoted(condition.field()) + ": " + SettingType.list(condition.values()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
