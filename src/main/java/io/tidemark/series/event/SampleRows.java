package io.tidemark.series.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sample of records as rows of texts by field, before anything is declared about them.
 *
 * @param delimiter between cells of CSV
 * @param header whether the first row of CSV named the columns
 * @param records the array whose elements are the rows, as {@code input.records} names it
 * @param pairs the arrays of names and numbers of which each pair is a row
 * @param rows values by dotted path or by column, in the order of the records; other arrays and nulls are left out
 */
record SampleRows(
        Form form,
        char delimiter,
        boolean header,
        Optional<String> records,
        Optional<Pairs> pairs,
        List<Map<String, String>> rows) {
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};
    private static final String TIME_NAMES = "(?i)(.*[._])?(.*(time|date|stamp).*|ts|at|t|minute|epoch)";

    /** What records are. */
    enum Form {
        JSON,
        CSV,
        INFLUX
    }

    /** Fields of names and of numbers, side by side. */
    record Pairs(String names, String numbers) {}

    /**
     * Reads records, which are all JSON, all rows of CSV or all lines of Influx; empty when they are neither or there are none.
     *
     * @param most rows that are worth reading
     */
    static Optional<SampleRows> of(List<String> records, int most) {
        List<String> filled = records.stream().filter(text -> !text.isBlank()).toList();
        if (filled.isEmpty()) return Optional.empty();
        String first = filled.get(0).stripLeading();
        if (first.startsWith("{") || first.startsWith("[")) return JsonSample.of(filled, most);
        Optional<SampleRows> influx = InfluxSample.of(filled, most);
        if (influx.isPresent()) return influx;
        for (char delimiter : DELIMITERS) {
            int cells = cells(filled.get(0), delimiter).size();
            long same = filled.stream()
                    .filter(text -> cells(text, delimiter).size() == cells)
                    .count();
            if (cells > 1 && same == filled.size()) return Optional.of(csv(filled, delimiter));
        }
        return Optional.empty();
    }

    static boolean isNameOfTime(String field) {
        return field.matches(TIME_NAMES);
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
        return new SampleRows(Form.CSV, delimiter, header, Optional.empty(), Optional.empty(), rows);
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

    /** Rows that have a field, be it empty. */
    long present(String field) {
        return rows.stream().filter(row -> row.containsKey(field)).count();
    }

    /** The rows with one text in a field. */
    SampleRows only(String field, String text) {
        List<Map<String, String>> kept =
                rows.stream().filter(row -> text.equals(row.get(field))).toList();
        return new SampleRows(form, delimiter, header, records, pairs, kept);
    }
}
