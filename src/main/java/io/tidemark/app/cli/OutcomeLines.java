package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Columns;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Records of Tidemark's output topics as lines for people, or as JSON. */
final class OutcomeLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FEATURES_SHOWN = 3;
    private static final int VALUE_CHARS_MAX = 200;
    private static final int VALUE_BYTES_SHOWN = 4096;

    private final TailCommand.Kind kind;
    private final boolean json;
    private final Columns columns;

    OutcomeLines(TailCommand.Kind kind, boolean json) {
        this.kind = kind;
        this.json = json;
        this.columns = columns(kind);
    }

    private static Columns columns(TailCommand.Kind kind) {
        Columns.Column time = Columns.text("time", 24);
        Columns.Column stream = Columns.text("stream", 12);
        Columns.Column series = Columns.name("series", 28);
        return switch (kind) {
            case SCORES ->
                new Columns(
                        time,
                        stream,
                        series,
                        Columns.text("status", 10),
                        Columns.number("score", 6),
                        Columns.number("alert", 6),
                        Columns.text("value (expected, from .. to)", 10));
            case FORECASTS ->
                new Columns(
                        time,
                        stream,
                        series,
                        Columns.text("model", 20),
                        Columns.number("steps", 5),
                        Columns.text("last step, by quantile", 10));
            case ALERTS ->
                new Columns(
                        time,
                        stream,
                        series,
                        Columns.text("state", 9),
                        Columns.text("since", 24),
                        Columns.number("peak", 6),
                        Columns.text("what", 10));
            case INCIDENTS ->
                new Columns(
                        time,
                        Columns.text("group", 12),
                        Columns.text("state", 12),
                        Columns.text("severity", 8),
                        Columns.number("series", 6),
                        Columns.number("open", 5),
                        Columns.text("what", 10));
            case LABELS ->
                new Columns(
                        Columns.text("from", 24),
                        stream,
                        series,
                        Columns.text("to", 24),
                        Columns.text("label", 8),
                        Columns.text("who", 12),
                        Columns.text("note", 10));
            case DEAD_LETTERS ->
                new Columns(
                        time,
                        Columns.text("record", 28),
                        Columns.text("key", 20),
                        Columns.text("reason", 40),
                        Columns.text("value", 10));
        };
    }

    /** The names of the columns; empty for JSON. */
    Optional<String> header() {
        return json ? Optional.empty() : Optional.of(columns.header());
    }

    /** Whether the record is of this stream and this series; null stands for any. */
    boolean isWanted(ConsumerRecord<byte[], byte[]> record, @Nullable String stream, @Nullable String series) {
        if (stream == null && series == null) {
            return true;
        }
        JsonNode tree = kind == TailCommand.Kind.DEAD_LETTERS ? deadLetter(record) : tree(record);
        if (kind == TailCommand.Kind.INCIDENTS) return hasSeries(tree, stream, series);
        return (stream == null || tree.path("stream").asText().equals(stream))
                && (series == null || tree.path("series").asText().equals(series));
    }

    /** Whether an incident has a part in the stream and the series. */
    private static boolean hasSeries(JsonNode incident, @Nullable String stream, @Nullable String series) {
        for (JsonNode part : incident.path("series")) {
            boolean ofStream = stream == null || part.path("stream").asText().equals(stream);
            boolean ofSeries = series == null || part.path("series").asText().equals(series);
            if (ofStream && ofSeries) return true;
        }
        return false;
    }

    String line(ConsumerRecord<byte[], byte[]> record) {
        if (kind == TailCommand.Kind.DEAD_LETTERS) {
            ObjectNode letter = deadLetter(record);
            return json ? letter.toString() : columns.line(deadLetterCells(letter));
        }
        if (json) {
            return record.value() == null ? "null" : new String(record.value(), UTF_8);
        }
        JsonNode tree = tree(record);
        return columns.line(
                switch (kind) {
                    case SCORES -> scoreCells(tree);
                    case FORECASTS -> forecastCells(tree);
                    case INCIDENTS -> incidentCells(tree);
                    case LABELS -> labelCells(tree);
                    default -> alertCells(tree);
                });
    }

    private static JsonNode tree(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? MissingNode.getInstance() : JSON.readTree(record.value());
        } catch (IOException foreign) {
            return MissingNode.getInstance();
        }
    }

    private static List<String> begin(JsonNode tree, String time) {
        List<String> cells = new ArrayList<>();
        cells.add(tree.path(time).asText("-"));
        cells.add(tree.path("stream").asText("-"));
        cells.add(tree.path("series").asText("-"));
        return cells;
    }

    private static List<String> scoreCells(JsonNode tree) {
        List<String> cells = begin(tree, "time");
        cells.add(tree.path("status").asText("-"));
        cells.add(number(tree.path("score")));
        cells.add(number(tree.path("alert_score")));
        String reason = tree.path("reason").asText("");
        cells.add(reason.isEmpty() ? values(tree) : reason);
        return cells;
    }

    /** The features that made the score, or the first ones, each with what was expected; those without a value only where none has one. */
    private static String values(JsonNode tree) {
        JsonNode shown = tree.path("contribution").isEmpty() ? tree.path("values") : tree.path("contribution");
        List<String> parts = new ArrayList<>();
        boolean measured = false;
        for (JsonNode value : tree.path("values")) measured |= value.isNumber();
        for (Iterator<String> names = shown.fieldNames(); names.hasNext() && parts.size() < FEATURES_SHOWN; ) {
            String name = names.next();
            if (measured && !tree.path("values").path(name).isNumber()) continue;
            String part = name + " " + number(tree.path("values").path(name));
            if (tree.path("expected").path(name).isNumber()) {
                part += " (" + number(tree.path("expected").path(name)) + ", "
                        + number(tree.path("lower").path(name)) + " .. "
                        + number(tree.path("upper").path(name)) + ")";
            }
            parts.add(part);
        }
        return String.join(", ", parts);
    }

    private static List<String> forecastCells(JsonNode tree) {
        List<String> cells = begin(tree, "issued_at");
        cells.add(tree.path("model").path("network").asText("-") + "@"
                + tree.path("model").path("version").asText("-"));
        cells.add(tree.path("horizon").asText("-"));
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> feature : tree.path("quantiles").properties()) {
            if (parts.size() == FEATURES_SHOWN) {
                break;
            }
            List<String> levels = new ArrayList<>();
            for (Map.Entry<String, JsonNode> level : feature.getValue().properties()) {
                levels.add(number(level.getValue().path(level.getValue().size() - 1)));
            }
            parts.add(feature.getKey() + " " + String.join(" / ", levels));
        }
        cells.add(String.join(", ", parts));
        return cells;
    }

    private static List<String> alertCells(JsonNode tree) {
        List<String> cells = begin(tree, "time");
        cells.add(tree.path("state").asText("-"));
        cells.add(tree.path("since").asText("-"));
        cells.add(number(tree.path("peak_score")));
        cells.add(tree.path("summary").asText("-"));
        return cells;
    }

    private static List<String> incidentCells(JsonNode tree) {
        List<String> cells = new ArrayList<>();
        for (String name : List.of("time", "group", "state", "severity", "series_count", "open_count", "summary"))
            cells.add(tree.path(name).asText("-"));
        return cells;
    }

    private static List<String> labelCells(JsonNode tree) {
        List<String> cells = begin(tree, "from");
        for (String name : List.of("to", "label", "who", "note"))
            cells.add(tree.path(name).asText("-"));
        return cells;
    }

    /** The letter as JSON: its place, its headers, and its value as text, or in base64 where it is none. */
    private static ObjectNode deadLetter(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode letter = JSON.createObjectNode();
        letter.put("topic", record.topic());
        letter.put("partition", record.partition());
        letter.put("offset", record.offset());
        letter.put("time", Instant.ofEpochMilli(record.timestamp()).toString());
        if (record.key() != null) {
            letter.put("key", new String(record.key(), UTF_8));
        }
        ObjectNode headers = letter.putObject("headers");
        for (Header header : record.headers()) {
            String value = header.value() == null ? "" : new String(header.value(), UTF_8);
            headers.put(header.key(), value);
            String name = header.key().substring(header.key().lastIndexOf('.') + 1);
            if (name.equals("stream") || name.equals("series") || name.equals("reason")) {
                letter.put(name, value);
            }
        }
        if (record.value() != null) {
            String text = new String(record.value(), UTF_8);
            boolean isText = text.indexOf('\uFFFD') < 0;
            if (isText) {
                letter.put("value", text);
            } else {
                letter.put("value_base64", record.value());
            }
        }
        return letter;
    }

    private static List<String> deadLetterCells(ObjectNode letter) {
        JsonNode headers = letter.path("headers");
        String reason = letter.path("reason").asText("");
        String value = letter.path("value").asText(letter.path("value_base64").asText(""));
        String start = value.substring(0, Math.min(value.length(), VALUE_BYTES_SHOWN));
        return List.of(
                letter.path("time").asText(),
                letter.path("topic").asText() + "-" + letter.path("partition").asText() + "-"
                        + letter.path("offset").asText(),
                letter.path("key").asText("-"),
                reason.isEmpty() ? headers.path("__streams.errors.message").asText("-") : reason,
                Columns.cut(start.replaceAll("\\p{Cntrl}+", " "), VALUE_CHARS_MAX));
    }

    /** A number short enough for a column. */
    private static String number(JsonNode node) {
        if (!node.isNumber()) {
            return "-";
        }
        double value = node.doubleValue();
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        return String.format(Locale.ROOT, size < 10 ? "%.3f" : size < 1000 ? "%.2f" : "%.0f", value);
    }
}
