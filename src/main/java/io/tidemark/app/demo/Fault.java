package io.tidemark.app.demo;

/**
 * One injected fault.
 *
 * @param machine 0-based
 * @param kind what goes wrong
 * @param fromMs first faulty moment, event time in epoch milliseconds
 * @param toMs first healthy moment again
 */
public record Fault(int machine, Kind kind, long fromMs, long toMs) {

    /** What can go wrong with a machine. */
    public enum Kind {
        /** A short burst of load on the processor. */
        SPIKE,
        /** Memory jumps and stays. */
        LEVEL_SHIFT,
        /** Memory leaks steadily. */
        DRIFT,
        /** Disk traffic becomes erratic. */
        NOISE,
        /** Every sensor repeats its last value. */
        FLATLINE
    }

    public Fault {
        if (toMs <= fromMs)
            throw new IllegalArgumentException("a fault must last, but ends at " + toMs + " <= " + fromMs);
    }

    /** Whether it acts at a moment. */
    public boolean actsAt(long timeMs) {
        return timeMs >= fromMs && timeMs < toMs;
    }
}
