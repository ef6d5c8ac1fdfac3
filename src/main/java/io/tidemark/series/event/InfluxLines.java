package io.tidemark.series.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of InfluxDB's line protocol, {@code measurement,tag=a field=1.5,other=2i 1700000000000000000}, as trees: measurement, tags,
 * fields, timestamp, and each tag and field under its own name too. A blank line and one that begins with {@code #} are no events.
 */
final class InfluxLines {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private int at;

    private InfluxLines(String text) {
        this.text = text;
    }

    /**
     * The only line as an object, several as an array.
     *
     * @throws IOException when a line is cut or is none
     */
    static JsonNode parse(byte[] record, Function<String, byte @Nullable []> headers) throws IOException {
        InfluxLines lines = new InfluxLines(new String(record, StandardCharsets.UTF_8));
        ArrayNode all = NODES.arrayNode();
        while (lines.skipToLine()) all.add(lines.line());
        if (all.isEmpty()) throw new IOException("no line");
        return all;
    }

    private boolean skipToLine() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end + 1;
            } else if (c == ' ' || c == '\n' || c == '\r' || c == 0) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private ObjectNode line() throws IOException {
        ObjectNode line = NODES.objectNode();
        ObjectNode tags = NODES.objectNode();
        ObjectNode fields = NODES.objectNode();
        line.put("measurement", word(", "));
        while (is(',')) {
            String name = word("=");
            if (!is('=')) throw new IOException("a tag without a value");
            String value = word(", ");
            tags.put(name, value);
            line.put(name, value);
        }
        if (!is(' ')) throw new IOException("a line without fields");
        while (is(' ')) continue;
        do {
            String name = word("=");
            if (!is('=')) throw new IOException("a field without a value");
            JsonNode value = value();
            fields.set(name, value);
            line.set(name, value);
        } while (is(','));
        while (is(' ')) continue;
        int end = at;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r' && text.charAt(end) != ' ')
            end++;
        if (end > at) line.put("timestamp", text.substring(at, end));
        at = end;
        line.set("tags", tags);
        line.set("fields", fields);
        return line;
    }

    private boolean is(char c) {
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    /** Text up to one of the marks, without the backslashes that keep marks from ending it. */
    private String word(String ends) throws IOException {
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') throw new IOException("a line ends too early");
            if (ends.indexOf(c) >= 0) break;
            boolean escape = c == '\\' && at + 1 < text.length() && ",= \\".indexOf(text.charAt(at + 1)) >= 0;
            if (escape) c = text.charAt(++at);
            word.append(c);
            at++;
        }
        if (word.isEmpty()) throw new IOException("a name is empty");
        return word.toString();
    }

    private JsonNode value() throws IOException {
        if (is('"')) return NODES.textNode(quoted());
        int from = at;
        while (at < text.length() && ", \n\r".indexOf(text.charAt(at)) < 0) at++;
        String token = text.substring(from, at);
        if (token.isEmpty()) throw new IOException("a field without a value");
        char last = token.charAt(token.length() - 1);
        boolean whole = (last == 'i' || last == 'u') && token.length() > 1;
        String number = whole ? token.substring(0, token.length() - 1) : token;
        if (!Double.isNaN(Numbers.parse(number))) return NODES.textNode(number);
        return switch (token) {
            case "t", "T", "true", "True", "TRUE" -> NODES.booleanNode(true);
            case "f", "F", "false", "False", "FALSE" -> NODES.booleanNode(false);
            default -> NODES.textNode(token);
        };
    }

    private String quoted() throws IOException {
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') return word.toString();
            if (c == '\\' && at < text.length() && "\"\\".indexOf(text.charAt(at)) >= 0) c = text.charAt(at++);
            word.append(c);
        }
        throw new IOException("a text without an end");
    }
}
