package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Wire;

/**
 * {@code step: event}: every event is the next step, and closes at once.
 *
 * <table>
 * <caption>Times of events as they arrive</caption>
 * <tr><th>arrives</th><th>outcome</th></tr>
 * <tr><td>12:00:00</td><td>step 0</td></tr>
 * <tr><td>12:00:07</td><td>step 1: steps count events, not time</td></tr>
 * <tr><td>12:00:07 again, with other values</td><td>step 2; with {@code same-time: reject}, same-time</td></tr>
 * <tr><td>12:00:07 again, with values that came at this time</td><td>duplicate</td></tr>
 * <tr><td>12:00:03</td><td>late: earlier than the newest</td></tr>
 * </table>
 */
final class EventAligner extends SingleEventAligner {
    private final int features;
    /** Values at one time that are remembered to recognise duplicates by: the latest to arrive. */
    private static final int REMEMBERED_MAX = 32;

    private final boolean rejectsSameTime;
    /** Hashes of values, each with the feature that they are of, at the newest time. */
    private final long[] seenAtNewest = new long[REMEMBERED_MAX];

    private long seen;
    private final double[] values;

    EventAligner(int features, boolean rejectsSameTime) {
        this.features = features;
        this.rejectsSameTime = rejectsSameTime;
        values = new double[features];
    }

    @Override
    public Admission accept(DecodedEvent event) {
        if (event.timeMs < newestMs()) return Admission.LATE;
        long hash = event.valuesHash() + event.feature;
        if (event.timeMs > newestMs()) seen = 0;
        int known = (int) Math.min(seen, REMEMBERED_MAX);
        for (int i = 0; i < known; i++) if (seenAtNewest[i] == hash) return Admission.DUPLICATE;
        if (known > 0 && rejectsSameTime && event.feature == DecodedEvent.WIDE) return Admission.SAME_TIME;
        seenAtNewest[(int) (seen++ % REMEMBERED_MAX)] = hash;
        System.arraycopy(event.values(), 0, values, 0, features);
        return join(event);
    }

    @Override
    void copyValues(double[] into) {
        System.arraycopy(values, 0, into, 0, features);
    }

    @Override
    public void write(Wire wire) {
        int known = (int) Math.min(seen, REMEMBERED_MAX);
        super.write(wire);
        wire.u8(known);
        // oldest first, so that a restored series forgets in the same order
        for (int i = 0; i < known; i++) wire.i64(seenAtNewest[(int) ((seen - known + i) % REMEMBERED_MAX)]);
    }

    @Override
    public void read(Wire wire, int version, Slots slots) {
        super.read(wire, version, slots);
        seen = 0;
        if (version == StoredHead.VERSION_1) {
            wire.skip((features + 7) / 8);
            return;
        }
        seen = wire.u8();
        for (int i = 0; i < seen; i++) seenAtNewest[i] = wire.i64();
    }
}
