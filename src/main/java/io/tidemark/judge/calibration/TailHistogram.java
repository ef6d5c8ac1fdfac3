package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/**
 * How rare a positive quantity is among those seen before: its surprise, −log10 of its tail probability.
 *
 * <p>Up to a high quantile u the tail probability is the rank; beyond it, with K the weight of the samples beyond u and b their mean
 * excess,
 *
 * <pre>
 *   p(d) = K/n · (1 + (d − u)/(K·b))^(−K)        →  K/n · exp(−(d − u)/b)  for many samples
 * </pre>
 *
 * which is the exponential tail with the uncertainty of b taken in (the predictive distribution of an exponential with K known
 * samples): with few samples it refuses to be very surprised.
 *
 * <p>Samples are counted in bins that cut every octave into equal parts (2 for a member, 8 for the severity), down to {@value #OCTAVES} octaves below the
 * largest; smaller samples are known only by their number. One sample raises the top by two octaves at most, so that one absurd
 * value cannot wash out the rest.
 *
 * <p>A float counts single samples up to 2²⁴. Beyond, a count rises by the distance to the next float, by so much more seldom: for the
 * weight in turn, for a bin by a hash of the turn, so that no pattern of the samples meets it. It is then right within a few
 * thousandths.
 *
 * <pre>
 *   weight f4 | top bin i4 | since halving i4 | span i4 | counts f4 × bins, top first
 * </pre>
 */
final class TailHistogram {
    // Where each part of the state above lies, in bytes.
    private static final int TOP_AT = 4;
    private static final int SINCE_HALVING_AT = 8;
    private static final int SPAN_AT = 12;
    private static final int COUNTS_AT = 16;

    /** Samples before anything is surprising. */
    static final int SAMPLES_NEEDED = 20;

    /** Bytes of a member's tail. */
    static final int BYTES_OF_MEMBER = bytes(TailHistogram.OCTAVE_BITS_OF_MEMBER);

    private static final int OCTAVES = 14;
    private static final int OCTAVE_BITS_OF_MEMBER = 1;
    private static final int OCTAVE_BITS_OF_SEVERITY = 3;
    private static final int MANTISSA_BITS = 23;
    private static final double TAIL_SAMPLES_MIN = 16;
    private static final double IGNORED_SHARE = 0.5;
    private static final float FORGOTTEN = 0.26f;

    private static final float COUNTED_SINGLY = 0x1p24f;

    private final SlotMemory memory;
    private final int at;
    private final int counts;
    private final int bins;
    private final int binShift;
    private final int riseMax;
    private final double tailShare;
    private final int spanFirst;
    private final int spanLast;

    /**
     * @param octaveBits log2 of the bins in an octave
     * @param tailShare share of the samples, the largest ones, that the tail is made of
     * @param spanFirst samples until all counts are halved for the first time
     * @param spanLast samples between two halvings in the long run; every span is a quarter longer than the one before
     */
    TailHistogram(SlotMemory memory, int octaveBits, double tailShare, int spanFirst, int spanLast) {
        this.tailShare = tailShare;
        this.memory = memory;
        this.at = memory.allocate(bytes(octaveBits));
        this.bins = OCTAVES << octaveBits;
        this.binShift = MANTISSA_BITS - octaveBits;
        this.riseMax = 2 << octaveBits;
        this.counts = at + COUNTS_AT;
        this.spanFirst = spanFirst;
        this.spanLast = spanLast;
    }

    /** The tail of a member: of its whole history, as far as the declared memory goes. */
    static TailHistogram ofMember(SlotMemory memory, int memorySamples) {
        return new TailHistogram(memory, OCTAVE_BITS_OF_MEMBER, 0.05, memorySamples, memorySamples);
    }

    /**
     * The tail of the severity: of its last thousand or two steps, and of the later part of its life while that is shorter, because new values
     * become rarer with age.
     */
    static TailHistogram ofSeverity(SlotMemory memory) {
        return new TailHistogram(memory, OCTAVE_BITS_OF_SEVERITY, 0.01, 32, 1000);
    }

    private static int bytes(int octaveBits) {
        return 16 + 4 * (OCTAVES << octaveBits);
    }

    /** Weight of all samples, smaller ones included. */
    float weight() {
        return memory.getFloat(at);
    }

    /** Surprise of a sample in [0, ∞); 0 for what half of the samples exceed, and while too few are known. */
    double surprise(double sample) {
        double n = memory.getFloat(at);
        if (n < SAMPLES_NEEDED || !(sample > 0)) {
            return 0;
        }
        double beyond = Math.max(tailShare * n, Math.min(TAIL_SAMPLES_MIN, n / 2));
        int top = memory.getInt(at + TOP_AT);
        double above = 0;
        double sum = 0;
        int i = 0;
        float count = 0;
        for (; i < bins; i++) {
            count = memory.getFloat(counts + 4 * i);
            if (above + count >= beyond) {
                break;
            }
            above += count;
            sum += count * 0.5 * (lower(top - i) + lower(top - i + 1));
        }
        if (i == bins) {
            return surpriseAmongZeros(sample, n, top);
        }
        double high = lower(top - i + 1);
        double width = high - lower(top - i);
        double part = beyond - above;
        double u = high - width * part / count;
        if (sample < u) {
            return surpriseByRank(sample, n, top, i, above);
        }
        double meanExcess = Math.max((sum + part * 0.5 * (high + u)) / beyond - u, width * 0.125);
        return Math.log10(n / beyond) + beyond * Math.log10(1 + (sample - u) / (beyond * meanExcess));
    }

    /** By rank where nearly all samples are 0 or far smaller than the largest: whatever differs from a constant is rare. */
    private double surpriseAmongZeros(double sample, double n, int top) {
        double above = 0;
        int last = Math.min(top - bin(sample), bins - 1);
        for (int i = 0; i <= last && top != 0; i++) {
            above += memory.getFloat(counts + 4 * i);
        }
        return Math.max(0, Math.log10((n + 1) / (above + 0.5)));
    }

    private double surpriseByRank(double sample, double n, int top, int from, double aboveFrom) {
        int last = top - bin(sample);
        double above = aboveFrom;
        for (int i = from; i < last; i++) {
            if (i >= bins || above > IGNORED_SHARE * n) {
                return 0;
            }
            above += memory.getFloat(counts + 4 * i);
        }
        if (last >= bins) {
            return 0;
        }
        double low = lower(top - last);
        double share = 1 - (sample - low) / (lower(top - last + 1) - low);
        above += share * memory.getFloat(counts + 4 * last);
        return Math.max(0, Math.log10((n + 1) / (above + 0.5)));
    }

    /** Counts a sample. */
    void learn(double sample) {
        float n = memory.getFloat(at);
        int turn = memory.getInt(at + SINCE_HALVING_AT);
        if (sample > 0) {
            count(n, bin(sample), mix(turn));
        }
        memory.putFloat(at, oneMore(n, turn));
        int age = turn + 1;
        int span = Math.max(memory.getInt(at + SPAN_AT), spanFirst);
        if (age >= span) {
            halve();
            memory.putInt(at + SPAN_AT, (int) Math.min(spanLast, span + (long) (span / 4)));
            age = 0;
        }
        memory.putInt(at + SINCE_HALVING_AT, age);
    }

    /** A count and one: exact up to 2²⁴, beyond it on average over the turns. */
    private static float oneMore(float count, int turn) {
        if (count < COUNTED_SINGLY) return count + 1;
        int step = (int) Math.ulp(count);
        return (turn & (step - 1)) == 0 ? count + step : count;
    }

    /** Spreads the bits of a number: the finalizer of MurmurHash3. */
    private static int mix(int turn) {
        int h = (turn ^ (turn >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    private void count(float n, int bin, int turn) {
        int top = memory.getInt(at + TOP_AT);
        if (n == 0 || top == 0) {
            top = bin;
            memory.putInt(at + TOP_AT, top);
        } else if (bin > top) {
            int rise = n < SAMPLES_NEEDED ? bin - top : Math.min(bin - top, riseMax);
            raise(Math.min(rise, bins));
            top += rise;
            memory.putInt(at + TOP_AT, top);
        }
        int i = Math.max(0, top - bin);
        if (i < bins) {
            memory.putFloat(counts + 4 * i, oneMore(memory.getFloat(counts + 4 * i), turn));
        }
    }

    private void raise(int rise) {
        memory.move(counts, counts + 4 * rise, 4 * (bins - rise));
        memory.clear(counts, 4 * rise);
    }

    private void halve() {
        memory.putFloat(at, memory.getFloat(at) * 0.5f);
        for (int i = 0; i < bins; i++) {
            memory.putFloat(counts + 4 * i, memory.getFloat(counts + 4 * i) * 0.5f);
        }
        int empty = 0;
        while (empty < bins - 1 && memory.getFloat(counts + 4 * empty) < FORGOTTEN) {
            empty++;
        }
        if (empty > 0) {
            memory.move(counts + 4 * empty, counts, 4 * (bins - empty));
            memory.clear(counts + 4 * (bins - empty), 4 * empty);
            memory.putInt(at + TOP_AT, memory.getInt(at + TOP_AT) - empty);
        }
    }

    /** Far above every sample so far: 16 times the upper edge of the highest bin; infinite while too few are known. */
    double ceiling() {
        boolean known = memory.getFloat(at) >= SAMPLES_NEEDED && memory.getInt(at + TOP_AT) > 0;
        return known ? 16 * lower(memory.getInt(at + TOP_AT) + 1) : Double.POSITIVE_INFINITY;
    }

    /** Half of the samples lie above this; 0 when that is below the bins. */
    double median() {
        return quantile(0.5);
    }

    /** A share of the samples lies above this; 0 when that is below the bins. */
    double quantile(double share) {
        double beyond = memory.getFloat(at) * share;
        int top = memory.getInt(at + TOP_AT);
        double above = 0;
        for (int i = 0; i < bins; i++) {
            float count = memory.getFloat(counts + 4 * i);
            if (count > 0 && above + count >= beyond) {
                double high = lower(top - i + 1);
                return high - (high - lower(top - i)) * (beyond - above) / count;
            }
            above += count;
        }
        return 0;
    }

    private int bin(double sample) {
        return bin(sample, binShift);
    }

    private double lower(int bin) {
        return lower(bin, binShift);
    }

    /** The bin of a sample among those that a float's bits make, less the lowest of its mantissa. */
    static int bin(double sample, int binShift) {
        float bounded = (float) Math.min(Math.max(sample, Float.MIN_NORMAL), 1e38);
        return Float.floatToRawIntBits(bounded) >>> binShift;
    }

    static double lower(int bin, int binShift) {
        return Float.intBitsToFloat(bin << binShift);
    }
}
