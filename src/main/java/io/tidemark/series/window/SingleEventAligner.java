package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/** Every event is the next step, and closes at once: steps count events, not time. What is earlier than the newest is late. */
abstract sealed class SingleEventAligner implements StepAligner permits EventAligner, FrameAligner {
    private long newestMs = Long.MIN_VALUE;
    private long nextIndex;
    private boolean pending;
    private int partition;
    private long offset;
    private long producedMs;

    /** Makes the next step of an event. */
    final Admission join(DecodedEvent event) {
        newestMs = event.timeMs;
        nextIndex++;
        partition = event.partition;
        offset = event.offset;
        producedMs = event.producedMs;
        pending = true;
        return Admission.JOINED;
    }

    @Override
    public final boolean close(boolean early, Step into) {
        if (!pending) return false;
        pending = false;
        into.step = nextIndex - 1;
        into.timeMs = newestMs;
        into.producedMs = producedMs;
        into.events.clear();
        into.events.add(partition, offset);
        copyValues(into.values());
        return true;
    }

    /** Writes the values of the event that joined last. */
    abstract void copyValues(double[] into);

    @Override
    public final long newestMs() {
        return newestMs;
    }

    @Override
    public final boolean hasOpen() {
        return pending;
    }

    @Override
    public void write(Wire wire) {
        wire.i64(newestMs).i64(nextIndex);
    }

    @Override
    public void read(Wire wire, int version, Slots slots) {
        newestMs = wire.i64();
        nextIndex = wire.i64();
    }

    @Override
    public final void save(Wire scratch, Slots slots) {}
}
