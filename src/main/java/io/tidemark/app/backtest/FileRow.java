package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One row of a file, as an event.
 *
 * @param number 0-based, in its file
 * @param event which of the events of its line it is, 0-based; 0 where a line is one event
 * @param line 1-based line on which it begins
 * @param timestamp its time as it is written
 * @param key as a producer would send it
 * @param value as a producer would send it
 * @param broken why it cannot be read, as a sentence; empty when it can
 * @param cut declared columns that it ends before
 */
@SuppressWarnings("ArrayRecordComponent")
record FileRow(long number, int event, long line, String timestamp, byte[] key, byte[] value, String broken, int cut) {
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
            int count = several ? decoder.open(events.key(), events.value(), name -> null, FileEvents.ANY_TIME_MS) : 1;
            for (int event = 0; event < count; event++) to.accept(of(events, number++, event));
        }
        return number;
    }

    private static FileRow of(FileEvents events, long number, int event) {
        return new FileRow(
                number,
                event,
                events.line(),
                events.ofLines() ? Long.toString(number) : events.timestamp(),
                events.key(),
                events.value(),
                events.broken(),
                events.cut());
    }

    /** Reads it; why it is rejected, or null. */
    @Nullable
    RejectReason read(EventDecoder decoder, DecodedEvent into) {
        decoder.open(key, value, name -> null, FileEvents.ANY_TIME_MS);
        decoder.goTo(event);
        decoder.next(into);
        return decoder.reason();
    }
}
