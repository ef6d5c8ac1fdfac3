package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.Arrays;

/**
 * {@code step: event}: every event is the next step, and closes at once.
 *
 * <table>
 * <caption>Times of events as they arrive</caption>
 * <tr><th>arrives</th><th>outcome</th></tr>
 * <tr><td>12:00:00</td><td>step 0</td></tr>
 * <tr><td>12:00:07</td><td>step 1: steps count events, not time</td></tr>
 * <tr><td>12:00:07 again</td><td>duplicate; in long form only for a feature that came at this time already</td></tr>
 * <tr><td>12:00:03</td><td>late: earlier than the newest</td></tr>
 * </table>
 */
final class EventAligner implements StepAligner {
    private final int features;
    private final boolean[] seenAtNewest;
    private long newestMs = Long.MIN_VALUE;
    private long nextIndex;
    private boolean pending;
    private final double[] values;
    private int partition;
    private long offset;
    private long producedMs;

    EventAligner(int features) {
        this.features = features;
        seenAtNewest = new boolean[features];
        values = new double[features];
    }

    @Override
    public Admission accept(DecodedEvent event) {
        if (event.timeMs < newestMs) return Admission.LATE;
        boolean same = event.timeMs == newestMs;
        if (same && (event.feature == DecodedEvent.WIDE || seenAtNewest[event.feature])) return Admission.DUPLICATE;
        if (!same) Arrays.fill(seenAtNewest, event.feature == DecodedEvent.WIDE);
        if (event.feature != DecodedEvent.WIDE) seenAtNewest[event.feature] = true;
        newestMs = event.timeMs;
        nextIndex++;
        partition = event.partition;
        offset = event.offset;
        producedMs = event.producedMs;
        System.arraycopy(event.values(), 0, values, 0, features);
        pending = true;
        return Admission.JOINED;
    }

    @Override
    public boolean close(boolean early, Step into) {
        if (!pending) return false;
        pending = false;
        into.step = nextIndex - 1;
        into.timeMs = newestMs;
        into.producedMs = producedMs;
        into.events.clear();
        into.events.add(partition, offset);
        System.arraycopy(values, 0, into.values(), 0, features);
        return true;
    }

    @Override
    public long newestMs() {
        return newestMs;
    }

    @Override
    public boolean hasOpen() {
        return pending;
    }

    @Override
    public void write(Wire wire) {
        wire.i64(newestMs).i64(nextIndex);
        for (int from = 0; from < features; from += 8) {
            int bits = 0;
            for (int i = from; i < Math.min(features, from + 8); i++) if (seenAtNewest[i]) bits |= 1 << (i - from);
            wire.u8(bits);
        }
    }

    @Override
    public void read(Wire wire, Slots slots) {
        newestMs = wire.i64();
        nextIndex = wire.i64();
        for (int from = 0; from < features; from += 8) {
            int bits = wire.u8();
            for (int i = from; i < Math.min(features, from + 8); i++) seenAtNewest[i] = (bits & (1 << (i - from))) != 0;
        }
    }

    @Override
    public void save(Wire scratch, Slots slots) {}
}
