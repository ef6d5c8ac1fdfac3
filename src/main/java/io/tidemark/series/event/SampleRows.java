package io.tidemark.series.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sample of records as rows of texts by field, before anything is declared about them.
 *
 * @param json whether records are JSON objects; else they are rows of CSV
 * @param delimiter between cells of CSV
 * @param header whether the first row of CSV named the columns
 * @param rows values by dotted path or by column, in the order of the records; arrays and nulls are left out
 */
record SampleRows(boolean json, char delimiter, boolean header, List<Map<String, String>> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    /** Reads records, which are all JSON objects or all rows of CSV; empty when they are neither or there are none. */
    static Optional<SampleRows> of(List<String> records) {
        List<String> filled = records.stream().filter(text -> !text.isBlank()).toList();
        if (filled.isEmpty()) return Optional.empty();
        if (filled.get(0).stripLeading().startsWith("{")) return json(filled);
        for (char delimiter : DELIMITERS) {
            int cells = cells(filled.get(0), delimiter).size();
            long same = filled.stream()
                    .filter(text -> cells(text, delimiter).size() == cells)
                    .count();
            if (cells > 1 && same == filled.size()) return Optional.of(csv(filled, delimiter));
        }
        return Optional.empty();
    }

    private static Optional<SampleRows> json(List<String> records) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (String text : records) {
            try {
                Map<String, String> row = new LinkedHashMap<>();
                flatten("", JSON.readTree(text), row);
                rows.add(row);
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new SampleRows(true, ',', false, rows));
    }

    private static void flatten(String path, JsonNode node, Map<String, String> row) {
        if (node.isObject()) {
            node.fields().forEachRemaining(entry -> {
                if (entry.getKey().indexOf('.') >= 0) return;
                flatten(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), row);
            });
        } else if (node.isValueNode() && !node.isNull()) {
            row.put(path, node.asText());
        }
    }

    private static SampleRows csv(List<String> records, char delimiter) {
        List<String> first = cells(records.get(0), delimiter);
        boolean header = first.stream().noneMatch(cell -> isNumber(cell) || cell.isEmpty());
        List<Map<String, String>> rows = new ArrayList<>();
        for (String text : records.subList(header ? 1 : 0, records.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            List<String> cells = cells(text, delimiter);
            for (int c = 0; c < cells.size(); c++) row.put(header ? first.get(c) : "column-" + (c + 1), cells.get(c));
            rows.add(row);
        }
        return new SampleRows(false, delimiter, header, rows);
    }

    private static List<String> cells(String row, char delimiter) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char c : row.strip().toCharArray()) {
            if (c == '"') quoted = !quoted;
            else if (c == delimiter && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else cell.append(c);
        }
        cells.add(cell.toString().strip());
        return cells;
    }

    static boolean isNumber(String text) {
        return !Double.isNaN(number(text));
    }

    /** NaN where a text is no number. */
    static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Every field, in the order in which they appear. */
    List<String> fields() {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        rows.forEach(row -> row.keySet().forEach(field -> fields.put(field, true)));
        return List.copyOf(fields.keySet());
    }

    /** What rows have in a field; those without it are passed over. */
    List<String> values(String field) {
        List<String> values = new ArrayList<>();
        for (Map<String, String> row : rows) {
            String value = row.get(field);
            if (value != null && !value.isEmpty()) values.add(value);
        }
        return values;
    }
}
