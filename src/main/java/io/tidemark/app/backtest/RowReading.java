package io.tidemark.app.backtest;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder made of one event.
 *
 * @param reason why it is rejected; null when it is good
 * @param detail of the rejection, as a sentence
 * @param event series, time and values; of a rejected one what was read until then
 * @param badValues how many values were there and no numbers, or outside their valid range
 * @param outside how many of them were outside
 * @param badDetail what the first of them was, as a sentence; empty when there is none
 * @param bad features of which a value was one of them
 * @param has features whose field the event has, whatever it holds
 */
record RowReading(
        @Nullable RejectReason reason,
        String detail,
        DecodedEvent event,
        int badValues,
        int outside,
        String badDetail,
        BitSet bad,
        BitSet has) {
    private static final BitSet NONE = new BitSet(0);

    /**
     * Of the decoder's last event.
     *
     * @param event that the decoder filled, which the reading holds from now on
     */
    static RowReading of(EventDecoder decoder, DecodedEvent event) {
        RejectReason reason = decoder.reason();
        if (reason != null) return new RowReading(reason, decoder.detail(), event, 0, 0, "", NONE, NONE);
        boolean any = decoder.badValues() > 0;
        BitSet bad = any ? new BitSet() : NONE;
        BitSet has = new BitSet();
        for (int i = 0; i < event.values().length; i++) {
            if (any && decoder.isBad(i)) bad.set(i);
            if (decoder.has(i)) has.set(i);
        }
        return new RowReading(
                null,
                "",
                event,
                decoder.badValues(),
                decoder.outsideValues(),
                any ? decoder.badDetail() : "",
                bad,
                has);
    }
}
