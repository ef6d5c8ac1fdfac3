package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.table.CellWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The outcome of every row of one file, by row number, and the CSV file that holds them: one row for each input row.
 *
 * <p>Rows that share a step share its outcome. One thread.
 */
public final class RowOutcomes {
    /** Which score the column {@code anomaly_score} holds. */
    enum Column {
        /** The score under the alert policy: isolated spikes. */
        ALERT,
        /** The continuous score: long incidents. */
        CONTINUOUS
    }

    private static final int REASONS_MAX = 64;
    private static final String LATE = "older than a newer row of its series by more than lateness allows";
    private static final String DUPLICATE = "of the same time and values as a row before";
    /** Status of a row that is none of the stream's. */
    public static final String PASSED_OVER = "passed-over";

    private static final class Row {
        String timestamp = "";
        String series = "";
        String status = "";
        String reason = "";
        long line;
        double score = Double.NaN;
        double alertScore = Double.NaN;
        double[] bands = new double[0];
        Published published = Published.NOTHING;
    }

    private final List<InputSpec.Feature> features;
    private final List<Row> rows = new ArrayList<>();
    /** What was met where a reason came first. */
    private final Map<String, String> details = new HashMap<>();

    /** Whether rows name their series, which is then a column. */
    private boolean namesSeries;

    private long badValues;
    private long outside;
    private long badLine;
    private String badDetail = "";
    /** Whether a feature had a value, and whether it had one that is no number, or outside its valid range. */
    private final boolean[] read;

    private final boolean[] bad;
    /** Whether a row had the field of a feature. */
    private final boolean[] there;

    private final FeaturePresence[] presence;

    RowOutcomes(List<InputSpec.Feature> features) {
        this.features = features;
        read = new boolean[features.size()];
        bad = new boolean[features.size()];
        there = new boolean[features.size()];
        presence = new FeaturePresence[features.size()];
        Arrays.setAll(presence, i -> new FeaturePresence());
    }

    /**
     * A row was read; its number is the next.
     *
     * @param line on which it begins in its file
     */
    void read(String timestamp, long line) {
        Row row = new Row();
        row.timestamp = timestamp;
        row.line = line;
        rows.add(row);
    }

    /**
     * Takes over the outcomes of the rows of one series.
     *
     * @param series that the rows name
     * @param part has one for each of {@code numbers}
     * @param numbers 0-based rows of this file
     */
    void merge(String series, RowOutcomes part, List<FileRow> numbers) {
        namesSeries = true;
        for (int i = 0; i < numbers.size(); i++) {
            Row row = part.rows.get(i);
            row.series = series;
            rows.set((int) numbers.get(i).number(), row);
        }
        part.details.forEach(details::putIfAbsent);
        badValues += part.badValues;
        outside += part.outside;
        for (int i = 0; i < read.length; i++) {
            read[i] |= part.read[i];
            bad[i] |= part.bad[i];
            there[i] |= part.there[i];
            presence[i].merge(part.presence[i]);
        }
        if (part.badLine > 0 && (badLine == 0 || part.badLine < badLine)) {
            badLine = part.badLine;
            badDetail = part.badDetail;
        }
    }

    int size() {
        return rows.size();
    }

    /** An event of a row never became a step. */
    void status(long row, String status) {
        rows.get((int) row).status = status;
    }

    /** The same rows and refusals, without values: what a network by itself begins with. */
    RowOutcomes bare() {
        RowOutcomes bare = new RowOutcomes(List.of());
        for (Row row : rows) {
            bare.read(row.timestamp, row.line);
            Row copy = bare.rows.get(bare.rows.size() - 1);
            copy.status = row.status;
            copy.reason = row.reason;
        }
        bare.details.putAll(details);
        return bare;
    }

    /** An event of a row was refused. */
    void reject(long row, String reason, String detail) {
        status(row, ScoreStatus.REJECTED.label());
        rows.get((int) row).reason = reason;
        if (details.size() < REASONS_MAX) details.putIfAbsent(reason, detail);
    }

    /** A row is of another kind than the stream's {@code where} declares. */
    void passedOver(long row) {
        status(row, PASSED_OVER);
    }

    /** A row has values that are no numbers, or outside their valid range, and that are missing because of that. */
    void bad(long row, RowReading reading) {
        outside += reading.outside();
        bad(row, reading.badValues(), reading.badDetail());
    }

    /** A row has so many values that are no numbers, or none at all where its columns end. */
    void bad(long row, int values, String detail) {
        badValues += values;
        if (badLine > 0) return;
        badLine = rows.get((int) row).line;
        badDetail = detail;
    }

    /**
     * A row has values of features.
     *
     * @param values of each feature; NaN where none was read
     * @param has whether it had the field of a feature
     */
    void values(long row, double[] values, IntPredicate isBad, IntPredicate has) {
        long line = rows.get((int) row).line;
        for (int i = 0; i < read.length; i++) {
            if (!Double.isNaN(values[i])) presence[i].seen(line);
            there[i] |= has.test(i);
            read[i] |= !Double.isNaN(values[i]);
            bad[i] |= isBad.test(i);
        }
    }

    /**
     * Values that were no numbers, or outside their valid range, and are missing because of that.
     *
     * @param outside how many of them were outside
     * @param line of the first of them; 1-based
     * @param detail what the first one was
     * @param unread features of which no value at all was a number in its valid range
     * @param absent features whose field no row had, where rows name their fields
     * @param changed features that came or went for good, each as a sentence that begins with its name
     */
    public record BadValues(
            long values,
            long outside,
            long line,
            String detail,
            List<String> unread,
            List<String> absent,
            List<String> changed) {}

    /** @param named whether rows name their fields themselves, so that a field that none has is not declared rightly */
    BadValues badValues(boolean named) {
        List<String> unread = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        boolean any = false;
        for (boolean one : there) any |= one;
        for (int i = 0; i < read.length; i++) {
            if (bad[i] && !read[i]) unread.add(features.get(i).name());
            if (named && any && !there[i]) absent.add(features.get(i).name());
        }
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < read.length && !rows.isEmpty(); i++) {
            String change = presence[i].change(rows.get(0).line, rows.get(rows.size() - 1).line);
            if (change != null) changed.add(features.get(i).name() + ' ' + change);
        }
        return new BadValues(badValues, outside, badLine, badDetail, unread, absent, changed);
    }

    /** How many rows were passed over. */
    long passedOver() {
        return rows.stream().filter(row -> row.status.equals(PASSED_OVER)).count();
    }

    /**
     * Rows that were rejected for one reason.
     *
     * @param line of the first of them; 1-based
     * @param detail what was met and what was expected there, as a sentence; may be empty
     */
    public record Rejection(String reason, long rows, long line, String detail) {}

    /** Rows that came too late or twice, by status, in the order of their first lines. */
    List<Rejection> unjudged() {
        Map<String, Rejection> byStatus = new LinkedHashMap<>();
        for (Row row : rows) {
            boolean late = row.status.equals(ScoreStatus.LATE.label());
            if (!late && !row.status.equals(ScoreStatus.DUPLICATE.label())) continue;
            count(byStatus, row.status, row.line, late ? LATE : DUPLICATE);
        }
        return List.copyOf(byStatus.values());
    }

    /** Rejected rows by reason, in the order of their first lines. */
    List<Rejection> rejections() {
        Map<String, Rejection> byReason = new LinkedHashMap<>();
        for (Row row : rows) {
            if (!row.status.equals(ScoreStatus.REJECTED.label())) continue;
            count(byReason, row.reason, row.line, details.getOrDefault(row.reason, ""));
        }
        return List.copyOf(byReason.values());
    }

    private static void count(Map<String, Rejection> rows, String reason, long line, String detail) {
        rows.merge(
                reason,
                new Rejection(reason, 1, line, detail),
                (known, more) -> new Rejection(reason, known.rows + 1, known.line, known.detail));
    }

    /**
     * A step was judged; its event offsets are row numbers. Rows of another file (a negative number) are passed over.
     *
     * @param alert the one that is open at the step, if any
     */
    void judged(Score score, OpenAlert alert, long firstRow) {
        Published published = Published.of(score, alert);
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
        row.reason = score.status == ScoreStatus.REJECTED ? score.reason : "";
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
     * Writes the rows. While an alert is open, it is so at rows that were not judged too.
     *
     * @param column what {@code anomaly_score} holds
     */
    void write(Path file, Column column) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        List<String> cells =
                new ArrayList<>(List.of("timestamp", "score", "alert_score", "anomaly_score", "status", "reason"));
        for (String prefix : List.of("expected_", "lower_", "upper_")) {
            for (InputSpec.Feature feature : features) cells.add(prefix + feature.name());
        }
        try (CellWriter out = new CellWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            cells.addAll(Published.COLUMNS);
            if (namesSeries) cells.add("series");
            out.row(cells);
            Map<String, Published> newest = new HashMap<>();
            for (Row row : rows) {
                Published published = row.published;
                if (published == Published.NOTHING) {
                    published =
                            newest.getOrDefault(row.series, Published.NOTHING).unjudged();
                }
                newest.put(row.series, published);
                write(out, row, published, column, cells);
            }
        }
    }

    private void write(CellWriter out, Row row, Published published, Column column, List<String> cells)
            throws IOException {
        cells.clear();
        cells.add(row.timestamp);
        cells.add(number(row.score));
        cells.add(number(row.alertScore));
        cells.add(number(value(row, column)));
        cells.add(row.status);
        cells.add(row.reason);
        for (int i = 0; i < 3 * features.size(); i++) cells.add(i < row.bands.length ? number(row.bands[i]) : "");
        cells.addAll(published.cells());
        if (namesSeries) cells.add(row.series);
        out.row(cells);
    }

    static String number(double value) {
        if (!Double.isFinite(value)) return "";
        String text = String.format(Locale.ROOT, "%.9g", value);
        return text.contains("e") ? Double.toString(Double.parseDouble(text)) : text;
    }
}
