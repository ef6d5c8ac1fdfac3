package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.series.table.Cells;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file that {@code backtest} wrote says of each row.
 *
 * @param times the time of each row, as its data spells it
 * @param scores the continuous score, 0 where there is none
 * @param tails the tail probability; NaN where there is none
 * @param openings rows at which alerts open, ascending; of interleaved series too, since an alert's id is its own
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScoredRows(List<String> times, double[] scores, double[] tails, int[] openings) {
    private static final InputSpec.Csv WRITTEN = new InputSpec.Csv(List.of(), true, ',');
    private static final double WEEK_SECONDS = 7 * 86_400;

    /** @throws IOException when the file cannot be read or lacks a column */
    public static ScoredRows read(Path file) throws IOException {
        List<String> times = new ArrayList<>();
        List<double[]> numbers = new ArrayList<>();
        List<Integer> openings = new ArrayList<>();
        Set<String> known = new HashSet<>();
        try (Cells rows = new Cells(FileText.open(file, StandardCharsets.UTF_8), WRITTEN)) {
            List<String> header = rows.next();
            if (header == null) throw new IOException(file + " is empty");
            int time = column(header, "timestamp", file);
            int score = column(header, "score", file);
            int tail = column(header, "tail_probability", file);
            int id = column(header, "alert_id", file);
            for (List<String> cells = rows.next(); cells != null; cells = rows.next()) {
                if (cells.size() != header.size()) {
                    throw new IOException(file + " has a row of " + cells.size() + " cells, but " + header.size()
                            + " columns, in line " + rows.line());
                }
                String alert = cells.get(id);
                if (!alert.isEmpty() && known.add(alert)) openings.add(times.size());
                double said = number(cells.get(score));
                numbers.add(new double[] {Double.isNaN(said) ? 0 : said, number(cells.get(tail))});
                times.add(cells.get(time));
            }
        } catch (NumberFormatException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return new ScoredRows(
                times,
                numbers.stream().mapToDouble(n -> n[0]).toArray(),
                numbers.stream().mapToDouble(n -> n[1]).toArray(),
                openings.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The rows' span of time: the median step times their number, in weeks; NaN where rows have no time of day. */
    public double weeks() {
        double[] seconds = new double[times.size()];
        try {
            for (int i = 0; i < seconds.length; i++) {
                String text = times.get(i).strip().replace(' ', 'T').replaceFirst("Z$", "");
                LocalDateTime time = LocalDateTime.parse(text);
                seconds[i] = time.toEpochSecond(ZoneOffset.UTC) + time.getNano() / 1e9;
            }
        } catch (DateTimeException e) {
            return Double.NaN;
        }
        if (seconds.length < 2) return Double.NaN;
        double[] steps = new double[seconds.length - 1];
        for (int i = 0; i < steps.length; i++) steps[i] = seconds[i + 1] - seconds[i];
        Arrays.sort(steps);
        return steps[steps.length / 2] * seconds.length / WEEK_SECONDS;
    }

    private static int column(List<String> header, String name, Path file) throws IOException {
        int at = header.indexOf(name);
        if (at < 0) throw new IOException(file + " has no column " + name + "; backtest writes it");
        return at;
    }

    private static double number(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
}
