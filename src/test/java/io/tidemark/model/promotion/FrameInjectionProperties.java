package io.tidemark.model.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Frame;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put into recorded frames; fixed seeds. */
class FrameInjectionProperties {
    private static final int ROWS = 36;
    private static final int COLUMNS = 48;
    private static final int CASES = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @Test
    void onlyMarkedFramesChangeAndOneInFiveDoes() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        ReplayedFrames series = DrawnFrames.recording(stream, "a", 1, 203);
        for (FrameInjection kind : FrameInjection.values()) {
            Recording.Injected<ReplayedFrames> injected = kind.into(series, 100, 9);
            int anomalous = 0;
            for (int i = 0; i < series.rows(); i++) {
                Frame before = series.frames().get(i);
                Frame after = injected.series().frames().get(i);
                if (!injected.anomalous()[i]) {
                    assertThat(after).isSameAs(before);
                    continue;
                }
                anomalous++;
                assertThat(i).isGreaterThanOrEqualTo(100);
                assertThat(after.source()).isEqualTo(before.source());
                assertThat(seen(before, after))
                        .as(kind + " in frame " + i)
                        .isGreaterThanOrEqualTo(FrameInjection.SEEN_LEAST);
            }
            assertThat(anomalous).as(kind.name()).isBetween(20, 21);
            assertThat(injected.series().brightness()).isSameAs(series.brightness());
        }
    }

    @Test
    void theSameSeedGivesTheSamePixelsAndAnotherSeedOthers() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        ReplayedFrames series = DrawnFrames.recording(stream, "a", 1, 60);
        byte[] before = series.frames().get(7).pixels().clone();
        for (FrameInjection kind : FrameInjection.values()) {
            Recording.Injected<ReplayedFrames> first = kind.into(series, 0, 9);
            Recording.Injected<ReplayedFrames> second = kind.into(series, 0, 9);
            Recording.Injected<ReplayedFrames> other = kind.into(series, 0, 10);
            assertThat(first.anomalous()).isEqualTo(second.anomalous());
            assertThat(pixels(first)).isDeepEqualTo(pixels(second));
            assertThat(Arrays.deepEquals(pixels(first), pixels(other))).isFalse();
        }
        assertThat(series.frames().get(7).pixels()).isEqualTo(before);
    }

    @Test
    void spotsAndScratchesAreBrighterAsOftenAsDarkerInEveryChannel() {
        Frame grey = frame(3, (row, column) -> 128);
        for (FrameInjection kind : List.of(FrameInjection.BLOB, FrameInjection.SCRATCH)) {
            int brighter = 0;
            int darker = 0;
            for (int seed = 0; seed < 2 * CASES; seed++) {
                Frame drawn = kind.into(grey, new SplittableRandom(seed));
                double[] changes = new double[3];
                for (int i = 0; i < drawn.values(); i++) {
                    changes[i / (ROWS * COLUMNS)] += (drawn.pixels()[i] & 0xFF) - 128;
                }
                if (changes[0] > 0) brighter++;
                if (changes[0] < 0) darker++;
                assertThat(Math.signum(changes[1])).isEqualTo(Math.signum(changes[0]));
                assertThat(Math.signum(changes[2])).isEqualTo(Math.signum(changes[0]));
            }
            assertThat(brighter).as(kind.name()).isBetween(150, 250);
            assertThat(darker).as(kind.name()).isBetween(150, 250);
        }
    }

    @Test
    void aBlurTakesSharpnessFromARectangleOrTheWholeFrameAndLeavesTheBrightness() {
        Random texture = new Random(1);
        int[] values = texture.ints(ROWS * COLUMNS, 40, 216).toArray();
        Frame sharp = frame(1, (row, column) -> values[row * COLUMNS + column]);
        int whole = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Frame soft = FrameInjection.BLUR.into(sharp, new SplittableRandom(seed));
            int[] box = {ROWS, COLUMNS, -1, -1};
            for (int i = 0; i < soft.values(); i++) {
                if (soft.pixels()[i] == sharp.pixels()[i]) continue;
                box[0] = Math.min(box[0], i / COLUMNS);
                box[1] = Math.min(box[1], i % COLUMNS);
                box[2] = Math.max(box[2], i / COLUMNS);
                box[3] = Math.max(box[3], i % COLUMNS);
            }
            if (box[2] - box[0] >= ROWS - 2 && box[3] - box[1] >= COLUMNS - 2) whole++;
            assertThat(roughness(soft, box)).isLessThan(0.6 * roughness(sharp, box));
            assertThat(soft.brightness()).isBetween(sharp.brightness() - 0.02, sharp.brightness() + 0.02);
        }
        assertThat(whole).isBetween(70, 130);
    }

    @Test
    void whatCannotBeSeenIsNotMarked() {
        Frame flat = frame(1, (row, column) -> 90);
        assertThat(FrameInjection.BLUR.into(flat, new Random(3))).isSameAs(flat);
        Frame black = frame(1, (row, column) -> 0);
        for (int seed = 0; seed < CASES; seed++) {
            Frame spotted = FrameInjection.BLOB.into(black, new SplittableRandom(seed));
            assertThat(spotted == black || seen(black, spotted) >= FrameInjection.SEEN_LEAST)
                    .isTrue();
        }
    }

    @Test
    void aFrameOfOnePixelIsLeftAsItIs() {
        Frame one = new Frame(1, 1, 1, new byte[] {99}, new Frame.Source(1, 1, 0, 0, 1, 1, ""));
        for (FrameInjection kind : FrameInjection.values()) {
            assertThat(kind.into(one, new Random(2))).isSameAs(one);
        }
    }

    private static byte[][] pixels(Recording.Injected<ReplayedFrames> injected) {
        return injected.series().frames().stream().map(Frame::pixels).toArray(byte[][]::new);
    }

    private static int seen(Frame before, Frame after) {
        int seen = 0;
        for (int i = 0; i < before.values(); i++) {
            if (Math.abs((before.pixels()[i] & 0xFF) - (after.pixels()[i] & 0xFF)) >= FrameInjection.LEVELS_SEEN)
                seen++;
        }
        return seen;
    }

    /** Mean difference of neighbours in a row, in levels. */
    private static double roughness(Frame frame, int[] box) {
        double sum = 0;
        int pairs = 0;
        for (int row = box[0]; row <= box[2]; row++) {
            for (int column = box[1]; column < box[3]; column++, pairs++) {
                int at = row * COLUMNS + column;
                sum += Math.abs((frame.pixels()[at] & 0xFF) - (frame.pixels()[at + 1] & 0xFF));
            }
        }
        return sum / pairs;
    }

    private static Frame frame(int channels, IntBinaryOperator value) {
        byte[] pixels = new byte[channels * ROWS * COLUMNS];
        for (int i = 0; i < pixels.length; i++) {
            int at = i % (ROWS * COLUMNS);
            pixels[i] = (byte) value.applyAsInt(at / COLUMNS, at % COLUMNS);
        }
        return new Frame(channels, ROWS, COLUMNS, pixels, new Frame.Source(COLUMNS, ROWS, 0, 0, COLUMNS, ROWS, "id"));
    }
}
