package io.tidemark.app.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.InputSpec;
import io.tidemark.learn.evaluation.AlertsFound;
import io.tidemark.learn.evaluation.LabelledIncident;
import io.tidemark.series.table.Cells;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of the rows of a data folder.
 *
 * <p>Read from one of three kinds of place:
 *
 * <ul>
 *   <li>a folder with a file for each series at the same relative path, {@code .txt}, {@code .csv} or {@code .tsv}, plain, gzip or zstd: one line for each row,
 *       {@code 1} where it is anomalous; or a header and a column that holds them, as the data's own files may
 *   <li>a JSON file with a list for each data file, of windows: {@code [first time, last time]}
 *   <li>a JSON file with a list for each data file, of faults: {@code {"kind", "from", "to"}}, first and last row, 0-based
 * </ul>
 */
public final class Truth {
    private static final List<String> ENDINGS =
            List.of(".txt", ".csv", ".tsv", ".txt.gz", ".csv.gz", ".tsv.gz", ".txt.zst", ".csv.zst", ".tsv.zst");

    private final Path place;
    private final String column;
    private final Map<String, JsonNode> lists = new LinkedHashMap<>();
    private boolean faults;

    private Truth(Path place, String column) {
        this.place = place;
        this.column = column;
    }

    /**
     * @param column that holds the labels in files that begin with a header
     * @throws IOException when the place cannot be read or is of no known kind
     */
    public static Truth read(Path place, String column) throws IOException {
        Truth truth = new Truth(place, column);
        if (Files.isDirectory(place)) return truth;
        if (Files.notExists(place)) throw new IOException("there are no labels at " + place);
        if (!place.toString().endsWith(".json")) {
            throw new IOException(place + " is neither a folder of labels nor a .json file of windows or faults");
        }
        try {
            JsonNode root = new ObjectMapper().readTree(place.toFile());
            if (!root.isObject()) throw new IOException(place + " must hold an object with a list for each data file");
            for (Map.Entry<String, JsonNode> entry : root.properties()) {
                truth.lists.put(series(entry.getKey()), entry.getValue());
                truth.faults |= entry.getValue().path(0).isObject();
            }
        } catch (JsonProcessingException e) {
            throw new IOException(place + " is not JSON: " + e.getOriginalMessage(), e);
        }
        return truth;
    }

    private static String series(String file) {
        return file.replaceFirst("\\.(gz|zst)$", "").replaceFirst("\\.(csv|tsv|txt|ndjson|jsonl|json)$", "");
    }

    /** How close to an incident an alert must open to have found it. */
    public AlertsFound.Rule rule() {
        return faults ? AlertsFound.Rule.FAULTS : AlertsFound.Rule.WINDOWS;
    }

    /**
     * The incidents of a series, by their first rows.
     *
     * @param times the time of each row, as its file spells it
     * @throws IOException when nothing is known of the series, or what is does not fit its rows
     */
    public List<LabelledIncident> of(String series, List<String> times) throws IOException {
        if (lists.isEmpty()) return runs(labels(series, times.size()));
        JsonNode list = lists.get(series);
        if (list == null) throw new IOException(place + " says nothing of series " + series);
        List<LabelledIncident> incidents = new ArrayList<>();
        for (JsonNode one : list) {
            LabelledIncident incident = one.isArray() ? window(one, times) : fault(one);
            if (incident.to() >= times.size()) {
                throw new IOException(place + " has an incident up to row " + incident.to() + " of series " + series
                        + ", which has " + times.size() + " rows");
            }
            incidents.add(incident);
        }
        return incidents;
    }

    /**
     * Which rows of a series are anomalous.
     *
     * @param out where {@code backtest} wrote the outcomes of the series
     * @throws IOException as {@link #of}
     */
    public boolean[] labels(String series, Path out) throws IOException {
        List<String> times = ScoredRows.read(out.resolve(series + ".csv")).times();
        boolean[] labels = new boolean[times.size()];
        for (LabelledIncident incident : of(series, times))
            Arrays.fill(labels, incident.from(), incident.to() + 1, true);
        return labels;
    }

    private LabelledIncident fault(JsonNode fault) throws IOException {
        int from = fault.path("from").asInt(-1);
        int to = fault.path("to").asInt(-1);
        if (from < 0 || to < from) throw new IOException(place + " has a fault without rows: " + fault);
        return new LabelledIncident(fault.path("kind").asText(""), from, to);
    }

    private LabelledIncident window(JsonNode window, List<String> times) throws IOException {
        String first = plain(window.path(0).asText());
        String last = plain(window.path(1).asText());
        int from = -1;
        int to = -1;
        for (int i = 0; i < times.size(); i++) {
            String time = plain(times.get(i));
            if (time.compareTo(first) < 0 || time.compareTo(last) > 0) continue;
            if (from < 0) from = i;
            to = i;
        }
        if (from < 0) throw new IOException(place + " has a window without rows: " + window);
        return new LabelledIncident("", from, to);
    }

    /** A time of day as text that sorts as time does, however it is spelt. */
    private static String plain(String time) {
        return time.strip().replace('T', ' ').replaceFirst("Z$", "").replaceFirst("\\.0+$", "");
    }

    /**
     * Which rows of a series a file of labels says to be anomalous.
     *
     * @param rows how many labels there must be
     * @throws IOException when there is no such file, it has another number of labels, or one that is none
     */
    public boolean[] labels(String series, int rows) throws IOException {
        Path file = file(series);
        boolean[] labels = new boolean[rows];
        int count = 0;
        try (Cells cells = new Cells(FileText.open(file, StandardCharsets.UTF_8), csv(file))) {
            List<String> row = cells.next();
            int cell = row == null ? 0 : cell(row, file);
            if (cell >= 0) row = cells.next();
            for (; row != null; row = cells.next()) {
                if (cell >= row.size()) {
                    throw new IOException(file + " has a row without a label, in line " + cells.line());
                }
                if (count < rows)
                    labels[count] = label(row.get(Math.max(0, cell)).strip(), file, cells.line());
                count++;
            }
        }
        if (count != rows) throw new IOException(file + " has " + count + " labels for " + rows + " rows");
        return labels;
    }

    private static boolean label(String text, Path file, long line) throws IOException {
        return switch (text) {
            case "1", "1.0", "true" -> true;
            case "0", "0.0", "false" -> false;
            default ->
                throw new IOException(
                        file + " has '" + text + "' in line " + line + ", where a label of 0 or 1 is expected");
        };
    }

    /** The place of the labels in a header; -1 where the first row is a label itself. */
    private int cell(List<String> row, Path file) throws IOException {
        if (row.get(0).matches("[01](\\.0)?|true|false")) return -1;
        int at = row.indexOf(column);
        if (at < 0) throw new IOException(file + " begins with neither a label nor a header with the column " + column);
        return at;
    }

    /** Cut at commas, tabs or semicolons, whichever its first line has. */
    private static InputSpec.Csv csv(Path file) throws IOException {
        try (BufferedReader text = FileText.open(file, StandardCharsets.UTF_8)) {
            String line = text.readLine();
            char delimiter = ',';
            for (char other : new char[] {'\t', ';'}) {
                if (line != null && line.indexOf(',') < 0 && line.indexOf(other) >= 0) delimiter = other;
            }
            return new InputSpec.Csv(List.of(), true, delimiter);
        }
    }

    private Path file(String series) throws IOException {
        for (String ending : ENDINGS) {
            Path file = place.resolve(series + ending);
            if (Files.isRegularFile(file)) return file;
        }
        throw new IOException(place + " has no labels for series " + series);
    }

    /** Each run of labelled rows as an incident. */
    private static List<LabelledIncident> runs(boolean[] labels) {
        List<LabelledIncident> runs = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (!labels[i]) continue;
            int from = i;
            while (i + 1 < labels.length && labels[i + 1]) i++;
            runs.add(new LabelledIncident("", from, i));
        }
        return runs;
    }
}
