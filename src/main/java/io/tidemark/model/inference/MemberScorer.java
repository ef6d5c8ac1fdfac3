package io.tidemark.model.inference;

import io.tidemark.judge.outcome.CodeWriter;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Step;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One network of a stream with its model: runs blocks of samples and keeps the results until they are encoded. What a sample is
 * and what an output means is its subclasses' affair; which failure is whose is decided here.
 */
abstract class MemberScorer implements AutoCloseable {
    final Network network;
    private final Engine engine;
    private final String label;
    private final int capacity;
    private final int inputSize;
    /** Inputs of the network that one sample makes. */
    private final int inputs;
    /** Values of a sample's code; 0 where the network gives none. */
    private final int codeSize;
    /** Codes of the last block, by slot. */
    private final float[] codes;

    private int version;
    private String suspended = "";
    private @Nullable NetworkState state;
    private @Nullable ScoringReplica replica;

    private final long[] counts = new long[Inference.Status.values().length];
    private final ForwardTimes times;
    /** A challenger's trouble with a sample is its own: the sample is not poison. */
    private boolean challenger;

    final Inference.Status[] status;
    /** Slots of the block that are run, in order. */
    final int[] slots;

    /**
     * @param capacity samples in a block
     * @param inputs of the network that one sample makes, such as the tiles of a frame; at least 1
     */
    MemberScorer(Engine engine, Network network, int capacity, int inputs, ForwardTimes times) {
        this.engine = engine;
        this.times = times;
        this.label = engine.info().label();
        this.network = network;
        this.capacity = capacity;
        this.inputs = inputs;
        this.inputSize = network.inputs().get(0).size();
        this.codeSize = inputs * Encoder.codeSize(network);
        this.codes = new float[capacity * codeSize];
        this.status = new Inference.Status[capacity];
        this.slots = new int[capacity];
    }

    /** Whether a sample can be judged at all: SCORED, or why it cannot. */
    abstract Inference.Status judge(PendingSample sample);

    /**
     * Writes the inputs that a sample makes.
     *
     * @param back as {@link #attempt} was given it
     * @param at place of the first
     */
    abstract void write(PendingSample sample, int back, float[] input, int at);

    /**
     * Keeps what the network said of a sample.
     *
     * @param at place of the sample in the forward that has just run
     * @return whether it is finite
     */
    abstract boolean read(PendingSample sample, float[] output, int at, int slot, int back);

    /** Copies a slot's result, which is SCORED. */
    abstract void fillScored(int slot, Inference.Member member);

    /** Mean error over the features of a slot of the last block, where errors can be so summed up and there is one; else NaN. */
    float meanError(int slot) {
        return Float.NaN;
    }

    /** Runs the first slots, so many, and says whether all results are finite. */
    boolean runSlots(List<PendingSample> block, int count) {
        return attempt(block, 0, count, 0);
    }

    /** Makes this a challenger's. */
    final MemberScorer challenging() {
        challenger = true;
        return this;
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
        if (current == null) replica = current = fresh();
        current.load(state);
        this.state = state;
        this.version = version;
        suspended = "";
    }

    private ScoringReplica fresh() {
        return engine.scoring(network, capacity * inputs);
    }

    /** Judges every sample of a block; results stay until the next block. */
    void run(List<PendingSample> block) {
        int count = 0;
        for (int i = 0; i < block.size(); i++) {
            status[i] = status(block.get(i));
            if (status[i] == Inference.Status.SCORED) slots[count++] = i;
        }
        if (count == 0 || replica == null) return;
        if (!runSlots(block, count) && suspended.isEmpty()) blame();
    }

    private Inference.Status status(PendingSample sample) {
        if (!sample.failure.isEmpty()) return Inference.Status.FAILED;
        Inference.Status judged = judge(sample);
        if (judged != Inference.Status.SCORED) return judged;
        if (state == null) return Inference.Status.NO_MODEL;
        return suspended.isEmpty() ? Inference.Status.SCORED : Inference.Status.FAILED;
    }

    /** Runs the samples of slots [lo, hi); what the engine throws on is bisected. Says whether all results are finite. */
    final boolean attempt(List<PendingSample> block, int lo, int hi, int back) {
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
        float[] output = loaded().output(network.outputs().get(0).name());
        for (int k = lo; k < hi; k++) {
            if (read(block.get(slots[k]), output, k - lo, slots[k], back)) {
                keepCode(k - lo, slots[k]);
                continue;
            }
            status[slots[k]] = Inference.Status.FAILED;
            finite = false;
        }
        return finite;
    }

    private void keepCode(int at, int slot) {
        if (codeSize == 0) return;
        System.arraycopy(loaded().output(Network.CODE), at * codeSize, codes, slot * codeSize, codeSize);
    }

    /** Whether its network gives codes. */
    boolean isCoded() {
        return codeSize > 0;
    }

    /** A slot's code as a record of {@code codes}; empty where the network did not score the sample. */
    byte[] code(int slot, Step step, CodeWriter writer) {
        if (status[slot] != Inference.Status.SCORED) return PendingSample.NONE;
        int rows = network.spec().input() == NetworkSpec.Input.IMAGE
                ? 1
                : network.spec().window();
        return writer.write(step, new CodeWriter.By(name(), version, label, rows), codes, slot * codeSize, codeSize);
    }

    private void forward(List<PendingSample> block, int lo, int hi, int back) {
        ScoringReplica current = loaded();
        float[] input = current.input(Network.WINDOW);
        int size = inputs * inputSize;
        for (int k = lo; k < hi; k++) write(block.get(slots[k]), back, input, (k - lo) * size);
        long began = System.nanoTime();
        current.forward((hi - lo) * inputs);
        times.forward(name(), System.nanoTime() - began);
    }

    private ScoringReplica loaded() {
        ScoringReplica current = replica;
        if (current == null) throw new IllegalStateException("network " + name() + " has no model");
        return current;
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
            if (!challenger) {
                block.get(slots[lo]).failure = "the engine fails on this sample in network " + name() + ": " + thrown;
            }
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
            ScoringReplica fresh = fresh();
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

    /** Why the loaded weights fail on an input of zeros, which every working model can read; empty when they pass. */
    private String reference(ScoringReplica current) {
        try {
            Arrays.fill(current.input(Network.WINDOW), 0, inputSize, 0f);
            current.forward(1);
            float[] output = current.output(network.outputs().get(0).name());
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
        if (status[slot] == Inference.Status.SCORED) fillScored(slot, member);
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
