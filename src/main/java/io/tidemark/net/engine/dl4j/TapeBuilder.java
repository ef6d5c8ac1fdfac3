package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.HiddenBlocks;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Diffusion;
import io.tidemark.net.network.Discriminator;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Hidden;
import io.tidemark.net.network.Latent;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.MonteCarlo;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Neurons;
import io.tidemark.net.network.PerFeature;
import io.tidemark.net.network.Pixels;
import io.tidemark.net.network.Recurrence;
import io.tidemark.net.network.Resampling;
import io.tidemark.net.network.Wiring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns bound layers into steps, swapping the column order only where a layer wants the other one. */
final class TapeBuilder implements Layer.Cases<TapeSlot> {
    private final Tape tape;
    private TapeSlot current;
    private BoundLayer layer;
    /** Floats of one sample that leave the network. */
    private final int outputSize;

    private final List<Double> quantiles;
    private final Map<String, TapeSlot> marks = new HashMap<>();

    /** The layer that stands directly behind each mark. */
    private final Map<String, BoundLayer> behind = new HashMap<>();

    private boolean nothingTrainedYet = true;

    @SuppressWarnings("NullAway.Init") // the layer is set by add before any case runs
    TapeBuilder(Tape tape, TapeSlot input, Network network) {
        this.tape = tape;
        this.outputSize = network.outputs().get(0).size();
        this.quantiles = network.spec().forecast().quantiles();
        this.current = input;
    }

    void add(BoundLayer next) {
        if (layer != null && layer.layer() instanceof Wiring.Mark mark) behind.put(mark.name(), next);
        layer = next;
        current = next.layer().match(this);
        if (!next.parameters().isEmpty()) nothingTrainedYet = false;
    }

    /** What leaves the last layer, in the order of the caller. */
    TapeSlot finish() {
        return ordered(false);
    }

    TapeSlot ordered(boolean stepMajor) {
        if (current.places() == 1 || current.stepMajor() == stepMajor) return current;
        TapeSlot out = tape.slot(current.features(), current.places(), stepMajor);
        tape.add(AssignStep.layout(tape, current, out));
        return out;
    }

    /** The same memory in the sizes of the output of the layer at hand. */
    TapeSlot shaped(TapeSlot slot) {
        int[] shape = layer.output();
        return slot.seenAs(shape[shape.length - 1], Tape.places(shape));
    }

    @Override
    public TapeSlot flatten(Layer.Flatten flatten) {
        return shaped(ordered(false));
    }

    @Override
    public TapeSlot reshape(Layer.Reshape reshape) {
        return shaped(ordered(false));
    }

    @Override
    public TapeSlot unflatten(Wiring.Unflatten unflatten) {
        return shaped(ordered(false));
    }

    @Override
    public TapeSlot dense(Layer.Dense dense) {
        int units = layer.output()[layer.output().length - 1];
        TapeSlot out = tape.slot(units, current.places(), current.stepMajor());
        tape.add(new DenseStep(tape, layer, "", current, out, input()));
        return activated(dense.activation(), out);
    }

    DenseStep.Input input() {
        return nothingTrainedYet ? DenseStep.Input.UNTRAINED : DenseStep.Input.TRAINED;
    }

    @Override
    public TapeSlot activate(Layer.Activate activate) {
        return activated(activate.activation(), current);
    }

    /** In place where nothing is trained, except over the caller's input, which no other step owns either. */
    TapeSlot activated(Activation activation, TapeSlot in) {
        if (activation == Activation.IDENTITY) return in;
        TapeSlot out = tape.trains() ? tape.slot(in.features(), in.places(), in.stepMajor()) : in;
        tape.add(new ActivationStep(tape, activation, in, out));
        return out;
    }

    @Override
    public TapeSlot lstm(Layer.Lstm lstm) {
        TapeSlot in = ordered(true);
        TapeSlot out = tape.slot(layer.output()[1], in.places(), true);
        tape.add(lstm(LstmDirection.ALONE, in, out));
        return out;
    }

    private LstmStep lstm(LstmDirection direction, TapeSlot in, TapeSlot out) {
        return new LstmStep(new LstmPlace(tape, layer, direction, in, out, nothingTrainedYet));
    }

    @Override
    public TapeSlot lastStep(Layer.LastStep lastStep) {
        TapeSlot in = ordered(true);
        TapeSlot out = tape.slot(in.features(), 1, false);
        tape.add(AssignStep.lastStep(tape, in, out));
        return out;
    }

    @Override
    public TapeSlot repeat(Layer.Repeat repeat) {
        TapeSlot out = tape.slot(current.features(), repeat.steps(), true);
        tape.add(new RepeatStep(tape, current, out));
        return out;
    }

    @Override
    public TapeSlot dropout(Layer.Dropout dropout) {
        return noisy(true, dropout.rate());
    }

    @Override
    public TapeSlot gaussianNoise(Layer.GaussianNoise noise) {
        return noisy(false, noise.standardDeviation());
    }

    /** Gathers what each output sees into one column; then a convolution is a dense layer. */
    @Override
    public TapeSlot conv1d(Layer.Conv1d conv) {
        int steps = layer.output()[0];
        TapeSlot seen = gathered(
                Gathering.sequence(layer.input(), steps, conv.kernel(), conv.stride(), conv.dilation(), conv.before()),
                layer.input()[1] * conv.kernel(),
                steps);
        return convolved(seen, layer.output()[1], steps, conv.activation());
    }

    @Override
    public TapeSlot conv2d(Layer.Conv2d conv) {
        int places = layer.output()[1] * layer.output()[2];
        TapeSlot seen = gathered(
                Gathering.image(layer.input(), layer.output(), conv.kernel(), conv.stride(), conv.padding()),
                layer.input()[0] * conv.kernel() * conv.kernel(),
                places);
        return channelsFirst(convolved(seen, layer.output()[0], places, conv.activation()));
    }

    TapeSlot convolved(TapeSlot seen, int units, int places, Activation activation) {
        return convolved(seen, units, places, activation, input());
    }

    TapeSlot convolved(TapeSlot seen, int units, int places, Activation activation, DenseStep.Input input) {
        TapeSlot out = tape.slot(units, places, false);
        tape.add(new DenseStep(tape, layer, "", seen, out, input));
        return activated(activation, out);
    }

    @Override
    public TapeSlot upsample(Resampling.Upsample upsample) {
        int[] source = Gathering.upsampled(layer.input(), layer.output(), upsample.factor());
        return shaped(gathered(source, layer.outputSize(), 1));
    }

    @Override
    public TapeSlot pool(Resampling.Pool pool) {
        int size = layer.input().length == 2 ? pool.size() : pool.size() * pool.size();
        int[] source = Gathering.pooled(layer.input(), layer.output(), pool.size());
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(layer.outputSize(), 1, false);
        tape.add(new PoolStep(tape, source, size, pool.kind(), in, out));
        return shaped(out);
    }

    TapeSlot gathered(int[] source, int features, int places) {
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(features, places, false);
        tape.add(new GatherStep(tape, source, in, out));
        return out;
    }

    @Override
    public TapeSlot bidirectionalLstm(Layer.BidirectionalLstm lstm) {
        TapeSlot in = ordered(true);
        int units = layer.output()[1] / 2;
        TapeSlot backward = tape.slot(units, in.places(), true);
        tape.add(lstm(LstmDirection.BACKWARD, in, backward));
        TapeSlot forward = tape.slot(units, in.places(), true);
        tape.add(lstm(LstmDirection.FORWARD, in, forward));
        TapeSlot out = tape.slot(2 * units, in.places(), true);
        tape.add(new ConcatStep(tape, forward, backward, out, false));
        return out;
    }

    @Override
    public TapeSlot batchNorm(Layer.BatchNorm norm) {
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new BatchNormStep(tape, layer, in, out));
        return out;
    }

    private TapeSlot noisy(boolean dropout, double strength) {
        if (!tape.trains()) return current;
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new NoiseStep(tape, layer.index(), dropout, strength, in, out));
        return out;
    }

    @Override
    public TapeSlot attention(Attention attention) {
        return attention.match(new AttentionSteps(this, tape, layer));
    }

    @Override
    public TapeSlot diffusion(Diffusion diffusion) {
        return diffusion.match(new DiffusionSteps(this, tape, layer));
    }

    @Override
    public TapeSlot monteCarlo(MonteCarlo monteCarlo) {
        return monteCarlo.match(new MonteCarloSteps(this, tape, layer, quantiles));
    }

    @Override
    public TapeSlot discriminator(Discriminator discriminator) {
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new DiscriminatorStep(tape, layer, discriminator.weight(), in, kept(discriminator.from()), out));
        return out;
    }

    /** What arrives at the layer at hand. */
    TapeSlot current() {
        return current;
    }

    /** The layer directly behind a mark. */
    BoundLayer layerBehind(String mark) {
        BoundLayer found = behind.get(mark);
        if (found == null) throw new IllegalStateException("no layer behind mark " + mark + " was bound");
        return found;
    }

    /** What a mark kept. */
    TapeSlot kept(String mark) {
        TapeSlot kept = marks.get(mark);
        if (kept == null) throw new IllegalStateException("no mark " + mark + " was bound");
        return kept;
    }

    @Override
    public TapeSlot recurrence(Recurrence recurrence) {
        TapeSlot in = ordered(true);
        TapeSlot out = tape.slot(layer.output()[1], in.places(), true);
        tape.add(new RecurrentStep(tape, layer, recurrence.kind(), in, out, nothingTrainedYet));
        return out;
    }

    @Override
    public TapeSlot hidden(Hidden hidden) {
        boolean idle = !tape.trains() && layer.input().length == 3;
        if (idle) return current;
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new HiddenStep(tape, layer.index(), new HiddenBlocks(hidden, layer.input()), in, out));
        return out;
    }

    @Override
    public TapeSlot neurons(Neurons neurons) {
        return neurons.match(new NeuronSteps(this, tape, layer));
    }

    @Override
    public TapeSlot filters(Filters filters) {
        return filters.match(new FilterSteps(this, tape, layer));
    }

    /** {@code [place, channel]} to {@code [channel, row, column]}. */
    TapeSlot channelsFirst(TapeSlot places) {
        current = places;
        int count = places.places();
        return shaped(gathered(Gathering.transposed(count, layer.output()[0]), count, layer.output()[0]));
    }

    @Override
    public TapeSlot perFeature(PerFeature perFeature) {
        TapeSlot in = ordered(false);
        TapeSlot out = tape.slot(layer.outputSize(), 1, false);
        tape.add(new PerFeatureStep(tape, layer, in, out));
        return shaped(out);
    }

    @Override
    public TapeSlot l1Activity(Latent.L1Activity activity) {
        if (!tape.trains()) return current;
        TapeSlot out = tape.slotWithValuesOf(current);
        tape.add(new ActivityStep(activity.weight(), current, out));
        return out;
    }

    /** The dense layer that comes first on the tape comes last on the way back and adds its gradient. */
    @Override
    public TapeSlot gaussianLatent(Latent.Gaussian latent) {
        int units = layer.outputSize();
        TapeSlot mean = tape.slot(units, 1, false);
        DenseStep.Input second = nothingTrainedYet ? DenseStep.Input.UNTRAINED : DenseStep.Input.ADDS;
        tape.add(new DenseStep(tape, layer, "mean_", current, mean, second));
        if (!tape.trains()) return mean;
        TapeSlot logVariance = tape.slot(units, 1, false);
        tape.add(new DenseStep(tape, layer, "log_variance_", current, logVariance, input()));
        TapeSlot out = tape.slot(units, 1, false);
        double divergence = latent.weight() / outputSize / out.samples();
        tape.add(new LatentStep(tape, layer.index(), divergence, mean, logVariance, out));
        return out;
    }

    @Override
    public TapeSlot spaceToDepth(Pixels.SpaceToDepth pixels) {
        return shaped(gathered(Gathering.deepened(layer.input(), pixels.factor()), layer.outputSize(), 1));
    }

    @Override
    public TapeSlot depthToSpace(Pixels.DepthToSpace pixels) {
        return shaped(gathered(Gathering.flattened(layer.input(), pixels.factor()), layer.outputSize(), 1));
    }

    @Override
    public TapeSlot mark(Wiring.Mark mark) {
        TapeSlot in = ordered(false);
        TapeSlot kept = tape.slotWithValuesOf(in);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new MarkStep(tape, in, kept, out));
        marks.put(mark.name(), kept);
        return out;
    }

    @Override
    public TapeSlot skip(Wiring.Skip skip) {
        TapeSlot in = ordered(false);
        TapeSlot kept = kept(skip.from());
        if (skip.join() == Wiring.Skip.Join.MULTIPLY) {
            TapeSlot out = tape.slot(in.features(), in.places(), false);
            tape.add(new MultiplyStep(tape, in, kept, out));
            return out;
        }
        if (skip.join() == Wiring.Skip.Join.ADD) {
            TapeSlot out = tape.slot(in.features(), in.places(), false);
            tape.add(new AddStep(tape, in, kept, out));
            return out;
        }
        boolean image = layer.input().length == 3;
        TapeSlot one = image ? in.seenAs(in.features() * in.places(), 1) : in;
        TapeSlot two = image ? kept.seenAs(kept.features() * kept.places(), 1) : kept;
        TapeSlot out = tape.slot(one.features() + two.features(), one.places(), false);
        tape.add(new ConcatStep(tape, one, two, out, true));
        return shaped(out);
    }
}
