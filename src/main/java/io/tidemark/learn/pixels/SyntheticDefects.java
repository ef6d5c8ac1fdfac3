package io.tidemark.learn.pixels;

import java.util.random.RandomGenerator;

/**
 * Draws defects that were never seen into good images, with the mask of what was changed, so that a network can be taught to
 * segment what does not belong (after Zavrtanik et al., DRAEM, 2021, and Li et al., CutPaste, 2021).
 *
 * <p>Four kinds: soft ellipses, lines that walk at random, blobs cut out of smooth noise, and patches pasted from another place. Each is
 * brighter or darker than what it covers with equal chance: nothing here knows what real defects look like.
 *
 * <p>Owned by one thread; the same seed of the generator gives the same defects.
 */
public final class SyntheticDefects {
    private static final float MASK_LEAST = 0.25f;

    /** Defects that change the brightness of what they cover. */
    public enum Kind {
        /** A soft ellipse. */
        ELLIPSE,
        /** A thin line that walks at random. */
        LINE,
        /** The high part of smooth noise, fading outwards. */
        NOISE
    }

    private static final Kind[] KINDS = Kind.values();

    private final ImageShape shape;
    private final RandomGenerator random;
    private final float[] cover;

    public SyntheticDefects(ImageShape shape, RandomGenerator random) {
        this.shape = shape;
        this.random = random;
        this.cover = new float[shape.pixels()];
    }

    /**
     * Draws one to three defects.
     *
     * @param image {@code [channel, row, column]} in [0, 1], from {@code imageFrom}; changed in place
     * @param donor another good image of the same shape for pasted patches; may be the same array as it was before
     * @param mask {@code [row, column]} from {@code maskFrom}: set to 1 where a defect covers at least a quarter, 0 elsewhere
     */
    public void draw(float[] image, int imageFrom, float[] donor, float[] mask, int maskFrom) {
        for (int i = 0; i < shape.pixels(); i++) mask[maskFrom + i] = 0;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(1 + KINDS.length);
            if (kind == KINDS.length) paste(image, imageFrom, donor, mask, maskFrom);
            else draw(KINDS[kind], image, imageFrom, mask, maskFrom);
        }
    }

    /**
     * Draws one defect of a kind, brighter or darker with equal chance.
     *
     * @param image {@code [channel, row, column]} in [0, 1], from {@code imageFrom}; changed in place
     * @param mask {@code [row, column]} from {@code maskFrom}: set to 1 where the defect covers at least a quarter, else left
     */
    public void draw(Kind kind, float[] image, int imageFrom, float[] mask, int maskFrom) {
        java.util.Arrays.fill(cover, 0);
        switch (kind) {
            case ELLIPSE -> ellipse();
            case LINE -> line();
            case NOISE -> blob();
        }
        shade(image, imageFrom, mask, maskFrom);
    }

    private double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }

    private double side() {
        return Math.min(shape.rows(), shape.columns());
    }

    /** A size between two shares of the image, small ones as likely as large ones on a logarithmic scale. */
    private double size(double leastShare, double mostShare) {
        return Math.max(1, side() * leastShare * Math.pow(mostShare / leastShare, random.nextDouble()));
    }

    private void ellipse() {
        double y = between(0, shape.rows());
        double x = between(0, shape.columns());
        double a = size(0.01, 0.12);
        double b = a * between(0.3, 1);
        double turn = between(0, Math.PI);
        double cos = Math.cos(turn);
        double sin = Math.sin(turn);
        double softness = between(0.5, 2.5);
        int reach = (int) Math.ceil(a + 3 * softness + 1);
        for (int row = Math.max(0, (int) y - reach); row < Math.min(shape.rows(), (int) y + reach + 1); row++) {
            for (int column = Math.max(0, (int) x - reach);
                    column < Math.min(shape.columns(), (int) x + reach + 1);
                    column++) {
                double u = ((column - x) * cos + (row - y) * sin) / a;
                double v = ((row - y) * cos - (column - x) * sin) / b;
                double outside = (Math.sqrt(u * u + v * v) - 1) * b;
                cover[row * shape.columns() + column] = (float) (1 / (1 + Math.exp(2 * outside / softness)));
            }
        }
    }

    private void line() {
        double y = between(0, shape.rows());
        double x = between(0, shape.columns());
        double heading = between(0, 2 * Math.PI);
        double wander = between(0.02, 0.35);
        double width = Math.max(0.6, size(0.003, 0.02));
        int steps = (int) size(0.1, 0.8);
        for (int i = 0; i < steps; i++) {
            dot(y, x, width);
            heading += wander * random.nextGaussian();
            y += Math.sin(heading);
            x += Math.cos(heading);
        }
    }

    private void dot(double y, double x, double width) {
        int reach = (int) Math.ceil(width + 2);
        for (int row = Math.max(0, (int) y - reach); row <= Math.min(shape.rows() - 1, (int) y + reach); row++) {
            for (int column = Math.max(0, (int) x - reach);
                    column <= Math.min(shape.columns() - 1, (int) x + reach);
                    column++) {
                double distance = Math.hypot(row - y, column - x);
                float inside = (float) Math.max(0, Math.min(1, width + 0.5 - distance));
                int at = row * shape.columns() + column;
                cover[at] = Math.max(cover[at], inside);
            }
        }
    }

    /** The part of a window where smooth noise, fading outwards, is high. */
    private void blob() {
        int reach = (int) Math.max(3, size(0.03, 0.2));
        int y = random.nextInt(shape.rows());
        int x = random.nextInt(shape.columns());
        int width = 2 * reach + 1;
        int cell = Math.max(2, reach / (1 + random.nextInt(4)));
        int knots = width / cell + 2;
        float[] grid = new float[knots * knots];
        for (int i = 0; i < grid.length; i++) grid[i] = (float) random.nextGaussian();
        ErrorMap noise = new ErrorMap(knots, knots, grid).resized(knots * cell, knots * cell);
        double level = between(-0.2, 0.6);
        for (int r = 0; r < width; r++) {
            for (int c = 0; c < width; c++) {
                int row = y + r - reach;
                int column = x + c - reach;
                if (row < 0 || column < 0 || row >= shape.rows() || column >= shape.columns()) continue;
                double away = Math.hypot(r - reach, c - reach) / reach;
                double height = noise.at(r, c) + 1.2 * (1 - 2 * away * away) - level;
                cover[row * shape.columns() + column] = (float) Math.max(0, Math.min(1, 0.5 + 2 * height));
            }
        }
    }

    /** Changes brightness under the cover, flat or grained, up or down. */
    private void shade(float[] image, int imageFrom, float[] mask, int maskFrom) {
        double sign = random.nextBoolean() ? 1 : -1;
        float strength = (float) (sign * between(0.08, 0.5));
        float grain = random.nextInt(3) == 0 ? (float) between(0.05, 0.2) : 0;
        int pixels = shape.pixels();
        for (int i = 0; i < pixels; i++) {
            if (cover[i] < 0.02f) continue;
            float change = cover[i] * (strength + (grain == 0 ? 0 : grain * (float) random.nextGaussian()));
            for (int channel = 0; channel < shape.channels(); channel++) {
                int at = imageFrom + channel * pixels + i;
                image[at] = Math.max(0, Math.min(1, image[at] + change));
            }
            if (cover[i] >= MASK_LEAST) mask[maskFrom + i] = 1;
        }
    }

    /** A rectangle of the donor from anywhere, turned by a half turn or mirrored, over another place. */
    private void paste(float[] image, int imageFrom, float[] donor, float[] mask, int maskFrom) {
        int height = (int) Math.min(shape.rows(), Math.max(2, size(0.03, 0.25)));
        int width = (int) Math.min(shape.columns(), Math.max(2, size(0.03, 0.25)));
        int fromRow = random.nextInt(shape.rows() - height + 1);
        int fromColumn = random.nextInt(shape.columns() - width + 1);
        int toRow = random.nextInt(shape.rows() - height + 1);
        int toColumn = random.nextInt(shape.columns() - width + 1);
        boolean flipRows = random.nextBoolean();
        boolean flipColumns = random.nextBoolean();
        float shift = (float) (0.08 * random.nextGaussian());
        int pixels = shape.pixels();
        for (int r = 0; r < height; r++) {
            for (int c = 0; c < width; c++) {
                int source = (fromRow + (flipRows ? height - 1 - r : r)) * shape.columns()
                        + fromColumn
                        + (flipColumns ? width - 1 - c : c);
                int at = (toRow + r) * shape.columns() + toColumn + c;
                float changed = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    float value = Math.max(0, Math.min(1, donor[channel * pixels + source] + shift));
                    int pixel = imageFrom + channel * pixels + at;
                    changed = Math.max(changed, Math.abs(value - image[pixel]));
                    image[pixel] = value;
                }
                if (changed > 0.02f) mask[maskFrom + at] = 1;
            }
        }
    }
}
