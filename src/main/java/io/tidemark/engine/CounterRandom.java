package io.tidemark.engine;

/**
 * Random numbers as a function of a key and a counter: any draw can be repeated, in any order, by any engine (Salmon et al.,
 * Parallel random numbers: as easy as 1, 2, 3, 2011; the mixing function is SplitMix64's, Steele et al. 2014).
 */
public final class CounterRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long key;

    private CounterRandom(long key) {
        this.key = key;
    }

    /** The stream of numbers that belongs to a seed, a name such as {@code param/1.dense/weight}, and a step. */
    public static CounterRandom of(long seed, String name, long step) {
        long key = mix(seed + GOLDEN);
        for (int i = 0; i < name.length(); i++) key = mix(key ^ (name.charAt(i) + GOLDEN));
        return new CounterRandom(mix(key ^ mix(step + GOLDEN)));
    }

    /** 64 random bits. */
    public long bits(long index) {
        return mix(key + index * GOLDEN);
    }

    /** Uniform in [0, 1), on a grid of 2⁻²⁴. */
    public float uniform(long index) {
        return (bits(index) >>> 40) * 0x1p-24f;
    }

    /** Normal with mean 0 and variance 1 (Box and Muller 1958). */
    public float normal(long index) {
        long bits = bits(index);
        double u = ((bits >>> 32) + 0.5) * 0x1p-32;
        double v = (bits & 0xFFFFFFFFL) * 0x1p-32;
        return (float) (StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
