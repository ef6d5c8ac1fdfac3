package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The series of a task over a key-value store of their slots, which lies on disk and has a changelog. Those that changed last are live on the
 * heap, as many as {@link LiveHeap} lets be; another one comes back from its slots with its next record.
 *
 * <p>What a record changes stays on the heap until the task commits: {@link #flushCache}, which Kafka Streams calls before it writes the
 * offsets of the same transaction, puts the changed slots into the store and its changelog. So a series that had many records
 * between two commits costs the changelog one set of slots, as with Kafka Streams' own record cache, and no record is ever
 * committed without its state.
 *
 * @param <S> one live series
 */
public abstract class SlotStore<S extends SlotStore.LiveSeries>
        extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]> {
    /** The highest number of a slot. */
    protected static final int SLOT_MAX = 0xFFFF;

    /** More than a processor has at hand while it takes one record. */
    private static final int IN_HAND = 8;

    private final Map<String, Map<String, S>> live = new HashMap<>();
    private final List<S> touched = new ArrayList<>();
    private final LiveHeap heap;
    private final Recency recency = new Recency();
    private long liveBytes;
    private boolean isOpen;

    /** What the store keeps of a live series beside its state. */
    public abstract static class LiveSeries {
        /** The key of its records on every topic. */
        public final byte[] key;

        private final String stream;
        private final String series;
        private final long heapBytes;
        private boolean isTouched;
        private @Nullable LiveSeries older;
        private @Nullable LiveSeries newer;

        /** @param heapBytes that it takes while it is live, about */
        protected LiveSeries(String stream, String series, long heapBytes) {
            this.stream = stream;
            this.series = series;
            this.heapBytes = heapBytes;
            key = SlotStore.key(stream, series);
        }
    }

    /** The live series by when they were asked for. */
    private static final class Recency {
        private @Nullable LiveSeries oldest;
        private @Nullable LiveSeries newest;
        private int size;

        void add(LiveSeries one) {
            size++;
            one.older = newest;
            if (newest == null) oldest = one;
            else newest.newer = one;
            newest = one;
        }

        void remove(LiveSeries one) {
            size--;
            if (one.older == null) oldest = one.newer;
            else one.older.newer = one.newer;
            if (one.newer == null) newest = one.older;
            else one.newer.older = one.older;
            one.older = null;
            one.newer = null;
        }

        void renew(LiveSeries one) {
            if (one == newest) return;
            remove(one);
            add(one);
        }

        void clear() {
            oldest = null;
            newest = null;
            size = 0;
        }
    }

    protected SlotStore(KeyValueStore<Bytes, byte[]> slots, LiveHeap heap) {
        super(slots);
        this.heap = heap;
    }

    /** Puts the changed slots of a series into {@link #wrapped}. */
    protected abstract void save(S series);

    /** The key of a series in the store and of its records on every topic. */
    protected static byte[] key(String stream, String series) {
        return TopicNames.key(stream, series).getBytes(UTF_8);
    }

    /** The series on the heap; null when it is not there. */
    protected final @Nullable S live(String stream, String series) {
        Map<String, S> ofStream = live.get(stream);
        S held = ofStream == null ? null : ofStream.get(series);
        if (held != null) recency.renew(held);
        return held;
    }

    /** Keeps a series on the heap; returns it. */
    protected final S keep(S held) {
        LiveSeries one = held;
        live.computeIfAbsent(one.stream, name -> new HashMap<>()).put(one.series, held);
        recency.add(one);
        count(one.heapBytes);
        makeRoom(IN_HAND);
        return held;
    }

    private void count(long bytes) {
        liveBytes += bytes;
        heap.add(bytes);
    }

    /** The state of a series changed and is stored at the next commit. */
    public final void touch(S series) {
        LiveSeries held = series;
        if (held.isTouched) return;
        held.isTouched = true;
        touched.add(series);
    }

    /** Drops a series from the heap, with what was to be stored of it. */
    protected final void drop(String stream, String series) {
        S held = live(stream, series);
        if (held == null) return;
        touched.remove(held);
        leave(held);
    }

    private void leave(LiveSeries one) {
        Objects.requireNonNull(live.get(one.stream)).remove(one.series);
        recency.remove(one);
        count(-one.heapBytes);
    }

    /**
     * Lets series go that were not asked for lately and of which nothing waits to be stored.
     *
     * @param stay how many of those that were asked for last
     */
    private void makeRoom(int stay) {
        while (recency.size > stay && heap.isTooMuch(liveBytes)) {
            LiveSeries oldest = recency.oldest;
            if (oldest == null || oldest.isTouched) return;
            leave(oldest);
        }
    }

    private void forgetLive() {
        live.clear();
        touched.clear();
        recency.clear();
        count(-liveBytes);
    }

    /** The slots from the first to the last whose keys are as long as these: a key in between of another length is another series'. */
    protected final List<KeyValue<Bytes, byte[]>> slotsBetween(Bytes first, Bytes last) {
        List<KeyValue<Bytes, byte[]>> own = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> near = wrapped().range(first, last)) {
            while (near.hasNext()) {
                KeyValue<Bytes, byte[]> slot = near.next();
                if (slot.key.get().length == first.get().length) own.add(slot);
            }
        }
        return own;
    }

    /** Deletes what {@link #slotsBetween} finds. */
    protected final void delete(Bytes first, Bytes last) {
        slotsBetween(first, last).forEach(slot -> wrapped().delete(slot.key));
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        clearCache();
        if (!isOpen) heap.addStores(1);
        isOpen = true;
        super.init(context, root);
    }

    @Override
    public void flushCache() {
        for (S series : touched) {
            save(series);
            LiveSeries held = series;
            held.isTouched = false;
        }
        touched.clear();
        makeRoom(0);
        super.flushCache();
    }

    @Override
    public void clearCache() {
        forgetLive();
        super.clearCache();
    }

    @Override
    public void close() {
        forgetLive();
        if (isOpen) heap.addStores(-1);
        isOpen = false;
        super.close();
    }
}
