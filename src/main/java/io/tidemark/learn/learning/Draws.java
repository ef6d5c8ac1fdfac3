package io.tidemark.learn.learning;

/** A seeded generator whose whole state is one number, so that a checkpoint resumes it exactly (SplitMix64, Steele et al. 2014). */
final class Draws {
    private long state;

    Draws(long state) {
        this.state = state;
    }

    long state() {
        return state;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, bound). */
    int below(int bound) {
        return (int) Math.multiplyHigh(next() >>> 1, (long) bound << 1);
    }
}
