package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** The weight and the bias of a layer that has one of each for every feature, as Java arrays. */
final class ScaleAndShift {
    final float[] weight;
    final float[] bias;
    private final Tape tape;
    private final BoundLayer layer;

    ScaleAndShift(Tape tape, BoundLayer layer) {
        this.tape = tape;
        this.layer = layer;
        weight = new float[layer.parameter("weight").size()];
        bias = new float[weight.length];
    }

    /** Takes the parameters as they are now. */
    void read() {
        Block values = tape.parameters().values();
        values.get(weight, 0, offset("weight"), weight.length);
        values.get(bias, 0, offset("bias"), bias.length);
    }

    void write(float[] weightGradient, float[] biasGradient) {
        Block gradients = tape.parameters().gradients();
        gradients.put(weightGradient, 0, offset("weight"), weight.length);
        gradients.put(biasGradient, 0, offset("bias"), bias.length);
    }

    private long offset(String parameter) {
        return tape.parameters().offset(layer.parameter(parameter));
    }
}
