package io.tidemark.net.network;

/** Layers that trade the rows and columns of an image for channels, without loss (Shi et al. 2016). They have no weights. */
public sealed interface Pixels extends Layer {

    /**
     * {@code [channel, row, column]} to {@code [channel·f², row / f, column / f]}: pixel (y·f + i, x·f + j) of channel c becomes
     * pixel (y, x) of channel c·f² + i·f + j.
     *
     * @param factor f in [2, 16]; must divide rows and columns
     */
    record SpaceToDepth(int factor) implements Pixels {
        public SpaceToDepth {
            Range.check("space-to-depth", factor, 2, 16);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.spaceToDepth(this);
        }

        @Override
        public String word() {
            return "space-to-depth";
        }
    }

    /**
     * The inverse of {@link SpaceToDepth}: {@code [channel·f², row, column]} to {@code [channel, row·f, column·f]}.
     *
     * @param factor f in [2, 16]; its square must divide the channels
     */
    record DepthToSpace(int factor) implements Pixels {
        public DepthToSpace {
            Range.check("depth-to-space", factor, 2, 16);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.depthToSpace(this);
        }

        @Override
        public String word() {
            return "depth-to-space";
        }
    }
}
