package io.tidemark.image.decode;

/** How a stored image must be turned to stand upright: the values 1 to 8 of EXIF's tag 0x0112. */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN(true, false, true),
    TRANSVERSE(true, true, true),
    QUARTER_TURN_BACK(true, true, false);

    /** Whether rows become columns. */
    final boolean swaps;
    /** Whether the stored columns run the other way, after the swap. */
    private final boolean fromRight;
    /** Whether the stored rows run the other way, after the swap. */
    private final boolean fromBottom;

    Orientation(boolean swaps, boolean fromRight, boolean fromBottom) {
        this.swaps = swaps;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** The orientation of a tag's value; upright for one that is none. */
    static Orientation of(int tag) {
        return tag >= 1 && tag <= 8 ? values()[tag - 1] : UPRIGHT;
    }

    /** Stored column of an upright place, in a stored width. */
    double storedX(double x, double y, double width) {
        double along = swaps ? y : x;
        return fromRight ? width - along : along;
    }

    /** Stored row of an upright place, in a stored height. */
    double storedY(double x, double y, double height) {
        double along = swaps ? x : y;
        return fromBottom ? height - along : along;
    }
}
