package io.tidemark.model.promotion;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive recorded rows of one series, in their own units, oldest first, with the location and scale that each was judged on.
 *
 * @param series the series
 * @param timesMs event time of each row; epoch milliseconds
 * @param values {@code [row][feature]}
 * @param locations {@code [row][feature]}
 * @param scales {@code [row][feature]}, above 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record ReplayedSeries(String series, long[] timesMs, float[][] values, float[][] locations, float[][] scales)
        implements Recording {
    private static final List<String> KINDS = Recording.names(Injection.values());

    public ReplayedSeries {
        if (values.length != timesMs.length || values.length != locations.length || values.length != scales.length) {
            throw new IllegalArgumentException("a replayed series needs as many times, locations and scales as rows");
        }
    }

    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public long timeMs(int row) {
        return timesMs[row];
    }

    @Override
    public ReplayedSeries newest(int rowsMax) {
        int from = Math.max(0, rows() - rowsMax);
        return new ReplayedSeries(
                series,
                Arrays.copyOfRange(timesMs, from, rows()),
                Arrays.copyOfRange(values, from, rows()),
                Arrays.copyOfRange(locations, from, rows()),
                Arrays.copyOfRange(scales, from, rows()));
    }

    @Override
    public List<String> kinds() {
        return KINDS;
    }

    @Override
    public Injected<ReplayedSeries> injected(String kind, int from, long seed) {
        return Injection.values()[KINDS.indexOf(kind)].into(this, from, seed);
    }

    /** The recorded locations and scales stay, whatever the values were changed to. */
    @Override
    public byte[] sample(int row, StreamSpec stream, int window) {
        Step step = step(row, stream);
        int features = step.features();
        int rows = Math.min(row + 1, window);
        float[] scaled = new float[rows * features];
        float clip = (float) stream.scaling().clip();
        for (int r = 0; r < rows; r++) {
            for (int f = 0; f < features; f++) {
                scaled[r * features + f] =
                        Step.scaled(values[row - rows + 1 + r][f], locations[row][f], scales[row][f], clip);
            }
        }
        return Sample.encode(Wire.writer(64 + 4 * scaled.length), step, scaled, rows);
    }

    /** What a sample says of a row beside its values in a window. */
    Step step(int row, StreamSpec stream) {
        Step step = new Step();
        step.stream = stream.name();
        step.series = series;
        step.generation = stream.generation();
        step.step = row;
        step.timeMs = timesMs[row];
        step.features(stream.features());
        for (int f = 0; f < stream.features(); f++) {
            step.values()[f] = values[row][f];
            step.location()[f] = locations[row][f];
            step.scale()[f] = scales[row][f];
        }
        return step;
    }

    /** The same with other values. */
    ReplayedSeries with(float[][] other) {
        return new ReplayedSeries(series, timesMs, other, locations, scales);
    }

    /**
     * The longest stretch of consecutive whole rows of each series.
     *
     * @param chunks records of {@code training}, in the order of their topic
     * @param generation rows of another one are left out
     * @param fromMs rows before this event time are left out; epoch milliseconds
     */
    public static List<ReplayedSeries> of(Iterable<TrainingRows> chunks, int generation, long fromMs) {
        Map<String, Stretches> all = new LinkedHashMap<>();
        for (TrainingRows chunk : chunks) {
            if (chunk.generation != generation) continue;
            Stretches stretches = all.computeIfAbsent(chunk.series, name -> new Stretches());
            for (int r = 0; r < chunk.rows(); r++) if (chunk.timeMs(r) >= fromMs) stretches.add(chunk, r);
        }
        List<ReplayedSeries> found = new ArrayList<>();
        all.forEach((name, stretches) -> found.add(stretches.longest(name)));
        return found;
    }

    /** The rows of one series while they are gathered. */
    private static final class Stretches {
        private List<float[][]> longest = List.of();
        private List<Long> longestTimes = List.of();
        private List<float[][]> rows = new ArrayList<>();
        private List<Long> times = new ArrayList<>();
        private long last = Long.MIN_VALUE;

        void add(TrainingRows chunk, int r) {
            long step = chunk.step(r);
            if (step <= last) return;
            if (step != last + 1 || chunk.filled(r)) end();
            last = step;
            if (chunk.filled(r)) return;
            float[][] row = new float[3][chunk.features()];
            for (int f = 0; f < chunk.features(); f++) {
                row[0][f] = chunk.value(r, f);
                row[1][f] = chunk.location(r, f);
                row[2][f] = chunk.scale(r, f);
            }
            rows.add(row);
            times.add(chunk.timeMs(r));
        }

        private void end() {
            if (rows.size() > longest.size()) {
                longest = rows;
                longestTimes = times;
            }
            rows = new ArrayList<>();
            times = new ArrayList<>();
        }

        ReplayedSeries longest(String name) {
            end();
            int n = longest.size();
            float[][][] parts = new float[3][n][];
            long[] at = new long[n];
            for (int i = 0; i < n; i++) {
                at[i] = longestTimes.get(i);
                for (int p = 0; p < 3; p++) parts[p][i] = longest.get(i)[p];
            }
            return new ReplayedSeries(name, at, parts[0], parts[1], parts[2]);
        }
    }
}
