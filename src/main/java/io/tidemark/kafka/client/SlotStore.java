package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The series of a task, live on the heap, over a key-value store of their slots that has a changelog.
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

    private final Map<String, Map<String, S>> live = new HashMap<>();
    private final List<S> touched = new ArrayList<>();

    /** What the store keeps of a live series beside its state. */
    public abstract static class LiveSeries {
        /** The key of its records on every topic. */
        public final byte[] key;

        private boolean isTouched;

        protected LiveSeries(byte[] key) {
            this.key = key;
        }
    }

    protected SlotStore(KeyValueStore<Bytes, byte[]> slots) {
        super(slots);
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
        return ofStream == null ? null : ofStream.get(series);
    }

    /** The series of a stream that are on the heap. */
    public final Iterable<S> live(String stream) {
        return live.getOrDefault(stream, Map.of()).values();
    }

    /** Keeps a series on the heap; returns it. */
    protected final S keep(String stream, String series, S held) {
        live.computeIfAbsent(stream, name -> new HashMap<>()).put(series, held);
        return held;
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
        Map<String, S> ofStream = live.get(stream);
        S held = ofStream == null ? null : ofStream.remove(series);
        if (held != null) touched.remove(held);
    }

    /** Deletes the slots from the first to the last whose keys are as long as these: a key in between of another length is another series'. */
    protected final void delete(Bytes first, Bytes last) {
        List<Bytes> own = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> near = wrapped().range(first, last)) {
            while (near.hasNext()) {
                Bytes key = near.next().key;
                if (key.get().length == first.get().length) own.add(key);
            }
        }
        own.forEach(wrapped()::delete);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        clearCache();
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
        super.flushCache();
    }

    @Override
    public void clearCache() {
        live.clear();
        touched.clear();
        super.clearCache();
    }

    @Override
    public void close() {
        live.clear();
        touched.clear();
        super.close();
    }
}
