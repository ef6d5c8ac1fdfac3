package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;

/** Reads rows of files as events; one that was read with its line is not read again. One thread. */
final class RowReader {
    private final EventDecoder decoder;
    private final DecodedEvent own;

    RowReader(StreamSpec stream) {
        decoder = new EventDecoder(stream);
        own = new DecodedEvent(stream.features());
    }

    /** Reads a row that is not broken; the event of what it returns is overwritten by the next call. */
    RowReading read(FileRow row) {
        RowReading known = row.reading();
        if (known != null) return known;
        decoder.open(row.key(), row.value(), name -> null, FileEvents.ANY_TIME_MS);
        decoder.next(own);
        return RowReading.of(decoder, own);
    }
}
