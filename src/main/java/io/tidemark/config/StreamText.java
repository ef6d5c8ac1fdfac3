package io.tidemark.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stream files as Tidemark writes them: a stream with every setting, and a first file for a person to go on from. */
public final class StreamText {
    private static final String INDENT = "  ";
    private static final int COMMENT_COLUMN = 40;
    private static final int LINE_MAX = 100;

    private StreamText() {}

    /** Every setting of a stream as YAML; settings with their default value say so. Read back, it gives an equal stream. */
    public static String describe(StreamSpec stream) {
        StringBuilder text = new StringBuilder();
        String open = "";
        for (Setting<StreamSpec, ?> setting : StreamSettings.all()) {
            Optional<String> value = setting.textOf(stream);
            if (value.isEmpty()) continue;
            open = enter(text, open, setting.section());
            String line = indent(setting.section()) + setting.key() + ": " + value.get();
            text.append(line);
            if (setting.isDefault(stream)) {
                text.append(" ".repeat(Math.max(1, COMMENT_COLUMN - line.length())))
                        .append("# default");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * A file to start from: the settings that most streams change, each with its sentence, and those with a default as comments.
     *
     * @param values settings that are written with a value, by path
     * @param why sentences that stand above a setting in place of its own, by path
     * @throws InvalidConfigException when the values make no stream
     */
    public static String start(Map<String, String> values, Map<String, String> why) {
        Map<String, String> all = new HashMap<>(values);
        all.putIfAbsent(InputSettings.TOPIC.path(), "my-topic");
        all.putIfAbsent(InputSettings.FEATURES.path(), "[value]");
        StringBuilder text = new StringBuilder(
                "# Every setting: src/docs/CONFIG.md. Check this file with: tidemark streams check FILE\n");
        String open = "";
        for (Setting<StreamSpec, ?> setting : StreamSettings.all()) {
            String value = all.get(setting.path());
            if (value == null && !setting.isCommon()) continue;
            open = enter(text, open, setting.section());
            String indent = indent(setting.section());
            String about = why.getOrDefault(setting.path(), setting.about());
            for (String line : wrap(about, LINE_MAX - indent.length() - 2)) {
                text.append(indent).append("# ").append(line).append('\n');
            }
            String shown = value != null ? value : setting.exampleText();
            text.append(indent).append(value == null ? "# " : "");
            text.append(setting.key()).append(": ").append(shown).append('\n');
        }
        List<Problem> problems = new ArrayList<>();
        StreamSettings.read(YamlFile.parse("the new file", text.toString(), problems));
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return text.toString();
    }

    /** Writes the headings of a section's path that are not open yet. */
    private static String enter(StringBuilder text, String open, String section) {
        List<String> parts = parts(section);
        List<String> before = parts(open);
        for (int depth = 0; depth < parts.size(); depth++) {
            boolean same = depth < before.size() && before.subList(0, depth + 1).equals(parts.subList(0, depth + 1));
            if (!same)
                text.append(INDENT.repeat(depth)).append(parts.get(depth)).append(":\n");
        }
        return section;
    }

    private static String indent(String section) {
        return INDENT.repeat(parts(section).size());
    }

    private static List<String> parts(String section) {
        return section.isEmpty() ? List.of() : List.of(section.split("\\."));
    }

    private static List<String> wrap(String sentence, int most) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > most) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
