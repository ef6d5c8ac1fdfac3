package io.tidemark.series.window;

import io.tidemark.config.GridSpec.Aggregate;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.Arrays;

/**
 * A grid step that still takes events.
 *
 * <pre>
 * i64 index | i64 producedMs | event ranges | u8 remembered | remembered x (i64 timeMs | u16 feature | i64 hash of values)
 * F x f64 taken | F x i32 count | LAST only: F x i64 timeMs
 * </pre>
 */
final class OpenStep {
    /** Event times that a step remembers to recognise duplicates by: the latest to arrive. */
    static final int REMEMBERED_MAX = 32;

    private static final int ALL_FEATURES = 0xFFFF;

    /** Slot that it is saved in, counted from the first slot of open steps. */
    final int slot;

    long index;
    long producedMs;
    final EventRanges events = new EventRanges();
    /** Changed since it was last saved. */
    boolean dirty;

    private final Aggregate aggregate;
    private final double[] taken;
    private final int[] counts;
    private final long[] timesMs;
    private final long[] rememberedMs = new long[REMEMBERED_MAX];
    private final int[] rememberedFeature = new int[REMEMBERED_MAX];
    private final long[] rememberedHash = new long[REMEMBERED_MAX];
    private final boolean rejectsSameTime;
    private long arrivals;

    OpenStep(int slot, int features, Aggregate aggregate, boolean rejectsSameTime) {
        this.rejectsSameTime = rejectsSameTime;
        this.slot = slot;
        this.aggregate = aggregate;
        taken = new double[features];
        counts = new int[features];
        timesMs = aggregate == Aggregate.LAST ? new long[features] : new long[0];
    }

    OpenStep begin(long index) {
        this.index = index;
        producedMs = Long.MIN_VALUE;
        events.clear();
        arrivals = 0;
        Arrays.fill(counts, 0);
        Arrays.fill(taken, 0);
        return this;
    }

    Admission add(DecodedEvent event) {
        int feature = event.feature == DecodedEvent.WIDE ? ALL_FEATURES : event.feature;
        long hash = event.valuesHash();
        boolean same = false;
        for (int i = 0; i < Math.min(arrivals, REMEMBERED_MAX); i++) {
            if (rememberedMs[i] != event.timeMs || rememberedFeature[i] != feature) continue;
            if (rememberedHash[i] == hash) return Admission.DUPLICATE;
            same = true;
        }
        if (same && rejectsSameTime) return Admission.SAME_TIME;
        if (!events.add(event.partition, event.offset)) return Admission.STEP_FULL;
        int at = (int) (arrivals++ % REMEMBERED_MAX);
        rememberedMs[at] = event.timeMs;
        rememberedFeature[at] = feature;
        rememberedHash[at] = hash;
        producedMs = Math.max(producedMs, event.producedMs);
        double[] values = event.values();
        for (int f = 0; f < values.length; f++) {
            if (!Double.isNaN(values[f])) take(f, values[f], event.timeMs);
        }
        dirty = true;
        return Admission.JOINED;
    }

    private void take(int f, double value, long timeMs) {
        boolean first = counts[f]++ == 0;
        switch (aggregate) {
            case LAST -> {
                if (first || timeMs >= timesMs[f]) {
                    taken[f] = value;
                    timesMs[f] = timeMs;
                }
            }
            case MEAN, SUM -> taken[f] += value;
            case MIN -> taken[f] = first ? value : Math.min(taken[f], value);
            case MAX -> taken[f] = first ? value : Math.max(taken[f], value);
            case COUNT -> taken[f] = counts[f];
        }
    }

    /** Fills in all but the scale. A feature without a value is missing; a count of none is 0. */
    void copyTo(Step step, long stepMs) {
        step.step = index;
        step.timeMs = index * stepMs;
        step.producedMs = producedMs;
        step.events.set(events);
        double[] values = step.values();
        for (int f = 0; f < taken.length; f++) {
            if (counts[f] == 0 && aggregate != Aggregate.COUNT) values[f] = Double.NaN;
            else values[f] = aggregate == Aggregate.MEAN ? taken[f] / counts[f] : taken[f];
        }
    }

    void write(Wire wire) {
        wire.i64(index).i64(producedMs);
        events.write(wire);
        int remembered = (int) Math.min(arrivals, REMEMBERED_MAX);
        wire.u8(remembered);
        // oldest first, so that a restored step forgets in the same order
        for (int i = 0; i < remembered; i++) {
            int at = (int) ((arrivals - remembered + i) % REMEMBERED_MAX);
            wire.i64(rememberedMs[at]).u16(rememberedFeature[at]).i64(rememberedHash[at]);
        }
        wire.doubles(taken, 0, taken.length);
        for (int count : counts) wire.i32(count);
        for (long timeMs : timesMs) wire.i64(timeMs);
    }

    /** Takes a stored step back. Of one that version 1 stored, the events that have come are not recognised when they come again. */
    OpenStep read(Wire wire, int version) {
        begin(wire.i64());
        producedMs = wire.i64();
        events.read(wire);
        arrivals = wire.u8();
        if (version == StoredHead.VERSION_1) {
            wire.skip((int) arrivals * (Long.BYTES + Short.BYTES));
            arrivals = 0;
            dirty = true;
        }
        for (int i = 0; i < arrivals; i++) {
            rememberedMs[i] = wire.i64();
            rememberedFeature[i] = wire.u16();
            rememberedHash[i] = wire.i64();
        }
        wire.readDoubles(taken, 0, taken.length);
        for (int f = 0; f < counts.length; f++) counts[f] = wire.i32();
        for (int f = 0; f < timesMs.length; f++) timesMs[f] = wire.i64();
        return this;
    }
}
