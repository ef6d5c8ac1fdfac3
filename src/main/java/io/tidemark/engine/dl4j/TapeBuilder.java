package io.tidemark.engine.dl4j;

import io.tidemark.network.Activation;
import io.tidemark.network.Attention;
import io.tidemark.network.BoundLayer;
import io.tidemark.network.Latent;
import io.tidemark.network.Layer;
import io.tidemark.network.Pixels;
import io.tidemark.network.Wiring;

/** Turns bound layers into steps, swapping the column order only where a layer wants the other one. */
final class TapeBuilder implements Layer.Cases<Slot> {
    private final Tape tape;
    private Slot current;
    private BoundLayer layer;
    private boolean nothingTrainedYet = true;

    @SuppressWarnings("NullAway.Init") // the layer is set by add before any case runs
    TapeBuilder(Tape tape, Slot input) {
        this.tape = tape;
        this.current = input;
    }

    void add(BoundLayer next) {
        layer = next;
        current = next.layer().match(this);
        if (!next.parameters().isEmpty()) nothingTrainedYet = false;
    }

    /** What leaves the last layer, in the order of the caller. */
    Slot finish() {
        return ordered(false);
    }

    private Slot ordered(boolean stepMajor) {
        if (current.places() == 1 || current.stepMajor() == stepMajor) return current;
        Slot out = tape.slot(current.features(), current.places(), stepMajor);
        tape.add(new LayoutStep(tape, current, out));
        return out;
    }

    private Slot shaped(Slot slot) {
        int[] shape = layer.output();
        return slot.seenAs(shape[shape.length - 1], Tape.places(shape));
    }

    @Override
    public Slot flatten(Layer.Flatten flatten) {
        return shaped(ordered(false));
    }

    @Override
    public Slot reshape(Layer.Reshape reshape) {
        return shaped(ordered(false));
    }

    @Override
    public Slot unflatten(Wiring.Unflatten unflatten) {
        return shaped(ordered(false));
    }

    @Override
    public Slot dense(Layer.Dense dense) {
        int units = layer.output()[layer.output().length - 1];
        Slot out = tape.slot(units, current.places(), current.stepMajor());
        tape.add(new DenseStep(tape, layer, current, out, nothingTrainedYet));
        return activated(dense.activation(), out);
    }

    @Override
    public Slot activate(Layer.Activate activate) {
        return activated(activate.activation(), current);
    }

    /** In place where nothing is trained, except over the caller's input, which no other step owns either. */
    private Slot activated(Activation activation, Slot in) {
        if (activation == Activation.IDENTITY) return in;
        Slot out = tape.trains() ? tape.slot(in.features(), in.places(), in.stepMajor()) : in;
        tape.add(new ActivationStep(tape, activation, in, out));
        return out;
    }

    @Override
    public Slot lstm(Layer.Lstm lstm) {
        Slot in = ordered(true);
        Slot out = tape.slot(layer.output()[1], in.places(), true);
        tape.add(new LstmStep(tape, layer, LstmDirection.ALONE, in, out, nothingTrainedYet));
        return out;
    }

    @Override
    public Slot lastStep(Layer.LastStep lastStep) {
        Slot in = ordered(true);
        Slot out = tape.slot(in.features(), 1, false);
        tape.add(new LastStepStep(tape, in, out));
        return out;
    }

    @Override
    public Slot repeat(Layer.Repeat repeat) {
        Slot out = tape.slot(current.features(), repeat.steps(), true);
        tape.add(new RepeatStep(tape, current, out));
        return out;
    }

    @Override
    public Slot dropout(Layer.Dropout dropout) {
        return noisy(true, dropout.rate());
    }

    @Override
    public Slot gaussianNoise(Layer.GaussianNoise noise) {
        return noisy(false, noise.standardDeviation());
    }

    /** Gathers what each output sees into one column; then a convolution is a dense layer. */
    @Override
    public Slot conv1d(Layer.Conv1d conv) {
        int steps = layer.output()[0];
        Slot seen = gathered(
                Gathering.sequence(layer.input(), steps, conv.kernel(), conv.stride(), conv.dilation(), conv.before()),
                layer.input()[1] * conv.kernel(),
                steps);
        return convolved(seen, layer.output()[1], steps, conv.activation());
    }

    @Override
    public Slot conv2d(Layer.Conv2d conv) {
        int places = layer.output()[1] * layer.output()[2];
        Slot seen = gathered(
                Gathering.image(layer.input(), layer.output(), conv.kernel(), conv.stride(), conv.padding()),
                layer.input()[0] * conv.kernel() * conv.kernel(),
                places);
        current = convolved(seen, layer.output()[0], places, conv.activation());
        return shaped(gathered(Gathering.transposed(places, layer.output()[0]), places, layer.output()[0]));
    }

    private Slot convolved(Slot seen, int units, int places, Activation activation) {
        Slot out = tape.slot(units, places, false);
        tape.add(new DenseStep(tape, layer, seen, out, nothingTrainedYet));
        return activated(activation, out);
    }

    @Override
    public Slot upsample(Layer.Upsample upsample) {
        int[] source = Gathering.upsampled(layer.input(), layer.output(), upsample.factor());
        return shaped(gathered(source, layer.outputSize(), 1));
    }

    @Override
    public Slot pool(Layer.Pool pool) {
        int size = layer.input().length == 2 ? pool.size() : pool.size() * pool.size();
        int[] source = Gathering.pooled(layer.input(), layer.output(), pool.size());
        Slot in = ordered(false);
        Slot out = tape.slot(layer.outputSize(), 1, false);
        tape.add(new PoolStep(tape, source, size, pool.kind(), in, out));
        return shaped(out);
    }

    private Slot gathered(int[] source, int features, int places) {
        Slot in = ordered(false);
        Slot out = tape.slot(features, places, false);
        tape.add(new GatherStep(tape, source, in, out));
        return out;
    }

    @Override
    public Slot bidirectionalLstm(Layer.BidirectionalLstm lstm) {
        Slot in = ordered(true);
        int units = layer.output()[1] / 2;
        Slot backward = tape.slot(units, in.places(), true);
        tape.add(new LstmStep(tape, layer, LstmDirection.BACKWARD, in, backward, nothingTrainedYet));
        Slot forward = tape.slot(units, in.places(), true);
        tape.add(new LstmStep(tape, layer, LstmDirection.FORWARD, in, forward, nothingTrainedYet));
        Slot out = tape.slot(2 * units, in.places(), true);
        tape.add(new ConcatStep(tape, forward, backward, out, false));
        return out;
    }

    @Override
    public Slot batchNorm(Layer.BatchNorm norm) {
        Slot in = ordered(false);
        Slot out = tape.slot(in.features(), in.places(), false);
        tape.add(new BatchNormStep(tape, layer, in, out));
        return out;
    }

    private Slot noisy(boolean dropout, double strength) {
        if (!tape.trains()) return current;
        Slot in = ordered(false);
        Slot out = tape.slot(in.features(), in.places(), false);
        tape.add(new NoiseStep(tape, layer.index(), dropout, strength, in, out));
        return out;
    }

    @Override
    public Slot layerNorm(Attention.LayerNorm unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot selfAttention(Attention.SelfAttention unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot position(Attention.Position unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot l1Activity(Latent.L1Activity unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot gaussianLatent(Latent.Gaussian unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot spaceToDepth(Pixels.SpaceToDepth unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot depthToSpace(Pixels.DepthToSpace unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot mark(Wiring.Mark unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }

    @Override
    public Slot skip(Wiring.Skip unknown) {
        throw new IllegalStateException("refused before a tape is cut");
    }
}
