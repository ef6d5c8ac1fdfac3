package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import org.jspecify.annotations.Nullable;

/** Reads rows of files as events; one that was read with its line is not read again. What it says is of its last row. One thread. */
final class RowReader {
    private final EventDecoder decoder;
    private final DecodedEvent own;
    private @Nullable RowReading reading;

    RowReader(StreamSpec stream) {
        decoder = new EventDecoder(stream);
        own = new DecodedEvent(stream.features());
    }

    /** Reads a row; why it is rejected, or null. */
    @Nullable
    RejectReason read(FileRow row) {
        RowReading known = row.reading();
        reading = known;
        if (known != null) return known.reason();
        decoder.open(row.key(), row.value(), name -> null, FileEvents.ANY_TIME_MS);
        decoder.next(own);
        return decoder.reason();
    }

    /** Series, time and values; of a rejected row what was read until then. */
    DecodedEvent event() {
        RowReading known = reading;
        return known == null ? own : known.event();
    }

    /** {@link EventDecoder#detail}. */
    String detail() {
        RowReading known = reading;
        return known == null ? decoder.detail() : known.detail();
    }

    /** {@link EventDecoder#badValues}. */
    int badValues() {
        RowReading known = reading;
        return known == null ? decoder.badValues() : known.badValues();
    }

    /** {@link EventDecoder#badDetail}. */
    String badDetail() {
        RowReading known = reading;
        return known == null ? decoder.badDetail() : known.badDetail();
    }

    /** {@link EventDecoder#isBad}. */
    boolean isBad(int feature) {
        RowReading known = reading;
        return known == null ? decoder.isBad(feature) : known.bad().get(feature);
    }

    /** {@link EventDecoder#has}. */
    boolean has(int feature) {
        RowReading known = reading;
        return known == null ? decoder.has(feature) : known.has().get(feature);
    }
}
