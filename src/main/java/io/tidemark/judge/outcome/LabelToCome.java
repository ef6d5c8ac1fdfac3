package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Wire;

/**
 * The newest stretch that a person has labelled and whose end is still to come, and what it says of the present step.
 *
 * <pre>u8 what it says, 0 without a stretch | i64 fromMs | i64 toMs</pre>
 */
final class LabelToCome {
    /** What is said of a step. */
    enum Says {
        NOTHING,
        NORMAL,
        ANOMALY
    }

    private static final Says[] SAYS = Says.values();

    private Says stretch = Says.NOTHING;
    private long fromMs;
    private long toMs;
    private Says present = Says.NOTHING;

    void set(Label label) {
        stretch = label.anomaly() ? Says.ANOMALY : Says.NORMAL;
        fromMs = label.fromMs();
        toMs = label.toMs();
    }

    /** Goes on to a step of this event time and says what is said of it; a stretch that has passed is forgotten. */
    Says begin(long timeMs) {
        if (timeMs > toMs) stretch = Says.NOTHING;
        present = timeMs < fromMs ? Says.NOTHING : stretch;
        return present;
    }

    /** Of the present step. */
    Says says() {
        return present;
    }

    void clear() {
        stretch = Says.NOTHING;
        present = Says.NOTHING;
    }

    void write(Wire wire) {
        wire.u8(stretch.ordinal()).i64(fromMs).i64(toMs);
    }

    void read(Wire wire) {
        stretch = SAYS[wire.u8()];
        fromMs = wire.i64();
        toMs = wire.i64();
    }
}
