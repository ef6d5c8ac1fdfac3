package io.tidemark.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON Schema (draft 2020-12) of a kind of file, for editors: made from its settings. */
public final class SettingsSchema {
    /** One object of the schema. */
    private static final class Part {
        private String about = "";
        private String shorthand = "";
        private final Map<String, Part> sections = new LinkedHashMap<>();
        private final Map<String, Setting<?, ?>> settings = new LinkedHashMap<>();

        private Part section(String path) {
            if (path.isEmpty()) return this;
            int dot = path.indexOf('.');
            String first = dot < 0 ? path : path.substring(0, dot);
            Part part = sections.computeIfAbsent(first, name -> new Part());
            return dot < 0 ? part : part.section(path.substring(dot + 1));
        }
    }

    private SettingsSchema() {}

    /**
     * The schema as JSON.
     *
     * @param title what a file is
     * @param known its sections
     */
    public static <S> String of(String title, List<Settings<S>> known) {
        Part top = new Part();
        for (Settings<S> group : known) {
            Part part = top.section(group.path());
            part.about = group.about();
            part.shorthand = group.shorthand();
            group.all().forEach(setting -> part.settings.put(setting.key(), setting));
        }
        String head = "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": "
                + SettingType.json(title) + ",\n";
        return "{\n" + head + body(top, "  ") + "\n}\n";
    }

    private static String body(Part part, String indent) {
        List<String> members = new ArrayList<>();
        if (!part.about.isEmpty()) members.add("\"description\": " + SettingType.json(part.about));
        members.add("\"type\": [\"object\", \"null\"]");
        members.add("\"additionalProperties\": false");
        String required = part.settings.values().stream()
                .filter(Setting::isRequired)
                .filter(setting -> !setting.key().equals("features"))
                .map(setting -> SettingType.json(setting.key()))
                .collect(Collectors.joining(", "));
        if (!required.isEmpty()) members.add("\"required\": [" + required + "]");
        List<String> properties = new ArrayList<>();
        part.settings.forEach(
                (key, setting) -> properties.add(indent + "  " + SettingType.json(key) + ": " + property(setting)));
        part.sections.forEach((key, section) ->
                properties.add(indent + "  " + SettingType.json(key) + ": " + object(section, indent + "  ")));
        members.add("\"properties\": {\n" + String.join(",\n", properties) + "\n" + indent + "}");
        return members.stream().map(member -> indent + member).collect(Collectors.joining(",\n"));
    }

    private static String object(Part part, String indent) {
        if (part.shorthand.isEmpty()) return "{\n" + body(part, indent + "  ") + "\n" + indent + "}";
        Setting<?, ?> meant =
                Optional.ofNullable(part.settings.get(part.shorthand)).orElseThrow();
        return "{\"oneOf\": [{" + meant.kind().schema() + "}, {\n" + body(part, indent + "  ") + "\n" + indent + "}]}";
    }

    private static String property(Setting<?, ?> setting) {
        String usual = setting.defaultText()
                .map(text -> ", \"default\": " + jsonOf(setting, text))
                .orElse("");
        return "{\"description\": " + SettingType.json(setting.about()) + ", "
                + setting.kind().schema() + usual + "}";
    }

    /** YAML on one line as JSON: lists, numbers and truth values stand as they are, all else is a text. */
    private static String jsonOf(Setting<?, ?> setting, String yaml) {
        if (yaml.equals("[]") || yaml.equals("{}")) return yaml;
        boolean bare = setting.fallback() instanceof Number && yaml.matches("-?[0-9.]+(e-?[0-9]+)?")
                || setting.fallback() instanceof Boolean;
        if (bare) return yaml;
        boolean quoted = yaml.length() > 1 && yaml.startsWith("'") && yaml.endsWith("'");
        return SettingType.json(quoted ? yaml.substring(1, yaml.length() - 1).replace("''", "'") : yaml);
    }
}
