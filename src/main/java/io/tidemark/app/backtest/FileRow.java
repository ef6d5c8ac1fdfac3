package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One row of a file, as an event.
 *
 * @param number 0-based, in its file
 * @param line 1-based line on which it begins
 * @param timestamp its time as it is written
 * @param key as a producer would send it
 * @param value as a producer would send it
 * @param broken why it cannot be read, as a sentence; empty when it can
 * @param cut declared columns that it ends before
 * @param reading what was read of it, where it is one of several events of a line; null: its value is the event alone
 */
@SuppressWarnings("ArrayRecordComponent")
record FileRow(
        long number,
        long line,
        String timestamp,
        byte[] key,
        byte[] value,
        String broken,
        int cut,
        @Nullable RowReading reading) {
    private static final byte[] NOTHING = {};

    /**
     * Hands over the rows of a file: one for each event, so that a line of several is several rows.
     *
     * @return how many
     */
    static long each(FileEvents events, StreamSpec stream, Consumer<FileRow> to) throws IOException {
        EventDecoder decoder = new EventDecoder(stream);
        InputSpec input = stream.input();
        boolean several = events.ofLines()
                && (input.choice().records().isPresent()
                        || input.fields().longForm().isPresent()
                        || input.encoding().format().isMetrics());
        long number = 0;
        while (events.next()) {
            if (!several) {
                to.accept(of(events, number++, null));
                continue;
            }
            decoder.open(events.key(), events.value(), name -> null, FileEvents.ANY_TIME_MS);
            DecodedEvent event = new DecodedEvent(stream.features());
            while (decoder.next(event)) {
                to.accept(of(events, number++, RowReading.of(decoder, event)));
                event = new DecodedEvent(stream.features());
            }
        }
        return number;
    }

    private static FileRow of(FileEvents events, long number, @Nullable RowReading reading) {
        return new FileRow(
                number,
                events.line(),
                events.ofLines() ? Long.toString(number) : events.timestamp(),
                events.key(),
                reading == null ? events.value() : NOTHING,
                events.broken(),
                events.cut(),
                reading);
    }
}
