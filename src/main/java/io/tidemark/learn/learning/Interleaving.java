package io.tidemark.learn.learning;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The order in which a learner took the records of two logs, rows and gates: runs of offsets of either, in the order taken.
 *
 * <p>Both logs are read forwards, so a run is told by the offsets passed over since the last run of the same log, and by its
 * length: two small numbers, seven bits to a byte, the lowest bit of the first naming the log. Owned by one thread.
 */
public final class Interleaving {
    /** Runs of one lineage; a learner that reaches it begins a new one. */
    public static final int RUNS_MAX = 8192;

    private final List<Run> runs = new ArrayList<>();
    private long records;

    /**
     * Neighbouring records of one log.
     *
     * @param gates whether of {@code gates}; else of {@code training}
     * @param from offset of the first
     * @param to offset after the last
     */
    public record Run(boolean gates, long from, long to) {}

    /** Adds a record; offsets of one log ascend. */
    public void take(boolean gates, long offset) {
        records++;
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).gates == gates) {
            runs.set(last, new Run(gates, runs.get(last).from, offset + 1));
        } else {
            runs.add(new Run(gates, offset, offset + 1));
        }
    }

    /** Records taken. */
    public long records() {
        return records;
    }

    /** Whether another run would be too many. */
    public boolean isFull() {
        return runs.size() >= RUNS_MAX;
    }

    /** The runs, in the order taken. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** The first offset taken of a log; -1 when none was. */
    public long first(boolean gates) {
        for (Run run : runs) if (run.gates == gates) return run.from;
        return -1;
    }

    /** As text, some four characters a run. */
    public String encode() {
        byte[] bytes = new byte[runs.size() * 20 + 10];
        int at = write(bytes, 0, records);
        long[] passed = new long[2];
        for (Run run : runs) {
            int log = run.gates ? 1 : 0;
            at = write(bytes, at, (run.from - passed[log]) << 1 | log);
            at = write(bytes, at, run.to - run.from);
            passed[log] = run.to;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(bytes, at));
    }

    private static int write(byte[] bytes, int at, long value) {
        int next = at;
        long left = value;
        while (left > 0x7F) {
            bytes[next++] = (byte) (left & 0x7F | 0x80);
            left >>>= 7;
        }
        bytes[next++] = (byte) left;
        return next;
    }

    /** @throws IllegalArgumentException when the text is not of {@link #encode} */
    public static Interleaving decode(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        Reader reader = new Reader(bytes);
        Interleaving order = new Interleaving();
        if (bytes.length == 0) return order;
        order.records = reader.next();
        long[] passed = new long[2];
        while (reader.at < bytes.length) {
            long begin = reader.next();
            long length = reader.next();
            int log = (int) (begin & 1);
            long from = passed[log] + (begin >>> 1);
            if (length < 1 || order.runs.size() >= 4 * RUNS_MAX) {
                throw new IllegalArgumentException("an order of records cannot be read");
            }
            order.runs.add(new Run(log == 1, from, from + length));
            passed[log] = from + length;
        }
        return order;
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        long next() {
            long value = 0;
            for (int shift = 0; at < bytes.length && shift < 63; shift += 7) {
                byte b = bytes[at++];
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) return value;
            }
            throw new IllegalArgumentException("an order of records is cut");
        }
    }
}
