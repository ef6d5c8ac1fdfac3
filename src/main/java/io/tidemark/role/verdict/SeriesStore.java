package io.tidemark.role.verdict;

import io.tidemark.judge.outcome.SeriesVerdict;
import io.tidemark.judge.outcome.StoredVerdict;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.judge.outcome.VerdictScratch;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.kafka.client.SlotStore;
import io.tidemark.kafka.client.SlotStoreBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of a task's series. A series is restored from its slots when its first record comes.
 *
 * <pre>
 *   alert slot    u8 1 | key of the series
 *   other slots   u8 2 | key of the series | u16 slot
 * </pre>
 */
final class SeriesStore extends SlotStore<SeriesStore.Series> {
    private static final byte ALERT = 1;
    private static final byte OTHER = 2;

    /** One series of the task. */
    static final class Series extends SlotStore.LiveSeries {
        final SeriesVerdict verdict;

        private Series(VerdictPlan plan, String name, SeriesVerdict verdict) {
            super(plan.name(), name, plan.liveBytes());
            this.verdict = verdict;
        }
    }

    SeriesStore(KeyValueStore<Bytes, byte[]> slots, LiveHeap heap) {
        super(slots, heap);
    }

    /** Makes stores over slots on disk with a compacted changelog. */
    static StoreBuilder<SeriesStore> builder(String name, LiveHeap heap) {
        return new SlotStoreBuilder<>(name, slots -> new SeriesStore(slots, heap));
    }

    /** The series to judge next, restored or fresh; its changes are stored at the next commit. */
    Series touch(VerdictPlan plan, VerdictScratch scratch, String name) {
        Series series = live(plan.name(), name);
        if (series == null) series = keep(restore(plan, scratch, name));
        touch(series);
        return series;
    }

    /** As {@link #touch}, of a series that has had a step; null where none ever came, which makes no state. */
    @Nullable
    Series touchKnown(VerdictPlan plan, VerdictScratch scratch, String name) {
        boolean isLive = live(plan.name(), name) != null;
        Bytes alert = slotKey(key(plan.name(), name), SeriesVerdict.ALERT_SLOT);
        if (!isLive && wrapped().get(alert) == null) return null;
        Series series = touch(plan, scratch, name);
        return series.verdict.hasBegun() ? series : null;
    }

    private Series restore(VerdictPlan plan, VerdictScratch scratch, String name) {
        Series series = new Series(plan, name, plan.open(name, scratch));
        byte[] alert = wrapped().get(slotKey(series.key, SeriesVerdict.ALERT_SLOT));
        Map<Integer, byte[]> others = others(series.key);
        series.verdict.restore(slot -> slot == SeriesVerdict.ALERT_SLOT ? alert : others.get(slot));
        return series;
    }

    /** All slots of a series but the one of its alert, in one pass: to ask for each would take some ten times as long. */
    private Map<Integer, byte[]> others(byte[] key) {
        Map<Integer, byte[]> found = new HashMap<>();
        for (KeyValue<Bytes, byte[]> slot : slotsBetween(otherKey(key, 0), otherKey(key, SLOT_MAX))) {
            byte[] at = slot.key.get();
            found.put((at[at.length - 2] & 0xFF) << 8 | at[at.length - 1] & 0xFF, slot.value);
        }
        return found;
    }

    /** Gives back every slot of a series, on the heap, in the store and in its changelog. */
    void remove(String streamName, String seriesName) {
        byte[] key = key(streamName, seriesName);
        drop(streamName, seriesName);
        delete(otherKey(key, 0), otherKey(key, SLOT_MAX));
        wrapped().delete(slotKey(key, SeriesVerdict.ALERT_SLOT));
    }

    /** Told of each stored series. */
    interface StoredVisitor {
        /**
         * @param key the series' key
         * @param open its open alerts
         * @param newestMs event time of its newest step; the least number where the state does not say
         * @param stale the slot of its silence; null where it has none
         */
        void series(String key, int open, long newestMs, byte @Nullable [] stale);
    }

    /** Visits every stored series. */
    void forEachStored(StoredVisitor each) {
        try (KeyValueIterator<Bytes, byte[]> alerts =
                wrapped().prefixScan(new byte[] {ALERT}, new ByteArraySerializer())) {
            while (alerts.hasNext()) {
                var alert = alerts.next();
                byte[] key = alert.key.get();
                byte[] series = Arrays.copyOfRange(key, 1, key.length);
                byte[] progress = wrapped().get(otherKey(series, SeriesVerdict.PROGRESS_SLOT));
                long newestMs = progress == null ? Long.MIN_VALUE : StoredVerdict.newestMs(progress);
                byte[] stale = wrapped().get(otherKey(series, SeriesVerdict.STALE_SLOT));
                int open = (StoredVerdict.isOpen(alert.value) ? 1 : 0) + (StoredVerdict.isStale(stale) ? 1 : 0);
                each.series(new String(series, StandardCharsets.UTF_8), open, newestMs, stale);
            }
        }
    }

    private static Bytes slotKey(byte[] key, int slot) {
        if (slot == SeriesVerdict.ALERT_SLOT) {
            byte[] bytes = new byte[key.length + 1];
            bytes[0] = ALERT;
            System.arraycopy(key, 0, bytes, 1, key.length);
            return Bytes.wrap(bytes);
        }
        return otherKey(key, slot);
    }

    private static Bytes otherKey(byte[] key, int slot) {
        byte[] bytes = Arrays.copyOf(new byte[] {OTHER}, key.length + 3);
        System.arraycopy(key, 0, bytes, 1, key.length);
        bytes[key.length + 1] = (byte) (slot >>> 8);
        bytes[key.length + 2] = (byte) slot;
        return Bytes.wrap(bytes);
    }

    /** The key of the series that a slot is of; null for a key of another make. */
    static @Nullable String seriesOf(byte[] slotKey) {
        if (slotKey.length < 2 || slotKey[0] != ALERT && slotKey[0] != OTHER) return null;
        int length = slotKey.length - (slotKey[0] == ALERT ? 1 : 3);
        return length < 1 ? null : new String(slotKey, 1, length, StandardCharsets.UTF_8);
    }

    @Override
    protected void save(Series series) {
        series.verdict.drain((slot, bytes) -> wrapped().put(slotKey(series.key, slot), bytes));
    }
}
