package io.tidemark.chaos;

import java.util.BitSet;

/** The partitions from which outcomes are still awaited after a fault. Owned by one thread. */
final class Recovery {
    private final ChaosFault fault;
    private final long endMs = System.currentTimeMillis();
    private final long endNanos = System.nanoTime();
    private final BitSet events = new BitSet();
    private final BitSet scores = new BitSet();

    Recovery(ChaosFault fault, int eventPartitions, int scorePartitions) {
        this.fault = fault;
        events.set(0, eventPartitions);
        scores.set(0, scorePartitions);
    }

    ChaosFault fault() {
        return fault;
    }

    /** Takes an outcome; true when it was the last that was awaited. */
    boolean sees(long sentMs, int eventPartition, int scorePartition) {
        if (sentMs < endMs) return false;
        events.clear(eventPartition);
        scores.clear(scorePartition);
        if (!events.isEmpty() || !scores.isEmpty()) return false;
        fault.recovered(System.nanoTime() - endNanos);
        return true;
    }
}
