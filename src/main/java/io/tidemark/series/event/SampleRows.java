package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sample of records as rows of texts by field, before anything is declared about them.
 *
 * @param delimiter between cells of CSV
 * @param header whether the first row of CSV named the columns
 * @param marks of the numbers of CSV
 * @param records the array whose elements are the rows, as {@code input.records} names it
 * @param pairs the arrays of names and numbers of which each pair is a row
 * @param rows values by dotted path or by column, numbers with a decimal point, in the order of the records; other arrays and nulls are left out
 */
record SampleRows(
        Form form,
        char delimiter,
        boolean header,
        Marks marks,
        Optional<String> records,
        Optional<Pairs> pairs,
        List<Map<String, String>> rows) {
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};
    /** By which spreadsheets tell each other the delimiter. */
    private static final String DELIMITER_LINE = "(?i)\"?sep=.?\"?[;,\t]*";

    private static final String TIME_NAMES = "(?i)(.*[._])?(.*(time|date|stamp|datum|zeit).*|ts|at|t|day|minute|epoch)";

    /** What records are. */
    enum Form {
        JSON,
        CSV,
        INFLUX
    }

    /** What stands between a number's whole and its fraction, and between its thousands; empty: nothing. */
    record Marks(char decimal, String thousands) {
        static final Marks PLAIN = new Marks('.', "");

        private static final List<Marks> TRIED = List.of(
                PLAIN,
                new Marks(',', ""),
                new Marks(',', "."),
                new Marks('.', ","),
                new Marks(',', " "),
                new Marks('.', " "),
                new Marks('.', "'"));

        private Numbers numbers() {
            return new Numbers(new InputSpec.Csv(List.of(), true, ',', decimal, thousands, "", StandardCharsets.UTF_8));
        }

        /** Those under which most columns are of numbers. */
        static Marks of(List<List<String>> rows) {
            Marks best = PLAIN;
            int most = 0;
            for (Marks marks : TRIED) {
                int count = marks.columns(rows);
                if (count > most) {
                    most = count;
                    best = marks;
                }
            }
            return best;
        }

        /** How many columns are of numbers, and of words for a missing one. */
        private int columns(List<List<String>> rows) {
            Numbers numbers = numbers();
            Map<Integer, Boolean> columns = new HashMap<>();
            for (List<String> row : rows) {
                for (int c = 0; c < row.size(); c++) {
                    if (Numbers.isMissing(row.get(c))) continue;
                    columns.merge(c, !Double.isNaN(numbers.read(row.get(c))), Boolean::logicalAnd);
                }
            }
            return (int) columns.values().stream().filter(all -> all).count();
        }

        /** A number with a decimal point; other texts as they are. */
        private String plainly(String text) {
            if (this.equals(PLAIN) || isNumber(text) && thousands.isEmpty()) return text;
            double number = numbers().read(text);
            if (Double.isNaN(number)) return text;
            String joined = thousands.isEmpty() ? text : text.replaceAll("[" + thousands + "\u00a0\u202f\u2009]", "");
            return joined.replace(decimal, '.');
        }
    }

    /** Fields of names and of numbers, side by side. */
    record Pairs(String names, String numbers) {}

    /**
     * Reads records, which are all JSON, all rows of CSV or all lines of Influx; empty when they are neither or there are none.
     *
     * @param most rows that are worth reading
     */
    static Optional<SampleRows> of(List<String> records, int most) {
        List<String> filled =
                new ArrayList<>(records.stream().filter(text -> !text.isBlank()).toList());
        if (filled.isEmpty()) return Optional.empty();
        if (filled.get(0).startsWith("\uFEFF")) filled.set(0, filled.get(0).substring(1));
        if (filled.size() > 1 && filled.get(0).matches(DELIMITER_LINE)) filled.remove(0);
        String first = filled.get(0).stripLeading();
        if (first.startsWith("{") || first.startsWith("[")) return JsonSample.of(filled, most);
        Optional<SampleRows> influx = InfluxSample.of(filled, most);
        if (influx.isPresent()) return influx;
        List<List<String>> best = List.of();
        char chosen = ',';
        int columns = -1;
        for (char delimiter : DELIMITERS) {
            List<List<String>> rows =
                    filled.stream().map(text -> cells(text, delimiter)).toList();
            int cells = rows.get(0).size();
            if (cells < 2 || rows.stream().anyMatch(row -> row.size() != cells)) continue;
            int numbers = Marks.of(body(rows)).columns(body(rows));
            if (numbers <= columns) continue;
            columns = numbers;
            best = rows;
            chosen = delimiter;
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(csv(best, chosen));
    }

    /** Rows without the first, which may be a header; the first alone where there is no other. */
    private static List<List<String>> body(List<List<String>> rows) {
        return rows.subList(Math.min(1, rows.size() - 1), rows.size());
    }

    static boolean isNameOfTime(String field) {
        return field.matches(TIME_NAMES);
    }

    private static SampleRows csv(List<List<String>> all, char delimiter) {
        List<String> first = all.get(0);
        Marks marks = Marks.of(body(all));
        boolean header = first.stream().noneMatch(cell -> isNumber(marks.plainly(cell)) || cell.isEmpty());
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> cells : all.subList(header ? 1 : 0, all.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int c = 0; c < cells.size(); c++) {
                row.put(header ? first.get(c) : "column-" + (c + 1), marks.plainly(cells.get(c)));
            }
            rows.add(row);
        }
        return new SampleRows(Form.CSV, delimiter, header, marks, Optional.empty(), Optional.empty(), rows);
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
        return new SampleRows(form, delimiter, header, marks, records, pairs, kept);
    }
}
