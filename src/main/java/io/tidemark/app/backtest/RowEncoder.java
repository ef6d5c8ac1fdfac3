package io.tidemark.app.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.table.CellWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a row of a file into an event as the stream's input declares it, so that replay and backtest feed the decoder the very
 * bytes that a producer would send. One thread.
 */
public final class RowEncoder {
    private static final JsonFactory JSON = new JsonFactory();

    private final InputSpec input;
    private final String series;
    private final List<String> fields = new ArrayList<>();
    private final List<Integer> cells = new ArrayList<>();
    private final boolean timeFromRow;
    private final long stepMs;
    private final int seriesField;
    /** Columns of features' values. */
    private final List<Integer> values;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /**
     * @param columns the file's column names
     * @param series the file's series key, used when the stream's series field is not a column
     */
    public RowEncoder(StreamSpec stream, List<String> columns, String series) {
        this.input = stream.input();
        this.series = series;
        this.stepMs = Math.max(1, stream.grid().stepMs());
        this.timeFromRow = input.fields().time().unit() == InputSpec.TimeUnit.ROW_NUMBER;
        take(input.fields().time().field(), columns);
        boolean keyed = !input.fields().series().isEmpty()
                && columns.containsAll(input.fields().series());
        seriesField = keyed || input.fields().series().isEmpty() ? -1 : 0;
        if (keyed) input.fields().series().forEach(field -> take(field, columns));
        int valuesFrom = fields.size();
        input.fields()
                .longForm()
                .ifPresentOrElse(
                        form -> {
                            take(form.name(), columns);
                            take(form.value(), columns);
                        },
                        () -> input.fields().features().forEach(feature -> take(feature.field(), columns)));
        values = input.fields().longForm().isPresent()
                ? List.of()
                : List.copyOf(cells.subList(valuesFrom, cells.size()));
        input.choice().where().forEach(condition -> take(condition.field(), columns));
    }

    private void take(String field, List<String> columns) {
        int column = columns.indexOf(field);
        if (column < 0 || fields.contains(field)) return;
        fields.add(field);
        cells.add(column);
    }

    /** Whether the rows name their series themselves. */
    public boolean seriesInRow() {
        return seriesField < 0 && !input.fields().series().isEmpty();
    }

    /** What tells the series of a row apart, where rows name it: its parts in order. */
    String seriesOf(List<String> row) {
        List<String> parts = new ArrayList<>();
        for (String field : input.fields().series()) parts.add(cell(row, fields.indexOf(field)));
        return String.join("/", parts);
    }

    /** The series key that events carry when the rows do not name one. */
    public String series() {
        return series;
    }

    /**
     * The event's value.
     *
     * @param row cells in the columns' order; a missing cell is left out of the event
     * @param number 0-based number of the row, its time when the stream takes time from it
     */
    public byte[] encode(List<String> row, long number) {
        return switch (input.encoding().format()) {
            case JSON -> json(row, number);
            case CSV -> csv(row, number);
            case INFLUX, OTLP, PROMETHEUS, AVRO, PROTOBUF, IMAGE ->
                throw new IllegalStateException(input.encoding().format() + " is not a format of rows");
        };
    }

    private byte[] json(List<String> row, long number) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (timeFromRow)
            put(
                    tree,
                    input.fields().time().field(),
                    Instant.ofEpochMilli(number * stepMs).toString());
        if (seriesField == 0) put(tree, input.fields().series().get(0), series);
        for (int i = 0; i < fields.size(); i++) {
            if (cells.get(i) < row.size()) put(tree, fields.get(i), row.get(cells.get(i)));
        }
        out.reset();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, String path, String value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            tree.put(path, value);
        } else {
            Object child = tree.computeIfAbsent(path.substring(0, dot), key -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) child, path.substring(dot + 1), value);
        }
    }

    @SuppressWarnings("unchecked")
    private void write(JsonGenerator json, Map<String, Object> tree) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Object> entry : tree.entrySet()) {
            json.writeFieldName(entry.getKey());
            if (entry.getValue() instanceof Map<?, ?> child) write(json, (Map<String, Object>) child);
            else writeCell(json, String.valueOf(entry.getValue()));
        }
        json.writeEndObject();
    }

    private void writeCell(JsonGenerator json, String cell) throws IOException {
        boolean plain = input.encoding().csv().plainNumbers();
        if (plain && cell.matches("-?(0|[1-9]\\d{0,14})(\\.\\d{1,18})?([eE][+-]?\\d{1,3})?")) json.writeRawValue(cell);
        else json.writeString(cell);
    }

    /** In the declared order of columns, or else time, series parts, values. */
    private byte[] csv(List<String> row, long number) {
        Map<String, String> byField = new LinkedHashMap<>();
        String time = input.fields().time().field();
        if (timeFromRow) byField.put(time, Instant.ofEpochMilli(number * stepMs).toString());
        if (seriesField == 0) {
            if (fields.contains(time)) byField.put(time, "");
            byField.put(input.fields().series().get(0), series);
        }
        for (int i = 0; i < fields.size(); i++) byField.put(fields.get(i), cell(row, i));
        List<String> parts = new ArrayList<>(byField.values());
        if (!input.encoding().csv().header().isEmpty()) {
            parts.clear();
            for (String column : input.encoding().csv().header()) parts.add(byField.getOrDefault(column, ""));
        }
        char delimiter = input.encoding().csv().delimiter();
        if (delimiter == InputSpec.Csv.WHITESPACE)
            return String.join(" ", parts).getBytes(StandardCharsets.UTF_8);
        return CellWriter.one(parts, delimiter).getBytes(StandardCharsets.UTF_8);
    }

    /** Features whose columns a row ends before; in long form none, for the row is rejected there. */
    public int cut(List<String> row) {
        int cut = 0;
        for (int column : values) if (column >= row.size()) cut++;
        return cut;
    }

    private String cell(List<String> row, int field) {
        int column = cells.get(field);
        return column < row.size() ? row.get(column) : "";
    }
}
