package io.tidemark.model.inference;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Sample;
import java.util.Arrays;
import java.util.List;

/** A network of windows: an autoencoder, judged by the last row, or a forecaster, judged by the row after the window. */
final class WindowScorer extends MemberScorer {
    private final int window;
    private final int features;
    private final boolean forecaster;
    private final float[] levels;
    private final int median;

    private final float[] error;
    private final float[] expected;
    private final float[] lower;
    private final float[] upper;
    private final float[] actual;
    /** Where a slot's forecast lies, in forecasts; -1 when it has none. */
    private final int[] forecastAt;

    private float[] forecasts = new float[0];

    WindowScorer(Engine engine, Network network, int capacity, ForwardTimes times) {
        super(engine, network, capacity, 1, times);
        NetworkSpec spec = network.spec();
        this.window = spec.window();
        this.features = network.features();
        this.forecaster = spec.kind() == NetworkSpec.Kind.FORECASTER;
        this.levels = new float[spec.forecast().quantiles().size()];
        for (int i = 0; i < levels.length; i++)
            levels[i] = spec.forecast().quantiles().get(i).floatValue();
        this.median = spec.forecast().quantiles().indexOf(0.5);
        this.forecastAt = new int[capacity];
        this.error = new float[capacity * features];
        this.expected = new float[capacity * features];
        this.lower = new float[forecaster ? capacity * features : 0];
        this.upper = new float[forecaster ? capacity * features : 0];
        this.actual = new float[features];
    }

    @Override
    Inference.Status judge(PendingSample sample) {
        if (Float.isNaN(sample.step.filledShare)) return Inference.Status.UNUSABLE_WINDOW;
        boolean whole = sample.sample.rows() >= network.spec().rowsToScore();
        return whole ? Inference.Status.SCORED : Inference.Status.SHORT_WINDOW;
    }

    /** A forecaster runs on the rows before the last, and once more on the rows up to the last where a forecast is due. */
    @Override
    boolean runSlots(List<PendingSample> block, int count) {
        Arrays.fill(forecastAt, 0, block.size(), -1);
        if (!forecaster) return attempt(block, 0, count, 0);
        boolean finite = attempt(block, 0, count, 1);
        int due = 0;
        for (int k = 0; k < count; k++) {
            int i = slots[k];
            if (status[i] == Inference.Status.SCORED && block.get(i).step.forecastDue) slots[due++] = i;
        }
        int size = network.spec().forecast().horizon() * features * levels.length;
        if (forecasts.length < due * size) forecasts = new float[due * size];
        for (int k = 0; k < due; k++) forecastAt[slots[k]] = k * size;
        return (due == 0 || attempt(block, 0, due, 0)) && finite;
    }

    @Override
    void write(PendingSample sample, int back, float[] input, int at) {
        sample.sample.copyRows(window, back, input, at);
    }

    @Override
    boolean read(PendingSample sample, float[] output, int at, int slot, int back) {
        if (!forecaster) return reconstruction(sample.sample, output, at, slot);
        return back == 1 ? band(sample.sample, output, at, slot) : forecast(output, at, slot);
    }

    private boolean reconstruction(Sample sample, float[] output, int at, int slot) {
        int row = (at * window + window - 1) * features;
        sample.copyRows(1, 0, actual, 0);
        float sum = 0;
        for (int f = 0; f < features; f++) {
            float e = output[row + f];
            sum += e;
            expected[slot * features + f] = e;
            error[slot * features + f] = Math.abs(e - actual[f]);
        }
        return Float.isFinite(sum);
    }

    private boolean band(Sample sample, float[] output, int at, int slot) {
        int q = levels.length;
        int row = at * network.spec().forecast().horizon() * features * q;
        sample.copyRows(1, 0, actual, 0);
        float sum = 0;
        for (int f = 0; f < features; f++) {
            int to = slot * features + f;
            float e = output[row + f * q + median];
            expected[to] = e;
            error[to] = Math.abs(e - actual[f]);
            lower[to] = output[row + f * q];
            upper[to] = output[row + f * q + q - 1];
            sum += e + lower[to] + upper[to];
        }
        return Float.isFinite(sum);
    }

    private boolean forecast(float[] output, int at, int slot) {
        int size = network.spec().forecast().horizon() * features * levels.length;
        int to = forecastAt[slot];
        float sum = 0;
        for (int i = 0; i < size; i++) {
            float v = output[at * size + i];
            forecasts[to + i] = v;
            sum += v;
        }
        return Float.isFinite(sum);
    }

    @Override
    float meanError(int slot) {
        if (status[slot] != Inference.Status.SCORED) return Float.NaN;
        float sum = 0;
        for (int f = 0; f < features; f++) sum += error[slot * features + f];
        return sum / features;
    }

    @Override
    void fillScored(int slot, Inference.Member member) {
        int at = slot * features;
        System.arraycopy(error, at, member.error, 0, features);
        System.arraycopy(expected, at, member.expected, 0, features);
        member.bands = forecaster;
        if (!forecaster) return;
        System.arraycopy(lower, at, member.lower, 0, features);
        System.arraycopy(upper, at, member.upper, 0, features);
        if (forecastAt[slot] < 0) return;
        int size = network.spec().forecast().horizon() * features * levels.length;
        if (member.forecast.length < size) member.forecast = new float[size];
        System.arraycopy(forecasts, forecastAt[slot], member.forecast, 0, size);
        member.levels = levels;
        member.horizon = network.spec().forecast().horizon();
    }
}
