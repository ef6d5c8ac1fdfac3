package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of a file whose rows name their series, by series. All of them lie in memory. */
final class SplitRows {
    static final SplitRows NONE = new SplitRows(Map.of(), 0);

    private final Map<String, List<FileRow>> bySeries;

    private final long read;

    private SplitRows(Map<String, List<FileRow>> bySeries, long read) {
        this.bySeries = bySeries;
        this.read = read;
    }

    /** Whether the rows of a file name their series. */
    static boolean needed(SeriesFile file, StreamSpec stream) throws IOException {
        try (FileEvents events = new FileEvents(file, stream)) {
            return events.seriesInRow();
        }
    }

    /**
     * Reads a file.
     *
     * @param outcomes receives a line for each row, and the rejection of those whose series cannot be read
     * @param firstTime the time of the first row where rows are timed by their number
     */
    static SplitRows of(SeriesFile file, StreamSpec stream, RowOutcomes outcomes, long firstTime) throws IOException {
        Map<String, List<FileRow>> bySeries = new LinkedHashMap<>();
        RowReader reader = new RowReader(stream);
        try (FileEvents events = new FileEvents(file, stream, firstTime)) {
            long read = FileRow.each(events, stream, row -> {
                outcomes.read(row.timestamp(), row.line());
                RowReading reading = row.broken().isEmpty() ? reader.read(row) : null;
                RejectReason reason = reading == null ? RejectReason.MALFORMED : reading.reason();
                String series = reading == null ? "" : reading.event().series;
                if (!series.isEmpty()) {
                    bySeries.computeIfAbsent(series, key -> new ArrayList<>()).add(row);
                } else if (reason == RejectReason.OTHER_KIND) {
                    outcomes.passedOver(row.number());
                } else if (reason != null) {
                    String detail = reading == null ? row.broken() : reading.detail();
                    outcomes.reject(row.number(), reason.label(), detail);
                }
            });
            return new SplitRows(bySeries, read);
        }
    }

    /** Rows of the file, whatever their series. */
    long read() {
        return read;
    }

    Set<String> series() {
        return bySeries.keySet();
    }

    /** The rows of a series; none where it has none here. */
    List<FileRow> of(String series) {
        return bySeries.getOrDefault(series, List.of());
    }
}
