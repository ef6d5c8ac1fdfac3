package io.tidemark.role.ingest;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.SlotRange;
import io.tidemark.kafka.client.SlotStoreBuilder;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.Slots;
import io.tidemark.series.window.WindowPlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a task's series, live on the heap, over a key-value store of their slots that has a changelog.
 *
 * <p>What an event changes stays on the heap until the task commits: {@link #flushCache}, which Kafka Streams calls before it
 * writes the offsets of the same transaction, puts the changed slots into the store and its changelog. So a series with many
 * events between two commits costs the changelog one set of slots, and no event is ever committed without its state.
 *
 * <pre>
 *   a slot    key of the series in UTF-8 | u16 slot
 * </pre>
 */
final class PipelineStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]> {
    private final Map<String, Map<String, Series>> live = new HashMap<>();
    private final List<Series> touched = new ArrayList<>();

    /** One live series of the task. */
    final class Series implements Slots {
        final SeriesPipeline pipeline;
        /** The key of its records on every topic. */
        final byte[] key;
        /** Wall time of its latest event in this process; epoch milliseconds. */
        long activeMs;
        /** What the latest tick said of it; -1 when none was written. */
        long tickedAt = -1;

        private boolean isTouched;

        private Series(WindowPlan plan, String name, byte[] key) {
            this.key = key;
            pipeline = plan.begin(name, false);
        }

        private Series(byte[] key, SeriesPipeline pipeline) {
            this.key = key;
            this.pipeline = pipeline;
        }

        @Override
        public byte @Nullable [] get(int slot) {
            return wrapped().get(slotKey(key, slot));
        }

        @Override
        public void put(int slot, byte[] piece) {
            wrapped().put(slotKey(key, slot), piece);
        }

        /** Its state changed and is stored at the next commit. */
        void touch() {
            if (isTouched) return;
            isTouched = true;
            touched.add(this);
        }
    }

    private PipelineStore(KeyValueStore<Bytes, byte[]> slots) {
        super(slots);
    }

    /** Makes stores over slots in memory with a compacted changelog. */
    static StoreBuilder<PipelineStore> builder(String name) {
        return new SlotStoreBuilder<>(name, PipelineStore::new);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        clearCache();
        super.init(context, root);
    }

    /** The series, from the heap or its slots; null when this generation of its stream never saw it. */
    @Nullable
    Series find(WindowPlan plan, String name) {
        Map<String, Series> ofStream = live.computeIfAbsent(plan.stream().name(), stream -> new HashMap<>());
        Series series = ofStream.get(name);
        if (series == null) {
            byte[] key = TopicNames.key(plan.stream().name(), name).getBytes(StandardCharsets.UTF_8);
            SeriesPipeline pipeline = plan.restore(name, slots(key)).orElse(null);
            if (pipeline == null) return null;
            series = new Series(key, pipeline);
            ofStream.put(name, series);
        }
        return series;
    }

    /** A series that is seen for the first time. */
    Series begin(WindowPlan plan, String name) {
        byte[] key = TopicNames.key(plan.stream().name(), name).getBytes(StandardCharsets.UTF_8);
        Series series = new Series(plan, name, key);
        live.computeIfAbsent(plan.stream().name(), stream -> new HashMap<>()).put(name, series);
        return series;
    }

    /** Gives back every slot of a series, on the heap, in the store and in its changelog. */
    void remove(String stream, String series) {
        byte[] key = TopicNames.key(stream, series).getBytes(StandardCharsets.UTF_8);
        Map<String, Series> ofStream = live.get(stream);
        Series held = ofStream == null ? null : ofStream.remove(series);
        if (held != null) touched.remove(held);
        SlotRange.delete(wrapped(), slotKey(key, 0), slotKey(key, 0xFFFF));
    }

    /** The series of a stream that are on the heap. */
    Iterable<Series> live(String stream) {
        return live.getOrDefault(stream, Map.of()).values();
    }

    /** Told of each stored series. */
    interface HeadVisitor {
        /**
         * @param series the series key
         * @param head its head slot
         */
        void head(String stream, String series, byte[] head);
    }

    /** Visits every stored series of every stream and generation. */
    void forEachStored(HeadVisitor visitor) {
        List<KeyValue<String, byte[]>> heads = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> slots = wrapped().all()) {
            while (slots.hasNext()) {
                KeyValue<Bytes, byte[]> slot = slots.next();
                byte[] key = slot.key.get();
                boolean isHead = key[key.length - 2] == 0 && key[key.length - 1] == 0;
                if (isHead) {
                    heads.add(KeyValue.pair(new String(key, 0, key.length - 2, StandardCharsets.UTF_8), slot.value));
                }
            }
        }
        for (KeyValue<String, byte[]> head : heads) {
            int slash = head.key.indexOf('/');
            visitor.head(head.key.substring(0, slash), head.key.substring(slash + 1), head.value);
        }
    }

    private Slots slots(byte[] key) {
        return new Slots() {
            @Override
            public byte @Nullable [] get(int slot) {
                return wrapped().get(slotKey(key, slot));
            }

            @Override
            public void put(int slot, byte[] piece) {
                wrapped().put(slotKey(key, slot), piece);
            }
        };
    }

    private static Bytes slotKey(byte[] key, int slot) {
        byte[] bytes = Arrays.copyOf(key, key.length + 2);
        bytes[key.length] = (byte) (slot >>> 8);
        bytes[key.length + 1] = (byte) slot;
        return Bytes.wrap(bytes);
    }

    @Override
    public void flushCache() {
        for (Series series : touched) {
            series.pipeline.save(series);
            series.isTouched = false;
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
