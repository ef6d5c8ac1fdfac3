package io.tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the reader of a kind of file asks for, gathered while files are read: every key with what it may hold, by section. Keys that
 * are only asked for beside others need a file that has those.
 */
public final class Outline {
    private static final class Part {
        private final Map<String, Set<String>> values = new TreeMap<>();
        private final Map<String, Part> sections = new TreeMap<>();
        private final Map<String, Part> items = new TreeMap<>();
    }

    private final Part top = new Part();

    /** A key was asked for. */
    void value(String path, String key, String schema) {
        part(path).values.computeIfAbsent(key, k -> new TreeSet<>()).add(schema);
    }

    void section(String path, String key) {
        part(path).sections.computeIfAbsent(key, k -> new Part());
    }

    void items(String path, String key) {
        part(path).items.computeIfAbsent(key, k -> new Part());
    }

    private Part part(String path) {
        Part part = top;
        if (path.isEmpty()) return part;
        for (String name : path.split("\\.")) {
            int bracket = name.indexOf('[');
            Map<String, Part> among = bracket < 0 ? part.sections : part.items;
            part = among.computeIfAbsent(bracket < 0 ? name : name.substring(0, bracket), k -> new Part());
        }
        return part;
    }

    /** A JSON Schema (draft 2020-12) of the files. */
    public String schema(String title) {
        return "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": "
                + SettingType.json(title) + ",\n" + body(top, "  ") + "\n}\n";
    }

    private static String body(Part part, String indent) {
        Set<String> keys = new TreeSet<>(part.values.keySet());
        keys.addAll(part.sections.keySet());
        keys.addAll(part.items.keySet());
        List<String> properties = new ArrayList<>();
        String inner = indent + "  ";
        for (String key : keys) properties.add(inner + SettingType.json(key) + ": " + property(part, key, inner));
        return indent + "\"type\": \"object\",\n" + indent + "\"additionalProperties\": false,\n" + indent
                + "\"properties\": {\n" + String.join(",\n", properties) + "\n" + indent + "}";
    }

    private static String property(Part part, String key, String indent) {
        List<String> choices = new ArrayList<>();
        part.values.getOrDefault(key, Set.of()).forEach(schema -> choices.add("{" + schema + "}"));
        Part section = part.sections.get(key);
        if (section != null) choices.add("{\n" + body(section, indent + "  ") + "\n" + indent + "}");
        Part item = part.items.get(key);
        if (item != null) {
            choices.add("{\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"string\"}, {\n"
                    + body(item, indent + "  ") + "\n" + indent + "}]}}");
        }
        return choices.size() == 1 ? choices.get(0) : "{\"anyOf\": [" + String.join(", ", choices) + "]}";
    }
}
