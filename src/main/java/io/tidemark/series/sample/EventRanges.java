package io.tidemark.series.sample;

import java.util.Arrays;

/**
 * The input events behind one step, as ranges of offsets in the partitions of the stream's input topic.
 *
 * <p>Mutable and reused; neighbouring offsets of a partition join into one range. Bounded: {@link #add} refuses an event that
 * would need one range too many, or that is one too many.
 */
public final class EventRanges {
    /** Ranges that one step may hold. */
    public static final int RANGES_MAX = 64;

    /** Events that one step may hold. */
    public static final int EVENTS_MAX = 10_000_000;

    private int size;
    private int total;
    private int[] partitions = new int[2];
    private long[] firsts = new long[2];
    private int[] counts = new int[2];

    public void clear() {
        size = 0;
        total = 0;
    }

    /**
     * Adds one event.
     *
     * @return false when the step is full
     */
    public boolean add(int partition, long offset) {
        if (total == EVENTS_MAX) return false;
        for (int i = size - 1; i >= 0; i--) {
            if (partitions[i] == partition && firsts[i] + counts[i] == offset) {
                counts[i]++;
                total++;
                return true;
            }
        }
        return append(partition, offset, 1);
    }

    private boolean append(int partition, long first, int count) {
        if (size == RANGES_MAX) return false;
        if (size == partitions.length) {
            partitions = Arrays.copyOf(partitions, size * 2);
            firsts = Arrays.copyOf(firsts, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        partitions[size] = partition;
        firsts[size] = first;
        counts[size++] = count;
        total += count;
        return true;
    }

    /** Replaces the content by that of another. */
    public void set(EventRanges other) {
        clear();
        for (int i = 0; i < other.size; i++) append(other.partitions[i], other.firsts[i], other.counts[i]);
    }

    /** Ranges; in [0, {@link #RANGES_MAX}]. */
    public int size() {
        return size;
    }

    public int partition(int range) {
        return partitions[range];
    }

    public long firstOffset(int range) {
        return firsts[range];
    }

    /** Consecutive offsets in the range; at least 1. */
    public int count(int range) {
        return counts[range];
    }

    /** Events in all ranges; in [0, {@link #EVENTS_MAX}]. */
    public long events() {
        return total;
    }

    public void write(Wire wire) {
        wire.u8(size);
        for (int i = 0; i < size; i++) wire.i32(partitions[i]).i64(firsts[i]).i32(counts[i]);
    }

    /** @throws MalformedRecordException when the ranges are none that {@link #add} makes */
    public void read(Wire wire) {
        clear();
        int n = wire.u8();
        if (n > RANGES_MAX)
            throw new MalformedRecordException("a step of " + n + " event ranges is over " + RANGES_MAX);
        for (int i = 0; i < n; i++) {
            int partition = wire.i32();
            long first = wire.i64();
            int count = wire.i32();
            if (partition < 0 || first < 0) {
                throw new MalformedRecordException("an event range begins at " + partition + "-" + first);
            }
            if (count < 1 || count > EVENTS_MAX - total) {
                throw new MalformedRecordException(
                        "a step of at most " + EVENTS_MAX + " events names a range of " + count);
            }
            append(partition, first, count);
        }
    }
}
