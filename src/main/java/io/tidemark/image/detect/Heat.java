package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Error maps as pictures for people: the map as colour over the frame, blue where nothing is strange to red at {@code high}.
 *
 * @param low what shows no colour
 * @param high what shows full red; above {@code low}
 */
public record Heat(float low, float high) {
    /** The longest side of a drawn picture, in pixels. */
    public static final int SIDE_MAX = 4096;

    private static final int GAP = 8;

    /** Red, green and blue at equal steps from low to high. */
    private static final int[][] COLOURS = {
        {20, 30, 120}, {30, 110, 200}, {60, 190, 160}, {180, 220, 60}, {250, 170, 30}, {215, 25, 28}
    };

    public Heat {
        if (!(high > low)) {
            throw new IllegalArgumentException("the heat's high must be above its low of " + low + ", but was " + high);
        }
    }

    /** From the map's own median to its largest value, or to {@code usual} where that is higher, so that a good image stays cool. */
    public static Heat of(ErrorMap map, float usual) {
        float low = map.median();
        float high = Math.max(map.largest(), usual);
        return new Heat(low, high > low ? high : Math.nextUp(low) + 1e-6f);
    }

    /** How much a frame shrinks to have no side longer than {@code side}, in [8, 4096]; 1 when none is. */
    public static double shrink(int frameWidth, int frameHeight, int side) {
        if (side < 8 || side > SIDE_MAX) {
            throw new IllegalArgumentException("a map's side must be in [8, " + SIDE_MAX + "], but was " + side);
        }
        return Math.min(1.0, (double) side / Math.max(frameWidth, frameHeight));
    }

    /**
     * A picture of a frame with the map's colours over it and a line around each region.
     *
     * @param picture the whole frame, at any size
     * @param frameWidth columns of the frame's own
     * @param frameHeight rows of the frame's own
     * @param source the part of the frame that the map covers, in the frame's own pixels
     * @param regions boxes in the frame's own pixels
     */
    public BufferedImage over(
            BufferedImage picture, int frameWidth, int frameHeight, ErrorMap map, Box source, List<Region> regions) {
        double x = (double) picture.getWidth() / frameWidth;
        double y = (double) picture.getHeight() / frameHeight;
        BufferedImage drawn = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = drawn.createGraphics();
        pen.drawImage(picture, 0, 0, null);
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        Box place = scaled(source, x, y);
        pen.drawImage(colours(map), place.left(), place.top(), place.width(), place.height(), null);
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(1));
        for (Region region : regions) {
            Box box = scaled(region.box(), x, y);
            pen.drawRect(box.left(), box.top(), Math.max(1, box.width() - 1), Math.max(1, box.height() - 1));
        }
        pen.dispose();
        return drawn;
    }

    /**
     * The same over a frame that is at hand at its own size.
     *
     * @param side the longest side of the picture; in [8, 4096]; a smaller frame is not enlarged
     */
    public BufferedImage over(BufferedImage frame, ErrorMap map, Box source, List<Region> regions, int side) {
        double shrink = shrink(frame.getWidth(), frame.getHeight(), side);
        int width = Math.max(1, (int) Math.round(frame.getWidth() * shrink));
        int height = Math.max(1, (int) Math.round(frame.getHeight() * shrink));
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = smaller.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(frame, 0, 0, width, height, null);
        pen.dispose();
        return over(smaller, frame.getWidth(), frame.getHeight(), map, source, regions);
    }

    private static Box scaled(Box box, double x, double y) {
        int left = (int) Math.round(box.left() * x);
        int top = (int) Math.round(box.top() * y);
        int right = (int) Math.round((box.left() + box.width()) * x);
        int bottom = (int) Math.round((box.top() + box.height()) * y);
        return new Box(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }

    /** The map's own pixels in colour, more opaque where it is higher. */
    private BufferedImage colours(ErrorMap map) {
        BufferedImage picture = new BufferedImage(map.columns(), map.rows(), BufferedImage.TYPE_INT_ARGB);
        for (int row = 0; row < map.rows(); row++) {
            for (int column = 0; column < map.columns(); column++) {
                picture.setRGB(column, row, colour(map.at(row, column)));
            }
        }
        return picture;
    }

    private int colour(float value) {
        float heat = Math.max(0, Math.min(1, (value - low) / (high - low)));
        float place = heat * (COLOURS.length - 1);
        int below = Math.min(COLOURS.length - 2, (int) place);
        float part = place - below;
        int argb = (int) (40 + 140 * heat);
        for (int i = 0; i < 3; i++) {
            int value8 = Math.round(COLOURS[below][i] + part * (COLOURS[below + 1][i] - COLOURS[below][i]));
            argb = argb << 8 | value8;
        }
        return argb;
    }

    /** Pictures of any sizes in one row, top-aligned, with a gap between them. @throws IllegalArgumentException for none */
    public static BufferedImage sideBySide(List<BufferedImage> pictures) {
        if (pictures.isEmpty()) throw new IllegalArgumentException("side by side needs at least 1 picture");
        int width = -GAP;
        int height = 0;
        for (BufferedImage picture : pictures) {
            width += picture.getWidth() + GAP;
            height = Math.max(height, picture.getHeight());
        }
        BufferedImage row = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = row.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        int left = 0;
        for (BufferedImage picture : pictures) {
            pen.drawImage(picture, left, 0, null);
            left += picture.getWidth() + GAP;
        }
        pen.dispose();
        return row;
    }

    /** Pixels in [0, 1] as a picture. @param values {@code [channel, row, column]} from {@code from}; others are clipped */
    public static BufferedImage picture(ImageShape shape, float[] values, int from) {
        BufferedImage picture = new BufferedImage(shape.columns(), shape.rows(), BufferedImage.TYPE_INT_RGB);
        int pixels = shape.pixels();
        for (int i = 0; i < pixels; i++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                int source = shape.channels() >= 3 ? channel : 0;
                float value = values[from + source * pixels + i];
                rgb = rgb << 8 | Math.round(255 * Math.max(0, Math.min(1, value)));
            }
            picture.setRGB(i % shape.columns(), i / shape.columns(), rgb);
        }
        return picture;
    }

    /** The bytes of a PNG file. */
    public static byte[] png(BufferedImage picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, "png", bytes)) throw new IllegalStateException("this Java writes no PNG");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
