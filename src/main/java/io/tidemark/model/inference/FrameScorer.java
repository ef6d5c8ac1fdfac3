package io.tidemark.model.inference;

import io.tidemark.config.ImageSpec;
import io.tidemark.image.detect.Box;
import io.tidemark.image.detect.PooledError;
import io.tidemark.image.detect.Region;
import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Logistic;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.FrameRegion;
import io.tidemark.series.sample.Inference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network of frames. A frame of several tiles runs as so many inputs, and what the tiles say of a pixel is averaged.
 */
final class FrameScorer extends MemberScorer {
    private final ImageSpec spec;
    private final ImageShape shape;
    private final boolean segments;
    private final int tiles;
    private final int tileRows;
    private final int tileColumns;
    private final float[] values = new float[256];
    private final float[] overlaps;
    private final @Nullable FrameJudgement[] judged;
    private final @Nullable Frame[] frames;

    FrameScorer(Engine engine, Network network, ImageSpec spec, int capacity, ForwardTimes times) {
        super(engine, network, capacity, spec.tileCount(), times);
        this.spec = spec;
        shape = new ImageShape(
                spec.size().channels(), spec.size().height(), spec.size().width());
        segments = network.spec().kind() == NetworkSpec.Kind.SEGMENTER;
        tiles = spec.tileCount();
        tileRows = spec.networkHeight();
        tileColumns = spec.networkWidth();
        for (int i = 0; i < values.length; i++) values[i] = spec.scaled((byte) i);
        overlaps = overlaps();
        judged = new FrameJudgement[capacity];
        frames = new Frame[capacity];
    }

    /** How many tiles cover each pixel. */
    private float[] overlaps() {
        float[] covers = new float[shape.pixels()];
        for (int tile = 0; tile < tiles; tile++) {
            for (int row = 0; row < tileRows; row++) {
                int at = (spec.tileY(tile) + row) * spec.size().width() + spec.tileX(tile);
                for (int column = 0; column < tileColumns; column++) covers[at + column]++;
            }
        }
        return covers;
    }

    @Override
    Inference.Status judge(PendingSample sample) {
        return Inference.Status.SCORED;
    }

    @Override
    boolean runSlots(List<PendingSample> block, int count) {
        Arrays.fill(judged, null);
        Arrays.fill(frames, null);
        return super.runSlots(block, count);
    }

    private static Frame frame(PendingSample sample) {
        Frame frame = sample.sample.frame();
        if (frame == null) throw new IllegalArgumentException("the sample holds no frame");
        return frame;
    }

    @Override
    void write(PendingSample sample, int back, float[] input, int at) {
        byte[] pixels = frame(sample).pixels();
        int to = at;
        for (int tile = 0; tile < tiles; tile++) {
            for (int channel = 0; channel < spec.size().channels(); channel++) {
                for (int row = 0; row < tileRows; row++) {
                    int from = (channel * spec.size().height() + spec.tileY(tile) + row)
                                    * spec.size().width()
                            + spec.tileX(tile);
                    for (int i = 0; i < tileColumns; i++) input[to++] = values[pixels[from + i] & 0xFF];
                }
            }
        }
    }

    @Override
    boolean read(PendingSample sample, float[] output, int at, int slot, int back) {
        Frame frame = frame(sample);
        float[] whole = merged(output, at, segments ? 1 : spec.size().channels());
        for (float value : whole) if (!Float.isFinite(value)) return false;
        frames[slot] = frame;
        judged[slot] = segments ? segmented(whole) : reconstructed(frame, whole);
        return true;
    }

    /** The output over the whole frame: {@code [channel, row, column]}. */
    private float[] merged(float[] output, int sample, int channels) {
        float[] whole = new float[channels * shape.pixels()];
        int from = sample * tiles * channels * tileRows * tileColumns;
        for (int tile = 0; tile < tiles; tile++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int row = 0; row < tileRows; row++) {
                    int to = (channel * spec.size().height() + spec.tileY(tile) + row)
                                    * spec.size().width()
                            + spec.tileX(tile);
                    for (int i = 0; i < tileColumns; i++) whole[to + i] += output[from++];
                }
            }
        }
        if (tiles > 1) for (int i = 0; i < whole.length; i++) whole[i] /= overlaps[i % overlaps.length];
        return whole;
    }

    private FrameJudgement segmented(float[] logits) {
        float error = new ErrorMap(shape.rows(), shape.columns(), logits).contrast();
        Logistic.apply(logits, logits.length);
        return new FrameJudgement(error, new ErrorMap(shape.rows(), shape.columns(), logits), Optional.empty());
    }

    private FrameJudgement reconstructed(Frame frame, float[] reconstruction) {
        float[] image = new float[shape.size()];
        for (int i = 0; i < image.length; i++) image[i] = values[frame.pixels()[i] & 0xFF];
        ErrorMap errors = ErrorMap.squared(shape, image, 0, reconstruction, 0);
        float error = (float) PooledError.DEFAULT.score(errors, shape, image, 0);
        byte[] pixels = new byte[reconstruction.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) Math.round(255 * spec.unscaled(reconstruction[i]));
        return new FrameJudgement(error, errors.pooled(PooledError.DEFAULT.side()), Optional.of(pixels));
    }

    @Override
    void fillScored(int slot, Inference.Member member) {
        FrameJudgement judgement = judged[slot];
        Frame frame = frames[slot];
        if (judgement == null || frame == null) throw new IllegalStateException("slot " + slot + " was not judged");
        member.error[0] = judgement.error();
        member.expected[0] = 0;
        member.bands = false;
        member.regions = regions(judgement.map(), frame.source());
    }

    private static List<FrameRegion> regions(ErrorMap map, Frame.Source source) {
        Box part = new Box(
                (int) source.left(),
                (int) source.top(),
                Math.max(1, Math.round(source.partWidth())),
                Math.max(1, Math.round(source.partHeight())));
        List<FrameRegion> regions = new ArrayList<>();
        for (Region found : Region.of(map, FrameRegion.COUNT_MAX)) {
            Region region = found.within(map, part);
            Box box = region.box();
            regions.add(new FrameRegion(box.left(), box.top(), box.width(), box.height(), (float) region.share()));
        }
        return regions;
    }

    /** What the network said of a slot of the last block; empty when it was not scored. */
    Optional<FrameJudgement> judgement(int slot) {
        boolean scored = status[slot] == Inference.Status.SCORED;
        return scored ? Optional.ofNullable(judged[slot]) : Optional.empty();
    }
}
