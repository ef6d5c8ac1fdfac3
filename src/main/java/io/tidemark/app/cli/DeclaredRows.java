package io.tidemark.app.cli;

import io.tidemark.app.backtest.FileEvents;
import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rows of files as their stream declares them: through the decoder that reads the stream's topic, each row to its series. A row that is
 * rejected stands in its series without values, so that rows keep their numbers; one whose series is not known is only counted.
 */
final class DeclaredRows {
    private final StreamSpec stream;
    private final Consumer<String> told;
    private final List<String> names;
    private final Map<String, Rows> bySeries = new LinkedHashMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private String firstRejected = "";
    private long rows;
    private long passedOver;
    private long badValues;
    private long outside;
    private long ofNoSeries;

    /** Values of one series, row by row. */
    private static final class Rows {
        private double[] values = new double[256];
        private int length;

        void add(double[] row) {
            if (length + row.length > values.length) values = Arrays.copyOf(values, 2 * (length + row.length));
            System.arraycopy(row, 0, values, length, row.length);
            length += row.length;
        }
    }

    /**
     * @param told receives a sentence where a row is rejected or passed over, or a value is no number
     * @throws IOException when the stream's values are not those of its rows
     */
    DeclaredRows(StreamSpec stream, Consumer<String> told) throws IOException {
        this.stream = stream;
        this.told = told;
        InputSpec.Fields fields = stream.input().fields();
        if (fields.longForm().isPresent()) {
            throw new IOException("a stream with one value a record cannot be read from files of whole rows");
        }
        for (InputSpec.Feature feature : fields.features()) {
            if (feature.values().derive() != InputSpec.Derive.NONE) {
                throw new IOException(
                        "feature " + feature.name() + " is derived from a counter, but files are read row by"
                                + " row; fit on a file of its increases, with a stream that does not derive");
            }
        }
        names = fields.features().stream().map(InputSpec.Feature::name).toList();
    }

    /** Every series of the files, in the order in which they come. */
    List<SeriesTable> below(List<SeriesFile> files) throws IOException {
        for (SeriesFile file : files) read(file);
        tell();
        List<SeriesTable> tables = new ArrayList<>();
        bySeries.forEach(
                (series, all) -> tables.add(new SeriesTable(series, names, Arrays.copyOf(all.values, all.length))));
        if (tables.isEmpty()) throw new IOException("no row has a series; " + firstRejected);
        return tables;
    }

    private void read(SeriesFile file) throws IOException {
        EventDecoder decoder = new EventDecoder(stream);
        DecodedEvent event = new DecodedEvent(stream.features());
        try (FileEvents events = new FileEvents(file, stream)) {
            while (events.next()) {
                decoder.open(events.key(), events.value(), name -> null, FileEvents.ANY_TIME_MS);
                while (decoder.next(event)) take(file, events, decoder, event);
            }
        }
    }

    private void take(SeriesFile file, FileEvents events, EventDecoder decoder, DecodedEvent event) {
        rows++;
        RejectReason reason = events.broken().isEmpty() ? decoder.reason() : RejectReason.MALFORMED;
        if (reason == RejectReason.OTHER_KIND) {
            passedOver++;
            return;
        }
        badValues += decoder.badValues() + events.cut();
        outside += decoder.outsideValues();
        if (reason != null) {
            rejected.merge(reason.label(), 1L, Long::sum);
            if (firstRejected.isEmpty()) {
                String detail = events.broken().isEmpty() ? decoder.detail() : events.broken();
                firstRejected = "the first is line " + events.line() + " of " + file.path() + ": " + detail;
            }
            Arrays.fill(event.values(), Double.NaN);
        }
        if (event.series.isEmpty()) ofNoSeries++;
        else bySeries.computeIfAbsent(event.series, key -> new Rows()).add(event.values());
    }

    private void tell() {
        List<String> parts = new ArrayList<>();
        rejected.forEach((reason, count) -> parts.add(count + " rejected (" + reason + ")"));
        if (ofNoSeries > 0) parts.add(ofNoSeries + " of these in no series");
        if (passedOver > 0) parts.add(passedOver + " passed over");
        if (badValues > 0)
            parts.add(badValues + " values that are no number" + (outside > 0 ? " in their valid-range" : ""));
        if (parts.isEmpty()) return;
        told.accept("of " + rows + " rows " + String.join(", ", parts)
                + (firstRejected.isEmpty() ? "" : "; " + firstRejected));
    }
}
