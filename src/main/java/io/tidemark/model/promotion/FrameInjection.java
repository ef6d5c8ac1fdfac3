package io.tidemark.model.promotion;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.learn.pixels.SyntheticDefects;
import io.tidemark.series.sample.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Anomalies that are put into recorded frames, to see who finds them. Seeded: the same frame, kind and seed give the same pixels.
 *
 * <p>An anomaly that can hardly be seen, such as a dark spot on black, is drawn anew, at most {@link #TRIES} times; a frame that
 * stays as good as it was is given back as it was. A try costs a few operations a pixel.
 */
public enum FrameInjection {
    /** A spot, brighter or darker than what it covers: a soft ellipse, or a piece of smooth noise. */
    BLOB,
    /** A thin line that wanders, brighter or darker than what it covers. */
    SCRATCH,
    /** A rectangle of the frame, or as likely all of it, out of focus. */
    BLUR;

    /** One in so many frames gets an anomaly. */
    static final int EVERY = 5;
    /** Times that an anomaly is drawn at most. */
    static final int TRIES = 8;
    /** By how much a pixel must differ to be seen; of 255. */
    static final int LEVELS_SEEN = 24;
    /** One in so many values must differ so much; and {@link #SEEN_LEAST} of them. */
    private static final int SEEN_SHARE = 100;

    static final int SEEN_LEAST = 4;

    private static final double SMALLEST_BLUR = 0.02;
    private static final double LARGEST_BLUR = 0.08;
    private static final int RADIUS_MAX = 127;

    /**
     * Puts an anomaly into one frame of every {@link #EVERY}.
     *
     * @param from frames before this one stay as they are
     */
    public Recording.Injected<ReplayedFrames> into(ReplayedFrames series, int from, long seed) {
        List<Frame> frames = new ArrayList<>(series.frames());
        boolean[] anomalous = new boolean[frames.size()];
        SplittableRandom random = new SplittableRandom(seed * 31 + ordinal());
        for (int begin = from; begin < anomalous.length; begin += EVERY) {
            int at = begin + random.nextInt(EVERY);
            SplittableRandom own = random.split();
            if (at >= anomalous.length) break;
            Frame frame = frames.get(at);
            Frame changed = into(frame, own);
            anomalous[at] = changed != frame;
            frames.set(at, changed);
        }
        return new Recording.Injected<>(series.with(frames), anomalous);
    }

    /** The frame with an anomaly; the frame itself where none can be seen in it. */
    Frame into(Frame frame, RandomGenerator random) {
        ImageShape shape = new ImageShape(frame.channels(), frame.rows(), frame.columns());
        float[] image = new float[shape.size()];
        for (int i = 0; i < image.length; i++) image[i] = (frame.pixels()[i] & 0xFF) / 255f;
        byte[] pixels = new byte[image.length];
        for (int tries = 0; tries < TRIES; tries++) {
            float[] drawn = image.clone();
            draw(drawn, shape, random);
            int seen = 0;
            for (int i = 0; i < pixels.length; i++) {
                int value = Math.round(255 * drawn[i]);
                pixels[i] = (byte) value;
                if (Math.abs(value - (frame.pixels()[i] & 0xFF)) >= LEVELS_SEEN) seen++;
            }
            if (seen >= Math.max(SEEN_LEAST, pixels.length / SEEN_SHARE)) {
                return new Frame(shape.channels(), shape.rows(), shape.columns(), pixels, frame.source());
            }
        }
        return frame;
    }

    private void draw(float[] image, ImageShape shape, RandomGenerator random) {
        SyntheticDefects defects = new SyntheticDefects(shape, random);
        float[] mask = new float[shape.pixels()];
        switch (this) {
            case BLOB -> {
                boolean soft = random.nextBoolean();
                defects.draw(soft ? SyntheticDefects.Kind.ELLIPSE : SyntheticDefects.Kind.NOISE, image, 0, mask, 0);
            }
            case SCRATCH -> defects.draw(SyntheticDefects.Kind.LINE, image, 0, mask, 0);
            case BLUR -> blur(image, shape, random);
        }
    }

    /** Two means over squares, which come close to a bell. */
    private static void blur(float[] image, ImageShape shape, RandomGenerator random) {
        boolean whole = random.nextBoolean();
        int height = whole ? shape.rows() : part(shape.rows(), random);
        int width = whole ? shape.columns() : part(shape.columns(), random);
        int top = random.nextInt(shape.rows() - height + 1);
        int left = random.nextInt(shape.columns() - width + 1);
        double share = SMALLEST_BLUR + (LARGEST_BLUR - SMALLEST_BLUR) * random.nextDouble();
        long radius = Math.round(share * Math.min(shape.rows(), shape.columns()));
        int side = 2 * (int) Math.max(1, Math.min(RADIUS_MAX, radius)) + 1;
        for (int channel = 0; channel < shape.channels(); channel++) {
            int at = channel * shape.pixels();
            float[] sharp = Arrays.copyOfRange(image, at, at + shape.pixels());
            float[] soft = new ErrorMap(shape.rows(), shape.columns(), sharp)
                    .pooled(side)
                    .pooled(side)
                    .values();
            for (int row = top; row < top + height; row++) {
                int from = row * shape.columns() + left;
                System.arraycopy(soft, from, image, at + from, width);
            }
        }
    }

    /** A quarter to three quarters of a side. */
    private static int part(int length, RandomGenerator random) {
        return Math.max(1, (int) Math.round(length * (0.25 + 0.5 * random.nextDouble())));
    }
}
