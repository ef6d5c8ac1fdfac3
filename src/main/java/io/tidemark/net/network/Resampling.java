package io.tidemark.net.network;

/** Layers that change how many steps, or rows and columns, there are. They have no weights. */
public sealed interface Resampling extends Layer {

    /**
     * Repeats every step of {@code [step, feature]}, or every row and column of {@code [channel, row, column]}. Followed by a
     * convolution it does what a transposed one does, without its chequerboards (Odena et al. 2016).
     *
     * @param factor in [2, 64]
     */
    record Upsample(int factor) implements Resampling {
        public Upsample {
            Range.check("upsample", factor, 2, 64);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.upsample(this);
        }

        @Override
        public String word() {
            return "upsample";
        }
    }

    /**
     * One value for each {@code size} steps of {@code [step, feature]}, or each square of {@code [channel, row, column]}; what
     * does not fill a last one is dropped.
     *
     * @param kind largest or mean
     * @param size in [2, 64]
     */
    record Pool(Kind kind, int size) implements Resampling {
        /** How several values become one. */
        public enum Kind {
            MAX,
            MEAN
        }

        public Pool {
            Range.check("pool.size", size, 2, 64);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.pool(this);
        }

        @Override
        public String word() {
            return "pool";
        }
    }
}
