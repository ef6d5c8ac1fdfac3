package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import io.tidemark.SchemaFile;
import io.tidemark.WrittenFile;
import io.tidemark.config.Setting;
import io.tidemark.config.Settings;
import io.tidemark.config.SettingsSchema;
import io.tidemark.config.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code CONFIG.md} and the schema for editors are written from the one definition of each setting. */
class ConfigDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/CONFIG.md");
    private static final Path SCHEMA = Path.of("topology/formats/stream.schema.json");
    private static final String COMMAND = "mvn -q test -Dtest=ConfigDocumentTest -Dregenerate";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theDocumentHasEverySettingOfAStream() throws IOException {
        WrittenFile.hold(DOCUMENT, document(), COMMAND);
    }

    @Test
    void theSchemaHasEverySettingOfAStream() throws IOException {
        String written =
                SettingsSchema.of("A stream of Tidemark: topology/streams/NAME.yaml", StreamSettings.sections());
        WrittenFile.hold(SCHEMA, written, COMMAND);
    }

    @Test
    void everyShippedStreamFitsTheSchemaAndAMistakeDoesNot() throws IOException {
        JsonSchema schema = SchemaFile.read(SCHEMA);
        try (Stream<Path> files = Files.list(Path.of("topology/examples"))) {
            for (Path file : files.toList())
                assertThat(schema.validate(json(Files.readString(file))))
                        .as("%s", file)
                        .isEmpty();
        }
        String wrong = "stream: s\ninput: {topic: t, features: [v]}\nverdict: {open: 2, opne: 1}\n";
        assertThat(schema.validate(json(wrong))).hasSize(2);
    }

    private static JsonNode json(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Settings of a stream

                A stream is a file `topology/streams/NAME.yaml`. It needs a name, a topic and its features; every other setting
                has a default. `tidemark streams init NAME` writes a first file, `streams check FILE` reports every mistake with
                its line, and `streams describe FILE` shows the whole stream, defaults included. Durations are written `500ms`,
                `10s`, `5m`, `2h`, `7d`, `4w`, sizes `512`, `16KiB`, `1MiB`. For editors there is a
                [JSON Schema](../../topology/formats/stream.schema.json). Written by
                `%s`.
                """.formatted(COMMAND));
        Map<String, StringBuilder> parts = new LinkedHashMap<>();
        for (Settings<?> section : StreamSettings.sections()) {
            StringBuilder part = parts.computeIfAbsent(section.path(), path -> new StringBuilder(head(section)));
            section.all().forEach(setting -> part.append(row(setting)));
        }
        parts.values().forEach(text::append);
        return text.toString();
    }

    private static String head(Settings<?> section) {
        String title = section.path().isEmpty() ? "Top of the file" : "`" + section.path() + "`";
        String about = section.about().isEmpty() ? "" : section.about() + "\n\n";
        return "\n## " + title + "\n\n" + about + "| key | values | default | meaning |\n|---|---|---|---|\n";
    }

    private static String row(Setting<?, ?> setting) {
        String usual = setting.isRequired()
                ? "required"
                : setting.defaultText().map(value -> "`" + value + "`").orElse("see meaning");
        return "| "
                + String.join(" | ", "`" + setting.key() + "`", setting.kind().range(), usual, setting.about())
                + " |\n";
    }
}
