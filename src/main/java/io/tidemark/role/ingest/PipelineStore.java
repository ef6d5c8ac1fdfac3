package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.kafka.client.SlotStore;
import io.tidemark.kafka.client.SlotStoreBuilder;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.Slots;
import io.tidemark.series.window.WaitingEvents;
import io.tidemark.series.window.WindowPlan;
import io.tidemark.series.window.WindowScratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a task's series.
 *
 * <pre>
 *   a slot    key of the series in UTF-8 | u16 slot
 * </pre>
 */
final class PipelineStore extends SlotStore<PipelineStore.Series> {
    /** One live series of the task. */
    static final class Series extends SlotStore.LiveSeries {
        final SeriesPipeline pipeline;

        private Series(WindowPlan plan, String name, SeriesPipeline pipeline) {
            super(plan.stream().name(), name, plan.liveBytes());
            this.pipeline = pipeline;
        }
    }

    PipelineStore(KeyValueStore<Bytes, byte[]> slots, LiveHeap heap) {
        super(slots, heap);
    }

    /** Makes stores over slots on disk with a compacted changelog. */
    static StoreBuilder<PipelineStore> builder(String name, LiveHeap heap) {
        return new SlotStoreBuilder<>(name, slots -> new PipelineStore(slots, heap));
    }

    /** The series, from the heap or its slots; null when this generation of its stream never saw it. */
    @Nullable
    Series find(WindowPlan plan, WindowScratch scratch, String name) {
        String stream = plan.stream().name();
        Series series = live(stream, name);
        if (series != null) return series;
        SeriesPipeline pipeline = look(plan, scratch, name);
        return pipeline == null ? null : keep(new Series(plan, name, pipeline));
    }

    /** As {@link #find}, without that the series is kept on the heap. */
    @Nullable
    SeriesPipeline look(WindowPlan plan, WindowScratch scratch, String name) {
        return plan.restore(name, slots(key(plan.stream().name(), name)), scratch)
                .orElse(null);
    }

    /** A series that is seen for the first time. */
    Series begin(WindowPlan plan, WindowScratch scratch, String name) {
        return keep(new Series(plan, name, plan.begin(name, false, scratch)));
    }

    /** Gives back every slot of a series, on the heap, in the store and in its changelog. */
    void remove(String stream, String series) {
        byte[] key = key(stream, series);
        drop(stream, series);
        delete(slotKey(key, 0), slotKey(key, SLOT_MAX));
    }

    /** Visits the events of a stored series, of any generation, that have no outcome yet; returns how many. */
    int forEachWaiting(String stream, String series, WaitingEvents.Visitor visitor) {
        byte[] key = key(stream, series);
        byte[] head = wrapped().get(slotKey(key, 0));
        if (head == null) return 0;
        List<byte[]> steps =
                slotsBetween(slotKey(key, WaitingEvents.FIRST_SLOT), slotKey(key, WaitingEvents.LAST_SLOT)).stream()
                        .map(slot -> slot.value)
                        .toList();
        return WaitingEvents.visit(head, steps, wrapped().get(slotKey(key, WaitingEvents.JUMP_SLOT)), visitor);
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
                if (isHead) heads.add(KeyValue.pair(new String(key, 0, key.length - 2, UTF_8), slot.value));
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
    protected void save(Series series) {
        series.pipeline.save(slots(series.key));
    }
}
