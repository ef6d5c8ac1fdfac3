package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a weight in which each training step zeroes some values and scales the rest; the dense step behind it computes with the
 * copy and writes the gradient as if nothing were dropped, which this one corrects behind it.
 */
final class DroppedWeights implements TapeStep {
    private final Tape tape;
    private final BoundLayer.Parameter parameter;
    private final String name;
    private final float rate;
    private final Block copy;
    private final float[] values;
    private final float[] factors;

    DroppedWeights(Tape tape, BoundLayer layer, double rate) {
        this.tape = tape;
        this.parameter = layer.parameter("weight");
        this.name = NoiseStep.name(layer.index());
        this.rate = (float) rate;
        this.copy = tape.weightBlock(parameter.size());
        this.values = new float[parameter.size()];
        this.factors = new float[parameter.size()];
    }

    /** The copy as a {@link DenseStep} takes it. */
    INDArray matrix(int in, int out) {
        return copy.matrix(0, in, out);
    }

    @Override
    public void forward() {
        tape.parameters().values().get(values, 0, tape.parameters().offset(parameter), values.length);
        CounterRandom random = CounterRandom.of(tape.seed(), name, tape.step());
        float keep = 1 / (1 - rate);
        for (int i = 0; i < values.length; i++) {
            factors[i] = random.uniform(i) < rate ? 0f : keep;
            values[i] *= factors[i];
        }
        copy.put(values, 0, 0, values.length);
    }

    @Override
    public void backward() {
        Block gradients = tape.parameters().gradients();
        long offset = tape.parameters().offset(parameter);
        gradients.get(values, 0, offset, values.length);
        for (int i = 0; i < values.length; i++) values[i] *= factors[i];
        gradients.put(values, 0, offset, values.length);
    }
}
