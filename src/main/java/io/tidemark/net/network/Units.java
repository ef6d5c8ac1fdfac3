package io.tidemark.net.network;

/** How wide a layer is: a number, or a rule that scales with the stream's features. */
public sealed interface Units {
    /** The most units of a layer. */
    int LIMIT = 16_384;

    /**
     * @param inputSize floats in one sample of the network's input
     * @param outputSize what {@code output} stands for at this place
     */
    int resolve(int inputSize, int outputSize);

    /** @param units in [1, 16384] */
    record Count(int units) implements Units {
        public Count {
            if (units < 1 || units > LIMIT) {
                throw new IllegalArgumentException("units must be in [1, " + LIMIT + "], but was " + units);
            }
        }

        @Override
        public int resolve(int inputSize, int outputSize) {
            return units;
        }
    }

    /**
     * A share of the floats in one input sample, rounded, within bounds.
     *
     * @param share in (0, 16]
     * @param least in [1, most]
     * @param most in [least, 16384]
     */
    record Share(double share, int least, int most) implements Units {
        public Share {
            if (!(share > 0 && share <= 16)) {
                throw new IllegalArgumentException("units.share must be in (0, 16], but was " + share);
            }
            if (least < 1 || most > LIMIT || least > most) {
                throw new IllegalArgumentException("units.least and units.most must be in [1, " + LIMIT
                        + "] and least not above most, but were " + least + " and " + most);
            }
        }

        @Override
        public int resolve(int inputSize, int outputSize) {
            return (int) Math.max(least, Math.min(most, Math.round(share * inputSize)));
        }
    }

    /**
     * As many as the array that a mark named has floats, whatever the limit of units: how a dense bottleneck comes back to an
     * image. Stands on its own only in a layer behind that mark.
     *
     * @param mark the name of an earlier {@link Wiring.Mark}
     */
    record Like(String mark) implements Units {
        @Override
        public int resolve(int inputSize, int outputSize) {
            throw new IllegalStateException("the size of mark " + mark + " is known where shapes are inferred only");
        }
    }

    /** As many as the network's output needs at this place. */
    record Output() implements Units {
        @Override
        public int resolve(int inputSize, int outputSize) {
            return outputSize;
        }
    }
}
