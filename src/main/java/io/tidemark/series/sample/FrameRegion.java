package io.tidemark.series.sample;

/**
 * Where a frame differs: a box in the frame's own pixels, before any crop or resize.
 *
 * @param left the first column; at least 0
 * @param top the first row; at least 0
 * @param width columns; at least 1
 * @param height rows; at least 1
 * @param share of the frame's error that lies in it; in [0, 1]
 */
public record FrameRegion(int left, int top, int width, int height, float share) {
    /** Regions that one inference names. */
    public static final int COUNT_MAX = 8;

    void write(Wire wire) {
        wire.i32(left).i32(top).i32(width).i32(height).f32(share);
    }

    static FrameRegion read(Wire wire) {
        return new FrameRegion(wire.i32(), wire.i32(), wire.i32(), wire.i32(), wire.f32());
    }
}
