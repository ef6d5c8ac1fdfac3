package io.tidemark.app.cli;

import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The numbers of one CSV file.
 *
 * @param series its key: the path below the data folder, without its endings
 * @param columns names of the features
 * @param values {@code [row, feature]}; NaN where a cell is empty or no number
 */
@SuppressWarnings("ArrayRecordComponent")
record SeriesTable(String series, List<String> columns, double[] values) {
    int rows() {
        return values.length / columns.size();
    }

    /**
     * Every series below a folder, or of one file.
     *
     * @param stream says how they are read ({@link DeclaredRows}); without one, every column whose first cell is a number is a feature,
     *     but a first column named time, timestamp or date
     * @param told receives sentences on rows that have no values
     * @throws IOException when there is no file, or a file lacks a column
     */
    static List<SeriesTable> below(Path root, Optional<StreamSpec> stream, Consumer<String> told) throws IOException {
        List<SeriesFile> files = SeriesFile.below(root);
        if (stream.isPresent()) return new DeclaredRows(stream.get(), told).below(files);
        InputSpec input = sniffed(files.get(0));
        List<SeriesTable> tables = new ArrayList<>();
        for (SeriesFile file : files) tables.add(read(file, input, told));
        return tables;
    }

    private static SeriesTable read(SeriesFile file, InputSpec input, Consumer<String> told) throws IOException {
        try (SeriesFile.Rows rows = file.open(input)) {
            List<String> names = input.fields().features().stream()
                    .map(InputSpec.Feature::name)
                    .toList();
            int[] cells = new int[names.size()];
            for (int f = 0; f < cells.length; f++) {
                cells[f] =
                        rows.columns().indexOf(input.fields().features().get(f).field());
                if (cells[f] < 0) {
                    throw new IOException(file.path() + " has no column "
                            + input.fields().features().get(f).field() + "; it has " + rows.columns());
                }
            }
            Numbers numbers = new Numbers(input.encoding().csv());
            double[] values = new double[1024 * cells.length];
            int at = 0;
            long bad = 0;
            String first = "";
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                if (at + cells.length > values.length) values = Arrays.copyOf(values, 2 * values.length);
                for (int cell : cells) {
                    String text = cell < row.size() ? row.get(cell) : null;
                    values[at] = text == null ? Double.NaN : numbers.read(text);
                    if (Double.isNaN(values[at++]) && (text == null || !Numbers.isMissing(text.trim()))) {
                        if (bad++ > 0) continue;
                        first = (text == null ? "behind the end of the row" : '"' + text + '"') + " of column "
                                + rows.columns().get(cell) + " in line " + rows.line();
                    }
                }
            }
            if (bad > 0) {
                told.accept("of " + at / cells.length + " rows of " + file.path() + " " + bad
                        + " values that are no number; the first is " + first);
            }
            return new SeriesTable(file.series(), names, Arrays.copyOf(values, at));
        }
    }

    private static double number(String cell) {
        try {
            return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Columns as the first two lines of a file show them. */
    private static InputSpec sniffed(SeriesFile file) throws IOException {
        for (char delimiter : new char[] {',', ';', '\t', ' '}) {
            List<String> first;
            List<String> second;
            try (SeriesFile.Rows rows = file.open(input(List.of(), List.of("x"), false, delimiter))) {
                List<String> line = rows.next();
                if (line == null) throw new IOException(file.path() + " is empty");
                List<String> next = rows.next();
                first = line;
                second = next == null ? List.of() : next;
            }
            if (first.size() == 1 && delimiter != ' ') continue;
            boolean header = first.stream().anyMatch(cell -> Double.isNaN(number(cell)) && !cell.isEmpty())
                    && second.stream().anyMatch(cell -> !Double.isNaN(number(cell)));
            return sniffed(file, first, header ? second : first, header, delimiter);
        }
        throw new IllegalStateException("a line has no cell");
    }

    private static InputSpec sniffed(
            SeriesFile file, List<String> first, List<String> sample, boolean header, char delimiter)
            throws IOException {
        List<String> columns = new ArrayList<>();
        List<String> features = new ArrayList<>();
        for (int c = 0; c < first.size(); c++) {
            String name = header ? first.get(c) : "column-" + (c + 1);
            columns.add(name);
            boolean time = c == 0 && name.toLowerCase(java.util.Locale.ROOT).matches("time.*|date.*");
            if (!time && c < sample.size() && !Double.isNaN(number(sample.get(c)))) features.add(name);
        }
        if (features.isEmpty()) {
            throw new IOException(
                    file.path() + " has no column of numbers in its first rows; say with --stream how it is read");
        }
        return input(columns, features, header, delimiter);
    }

    private static InputSpec input(List<String> columns, List<String> features, boolean header, char delimiter) {
        return new InputSpec(
                "files",
                InputSpec.Format.CSV,
                false,
                new InputSpec.Time("", InputSpec.TimeUnit.ROW_NUMBER, ZoneOffset.UTC),
                List.of(),
                features.stream().map(name -> new InputSpec.Feature(name, name)).toList(),
                Optional.empty(),
                new InputSpec.Csv(columns, header, delimiter));
    }
}
