package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.series.sample.EventRanges;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of every row of one file, by row number, and the CSV file that holds them: one row for each input row.
 *
 * <p>Rows that share a step share its outcome. One thread.
 */
final class RowOutcomes {
    /** Which score the column {@code anomaly_score} holds. */
    enum Column {
        /** The score under the alert policy: isolated spikes. */
        ALERT,
        /** The continuous score: long incidents. */
        CONTINUOUS
    }

    private static final class Row {
        String timestamp = "";
        String status = "";
        double score = Double.NaN;
        double alertScore = Double.NaN;
        double[] bands = new double[0];
        Published published = Published.NOTHING;
    }

    private final List<InputSpec.Feature> features;
    private final List<Row> rows = new ArrayList<>();

    RowOutcomes(List<InputSpec.Feature> features) {
        this.features = features;
    }

    /** A row was read; its number is the next. */
    void read(String timestamp) {
        Row row = new Row();
        row.timestamp = timestamp;
        rows.add(row);
    }

    int size() {
        return rows.size();
    }

    /** An event of a row never became a step. */
    void status(long row, String status) {
        rows.get((int) row).status = status;
    }

    /**
     * A step was judged; its event offsets are row numbers. Rows of another file (a negative number) are passed over.
     *
     * @param alertId of the alert that is open at the step; empty where none is
     */
    void judged(Score score, String alertId, long firstRow) {
        Published published = Published.of(score, alertId);
        EventRanges events = score.events;
        for (int range = 0; range < events.size(); range++) {
            for (int i = 0; i < events.count(range); i++) {
                long number = events.firstOffset(range) + i - firstRow;
                if (number >= 0) set(rows.get((int) number), score, published);
            }
        }
    }

    private void set(Row row, Score score, Published published) {
        row.published = published;
        row.status = score.status.label();
        row.score = score.score;
        row.alertScore = score.alertScore;
        if (score.status != ScoreStatus.SCORED || !score.judged()) return;
        int count = features.size();
        row.bands = new double[3 * count];
        System.arraycopy(score.expected(), 0, row.bands, 0, count);
        System.arraycopy(score.lower(), 0, row.bands, count, count);
        System.arraycopy(score.upper(), 0, row.bands, 2 * count, count);
    }

    /** The scores of all rows; 0 where a row has none. */
    double[] scores(Column column) {
        double[] scores = new double[rows.size()];
        Arrays.setAll(scores, i -> value(rows.get(i), column));
        return scores;
    }

    private static double value(Row row, Column column) {
        double score = column == Column.ALERT ? row.alertScore : row.score;
        return Double.isNaN(score) ? 0 : score;
    }

    /** How many rows have each status, in the order of {@link ScoreStatus}. */
    long count(ScoreStatus status) {
        return rows.stream().filter(row -> row.status.equals(status.label())).count();
    }

    /**
     * Writes the rows.
     *
     * @param column what {@code anomaly_score} holds
     */
    void write(Path file, Column column) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("timestamp,score,alert_score,anomaly_score,status");
            for (String prefix : List.of("expected_", "lower_", "upper_")) {
                for (InputSpec.Feature feature : features) out.write("," + prefix + feature.name());
            }
            for (String name : Published.COLUMNS) out.write("," + name);
            out.write('\n');
            for (Row row : rows) write(out, row, column);
        }
    }

    private void write(BufferedWriter out, Row row, Column column) throws IOException {
        out.write(row.timestamp);
        out.write("," + number(row.score) + "," + number(row.alertScore) + ",");
        out.write(number(value(row, column)) + "," + row.status);
        for (int i = 0; i < 3 * features.size(); i++) {
            out.write(',');
            if (i < row.bands.length) out.write(number(row.bands[i]));
        }
        for (String cell : row.published.cells()) out.write("," + cell);
        out.write('\n');
    }

    static String number(double value) {
        if (!Double.isFinite(value)) return "";
        String text = String.format(Locale.ROOT, "%.9g", value);
        return text.contains("e") ? Double.toString(Double.parseDouble(text)) : text;
    }
}
