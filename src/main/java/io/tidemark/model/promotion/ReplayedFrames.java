package io.tidemark.model.promotion;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Wire;
import io.tidemark.series.scale.RobustScale;
import java.util.List;

/**
 * Recorded frames of one series, oldest first; between two of them there may have been others.
 *
 * @param brightness what the verdict sees of each: a series of one feature with the location and scale it is judged on
 * @param frames as many
 */
public record ReplayedFrames(ReplayedSeries brightness, List<Frame> frames) implements Recording {
    private static final List<String> KINDS = Recording.names(FrameInjection.values());

    public ReplayedFrames {
        frames = List.copyOf(frames);
        if (brightness.rows() != frames.size()) {
            throw new IllegalArgumentException("a replayed series has " + brightness.rows()
                    + " values of brightness for " + frames.size() + " frames");
        }
    }

    /**
     * Frames with their brightness scaled as ingest does it, from the first of them on: {@code training} does not hold the scale.
     *
     * @param timesMs event time of each; epoch milliseconds
     */
    public static ReplayedFrames of(String series, long[] timesMs, List<Frame> frames, StreamSpec.Scaling scaling) {
        RobustScale scale = new RobustScale(1, scaling.floor(), scaling.memory());
        float[][] values = new float[frames.size()][1];
        float[][] locations = new float[frames.size()][1];
        float[][] scales = new float[frames.size()][1];
        for (int i = 0; i < values.length; i++) {
            double value = frames.get(i).brightness();
            values[i][0] = (float) value;
            locations[i][0] = (float) (i == 0 ? value : scale.location(0));
            scales[i][0] = (float) scale.scale(0);
            scale.learn(0, value);
        }
        return new ReplayedFrames(new ReplayedSeries(series, timesMs, values, locations, scales), frames);
    }

    @Override
    public String series() {
        return brightness.series();
    }

    @Override
    public int rows() {
        return frames.size();
    }

    @Override
    public long timeMs(int row) {
        return brightness.timeMs(row);
    }

    @Override
    public ReplayedFrames newest(int rowsMax) {
        int from = Math.max(0, rows() - rowsMax);
        return new ReplayedFrames(brightness.newest(rowsMax), frames.subList(from, rows()));
    }

    @Override
    public byte[] sample(int row, StreamSpec stream, int window) {
        Frame frame = frames.get(row);
        return Sample.encode(Wire.writer(256 + frame.values()), brightness.step(row, stream), frame);
    }

    @Override
    public List<String> kinds() {
        return KINDS;
    }

    @Override
    public Injected<ReplayedFrames> injected(String kind, int from, long seed) {
        return FrameInjection.values()[KINDS.indexOf(kind)].into(this, from, seed);
    }

    /** The same with other pixels; the recorded brightness stays, which only the verdict looks at. */
    ReplayedFrames with(List<Frame> other) {
        return new ReplayedFrames(brightness, other);
    }
}
