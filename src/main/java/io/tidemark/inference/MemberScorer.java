package io.tidemark.inference;

import io.tidemark.engine.Engine;
import io.tidemark.engine.NetworkState;
import io.tidemark.engine.ScoringReplica;
import io.tidemark.network.Network;
import io.tidemark.network.NetworkSpec;
import io.tidemark.sample.Inference;
import io.tidemark.sample.Sample;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One network of a stream with its model: runs blocks of samples and keeps the results until they are encoded. */
final class MemberScorer implements AutoCloseable {
    private final Engine engine;
    private final String label;
    private final Network network;
    private final int capacity;
    private final int window;
    private final int features;
    private final boolean forecaster;
    private final float[] levels;
    private final int median;

    private int version;
    private String suspended = "";
    private @Nullable NetworkState state;
    private @Nullable ScoringReplica replica;

    private final long[] counts = new long[Inference.Status.values().length];
    private final ForwardTimes times;
    private final Inference.Status[] status;
    /** Slots of the block that are run, in order. */
    private final int[] slots;

    private final float[] error;
    private final float[] expected;
    private final float[] lower;
    private final float[] upper;
    private final float[] actual;
    /** Where a slot's forecast lies, in forecasts; -1 when it has none. */
    private final int[] forecastAt;

    private float[] forecasts = new float[0];

    MemberScorer(Engine engine, Network network, int capacity, ForwardTimes times) {
        NetworkSpec spec = network.spec();
        this.engine = engine;
        this.times = times;
        this.label = engine.info().label();
        this.network = network;
        this.capacity = capacity;
        this.window = spec.window();
        this.features = network.features();
        this.forecaster = spec.kind() == NetworkSpec.Kind.FORECASTER;
        this.levels = new float[spec.quantiles().size()];
        for (int i = 0; i < levels.length; i++)
            levels[i] = spec.quantiles().get(i).floatValue();
        this.median = spec.quantiles().indexOf(0.5);
        this.status = new Inference.Status[capacity];
        this.slots = new int[capacity];
        this.forecastAt = new int[capacity];
        this.error = new float[capacity * features];
        this.expected = new float[capacity * features];
        this.lower = new float[forecaster ? capacity * features : 0];
        this.upper = new float[forecaster ? capacity * features : 0];
        this.actual = new float[features];
    }

    String name() {
        return network.spec().name();
    }

    int version() {
        return version;
    }

    String suspended() {
        return suspended;
    }

    long count(Inference.Status of) {
        return counts[of.ordinal()];
    }

    boolean ready() {
        return state != null && suspended.isEmpty();
    }

    void swap(int version, NetworkState state) {
        if (!state.specHash().equals(network.hash())) {
            throw new IllegalArgumentException("model " + name() + "@" + version
                    + " belongs to a network of other layers or sizes; retrain it or restore the declared network");
        }
        ScoringReplica current = replica;
        if (current == null) replica = current = engine.scoring(network, capacity);
        current.load(state);
        this.state = state;
        this.version = version;
        suspended = "";
    }

    /** Judges every sample of a block; results stay until the next block. */
    void run(List<PendingSample> block) {
        int count = 0;
        for (int i = 0; i < block.size(); i++) {
            forecastAt[i] = -1;
            status[i] = judge(block.get(i));
            if (status[i] == Inference.Status.SCORED) slots[count++] = i;
        }
        ScoringReplica current = replica;
        if (count == 0 || current == null) return;
        boolean finite = attempt(block, 0, count, forecaster ? 1 : 0);
        if (forecaster) {
            int due = 0;
            for (int k = 0; k < count; k++) {
                int i = slots[k];
                if (status[i] == Inference.Status.SCORED && block.get(i).step.forecastDue) slots[due++] = i;
            }
            int size = network.spec().horizon() * features * levels.length;
            if (forecasts.length < due * size) forecasts = new float[due * size];
            for (int k = 0; k < due; k++) forecastAt[slots[k]] = k * size;
            if (due > 0) finite &= attempt(block, 0, due, 0);
        }
        if (!finite && suspended.isEmpty()) blame();
    }

    private Inference.Status judge(PendingSample sample) {
        if (!sample.failure.isEmpty()) return Inference.Status.FAILED;
        if (Float.isNaN(sample.step.filledShare)) return Inference.Status.UNUSABLE_WINDOW;
        if (sample.sample.rows() < network.spec().rowsToScore()) return Inference.Status.SHORT_WINDOW;
        if (state == null) return Inference.Status.NO_MODEL;
        return suspended.isEmpty() ? Inference.Status.SCORED : Inference.Status.FAILED;
    }

    /** Runs the samples of slots [lo, hi); what the engine throws on is bisected. Says whether all results are finite. */
    private boolean attempt(List<PendingSample> block, int lo, int hi, int back) {
        if (lo == hi || !suspended.isEmpty()) {
            failAll(lo, hi);
            return true;
        }
        try {
            forward(block, lo, hi, back);
        } catch (RuntimeException e) {
            return recover(block, lo, hi, back, e);
        }
        return harvest(block, lo, hi, back);
    }

    private boolean harvest(List<PendingSample> block, int lo, int hi, int back) {
        boolean finite = true;
        for (int k = lo; k < hi; k++) {
            Sample sample = block.get(slots[k]).sample;
            boolean whole = !forecaster
                    ? reconstruction(sample, k - lo, slots[k])
                    : back == 1 ? band(sample, k - lo, slots[k]) : forecast(k - lo, slots[k]);
            if (!whole) {
                status[slots[k]] = Inference.Status.FAILED;
                finite = false;
            }
        }
        return finite;
    }

    private void forward(List<PendingSample> block, int lo, int hi, int back) {
        ScoringReplica current = loaded();
        float[] input = current.input(Network.WINDOW);
        int size = window * features;
        for (int k = lo; k < hi; k++) block.get(slots[k]).sample.copyRows(window, back, input, (k - lo) * size);
        long began = System.nanoTime();
        current.forward(hi - lo);
        times.forward(name(), System.nanoTime() - began);
    }

    private ScoringReplica loaded() {
        ScoringReplica current = replica;
        if (current == null) throw new IllegalStateException("network " + name() + " has no model");
        return current;
    }

    private boolean reconstruction(Sample sample, int at, int slot) {
        float[] output = loaded().output(Network.RECONSTRUCTION);
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

    private boolean band(Sample sample, int at, int slot) {
        float[] output = loaded().output(Network.QUANTILES);
        int q = levels.length;
        int row = at * network.spec().horizon() * features * q;
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

    private boolean forecast(int at, int slot) {
        float[] output = loaded().output(Network.QUANTILES);
        int size = network.spec().horizon() * features * levels.length;
        int to = forecastAt[slot];
        float sum = 0;
        for (int i = 0; i < size; i++) {
            float v = output[at * size + i];
            forecasts[to + i] = v;
            sum += v;
        }
        return Float.isFinite(sum);
    }

    private boolean recover(List<PendingSample> block, int lo, int hi, int back, RuntimeException thrown) {
        String reason = reference(loaded());
        if (!reason.isEmpty() && repair()) {
            try {
                forward(block, lo, hi, back);
                return harvest(block, lo, hi, back);
            } catch (RuntimeException again) {
                return bisect(block, lo, hi, back, again);
            }
        }
        if (!suspended.isEmpty()) {
            failAll(lo, hi);
            return true;
        }
        return bisect(block, lo, hi, back, thrown);
    }

    private boolean bisect(List<PendingSample> block, int lo, int hi, int back, RuntimeException thrown) {
        if (hi - lo == 1) {
            block.get(slots[lo]).failure = "the engine fails on this sample in network " + name() + ": " + thrown;
            status[slots[lo]] = Inference.Status.FAILED;
            return true;
        }
        int middle = (lo + hi) >>> 1;
        boolean finite = attempt(block, lo, middle, back);
        return attempt(block, middle, hi, back) && finite;
    }

    private void failAll(int lo, int hi) {
        for (int k = lo; k < hi; k++) status[slots[k]] = Inference.Status.FAILED;
    }

    /** After results that are not finite: a model that fails on the reference sample is suspended. */
    private void blame() {
        if (!reference(loaded()).isEmpty()) repair();
    }

    /** Puts a fresh replica in the failing one's place; suspends the model when that does not help. True when it did. */
    private boolean repair() {
        NetworkState weights = state;
        if (weights == null) return false;
        String reason;
        try {
            loaded().close();
            ScoringReplica fresh = engine.scoring(network, capacity);
            replica = fresh;
            fresh.load(weights);
            reason = reference(fresh);
            if (reason.isEmpty()) return true;
            fresh.load(engine.initialState(network, 1));
            String untrained = reference(fresh);
            if (!untrained.isEmpty()) throw new IllegalStateException(untrained);
        } catch (RuntimeException e) {
            throw new BrokenEngineException(
                    "engine " + label + " fails on a reference sample with an untrained network " + name()
                            + "; restart on a working device or choose another engine",
                    e);
        }
        suspended = "model " + name() + "@" + version + " " + reason;
        return false;
    }

    /** Why the loaded weights fail on a window of zeros, which every working model can read; empty when they pass. */
    private String reference(ScoringReplica current) {
        try {
            Arrays.fill(current.input(Network.WINDOW), 0, window * features, 0f);
            current.forward(1);
            float[] output = current.output(forecaster ? Network.QUANTILES : Network.RECONSTRUCTION);
            int size = network.outputs().get(0).size();
            for (int i = 0; i < size; i++) {
                if (!Float.isFinite(output[i])) return "gives values that are not finite on a reference sample";
            }
            return "";
        } catch (RuntimeException e) {
            return "fails on a reference sample: " + e;
        }
    }

    /** Copies a slot's result. */
    void fill(int slot, Inference.Member member) {
        member.network = name();
        member.version = version;
        member.engine = label;
        member.status = status[slot];
        counts[status[slot].ordinal()]++;
        if (status[slot] != Inference.Status.SCORED) return;
        int at = slot * features;
        System.arraycopy(error, at, member.error, 0, features);
        System.arraycopy(expected, at, member.expected, 0, features);
        member.bands = forecaster;
        if (!forecaster) return;
        System.arraycopy(lower, at, member.lower, 0, features);
        System.arraycopy(upper, at, member.upper, 0, features);
        if (forecastAt[slot] < 0) return;
        int size = network.spec().horizon() * features * levels.length;
        if (member.forecast.length < size) member.forecast = new float[size];
        System.arraycopy(forecasts, forecastAt[slot], member.forecast, 0, size);
        member.levels = levels;
        member.horizon = network.spec().horizon();
    }

    @Override
    public void close() {
        ScoringReplica current = replica;
        replica = null;
        state = null;
        version = 0;
        if (current != null) current.close();
    }
}
