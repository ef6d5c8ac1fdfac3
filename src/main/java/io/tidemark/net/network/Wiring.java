package io.tidemark.net.network;

import java.util.regex.Pattern;

/** Layers that join two places of a network; they have no weights. */
public sealed interface Wiring extends Layer {

    /**
     * Names what arrives here, unchanged, so that a later {@link Skip} can take it up.
     *
     * @param name in [a-z0-9-], at most 64 characters
     */
    record Mark(String name) implements Wiring {
        private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

        public Mark {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "mark must be 1 to 64 characters of [a-z0-9-], but was '" + name + "'");
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.mark(this);
        }

        @Override
        public String word() {
            return "mark";
        }
    }

    /**
     * Joins what an earlier {@link Mark} named to what arrives here: a residual connection (He et al. 2016) by adding, or the
     * long connection of a U-Net (Ronneberger et al. 2015) by laying it behind, or a gate (Dauphin et al. 2017) by multiplying.
     *
     * <p>To add or multiply, both must have one shape. To concatenate, both must agree but for the last dimension of {@code [feature]} and
     * {@code [step, feature]}, or the channels of {@code [channel, row, column]}, which are summed: what arrives comes first.
     *
     * @param from the name of the mark
     */
    record Skip(String from, Join join) implements Wiring {
        /** How two arrays become one. */
        public enum Join {
            ADD,
            CONCAT,
            MULTIPLY
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.skip(this);
        }

        @Override
        public String word() {
            return "skip";
        }
    }

    /**
     * The same values in row-major order in the shape of what an earlier {@link Mark} named, as a convolution needs them after a
     * dense bottleneck.
     *
     * @param from the name of the mark
     */
    record Unflatten(String from) implements Wiring {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.unflatten(this);
        }

        @Override
        public String word() {
            return "unflatten";
        }
    }
}
