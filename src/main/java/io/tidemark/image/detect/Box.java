package io.tidemark.image.detect;

/**
 * A rectangle of pixels.
 *
 * @param left column of its leftmost pixels, from 0
 * @param top row of its uppermost pixels, from 0
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Box(int left, int top, int width, int height) {
    public Box {
        if (left < 0 || top < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("a box needs a place of at least 0 and a size of at least 1, but was "
                    + width + "x" + height + " at " + left + "," + top);
        }
    }

    /**
     * The smallest box of a frame's own pixels that covers this box of a resized image.
     *
     * @param rows of the resized image
     * @param columns of the resized image
     * @param source the part of the frame that was resized
     */
    public Box within(int rows, int columns, Box source) {
        int x0 = (int) ((long) left * source.width / columns);
        int y0 = (int) ((long) top * source.height / rows);
        int x1 = Math.min(source.width, (int) -Math.floorDiv(-(long) (left + width) * source.width, columns));
        int y1 = Math.min(source.height, (int) -Math.floorDiv(-(long) (top + height) * source.height, rows));
        return new Box(source.left + x0, source.top + y0, Math.max(1, x1 - x0), Math.max(1, y1 - y0));
    }
}
