package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.DocumentLines;
import io.tidemark.kafka.client.DeadLetter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** RECORDS.md says what the schemas say; {@code -Dgolden.update=true} writes its tables anew. */
final class RecordsDocTest {
    private static final Path DOC = Path.of("src", "docs", "RECORDS.md");
    private static final Path FORMATS = Path.of("topology", "formats");
    private static final Pattern TABLE = Pattern.compile(
            "(<!-- fields of ([a-z.-]+), written by RecordsDocTest -->\n)(.*?)(<!-- end -->)", Pattern.DOTALL);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void theTablesAreThoseOfTheSchemas() throws IOException {
        String doc = Files.readString(DOC);
        StringBuilder written = new StringBuilder();
        Matcher tables = TABLE.matcher(doc);
        int count = 0;
        for (; tables.find(); count++) {
            JsonNode schema = MAPPER.readTree(FORMATS.resolve(tables.group(2)).toFile());
            String table = tables.group(1)
                    + DocumentLines.wrapped(schema.get("description").textValue()) + "\n\n" + table(schema)
                    + tables.group(4);
            tables.appendReplacement(written, Matcher.quoteReplacement(table));
        }
        tables.appendTail(written);
        assertThat(count).isEqualTo(8);
        if (Boolean.getBoolean("golden.update")) Files.writeString(DOC, written);
        assertThat(doc).isEqualTo(written.toString());
    }

    private static String table(JsonNode schema) {
        StringBuilder rows = new StringBuilder("| field | type | always | meaning |\n|---|---|---|---|\n");
        rows(rows, "", schema);
        return rows.toString();
    }

    private static void rows(StringBuilder rows, String prefix, JsonNode schema) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.textValue()));
        for (Iterator<Map.Entry<String, JsonNode>> fields =
                        schema.path("properties").fields();
                fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            JsonNode of = field.getValue();
            String name = prefix + field.getKey();
            rows.append("| `").append(name).append("` | ").append(type(of)).append(" | ");
            rows.append(required.contains(field.getKey()) ? "yes" : "").append(" | ");
            rows.append(of.path("description").asText()).append(" |\n");
            if (of.has("properties")) rows(rows, name + ".", of);
            if (of.path("items").has("properties")) rows(rows, name + "[].", of.get("items"));
        }
    }

    private static String type(JsonNode field) {
        if (field.has("$ref")) return "object: feature → number or null";
        if (field.has("const")) return "`" + field.get("const") + "`";
        if (field.has("enum")) {
            List<String> values = new ArrayList<>();
            field.get("enum").forEach(value -> values.add("`" + value.textValue() + "`"));
            return String.join(", ", values);
        }
        List<String> types = new ArrayList<>();
        if (field.get("type").isArray()) {
            field.get("type").forEach(type -> types.add(type.textValue()));
        } else {
            types.add(field.get("type").textValue());
        }
        String type = String.join(" or ", types);
        return field.path("format").asText().equals("date-time") ? type.replace("string", "time") : type;
    }

    @Test
    void everyHeaderOfADeadLetterIsExplained() throws IOException, IllegalAccessException {
        TreeSet<String> declared = new TreeSet<>();
        for (Field field : DeadLetter.class.getFields()) {
            if (field.getType() == String.class) declared.add((String) field.get(null));
        }
        TreeSet<String> explained = new TreeSet<>();
        Matcher rows = Pattern.compile("^\\| `(tidemark\\.[a-z0-9]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(DOC));
        while (rows.find()) explained.add(rows.group(1));
        assertThat(explained).isEqualTo(declared);
    }

    @Test
    void everyExampleIsNamed() throws IOException {
        String doc = Files.readString(DOC);
        try (var files = Files.list(FORMATS)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".example.json")))
                    .allSatisfy(name -> assertThat(doc).contains("formats/" + name));
        }
    }
}
