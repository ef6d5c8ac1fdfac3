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
        tape.parameters().read(layer, "weight", weight);
        tape.parameters().read(layer, "bias", bias);
    }

    void write(float[] weightGradient, float[] biasGradient) {
        tape.parameters().teach(layer, "weight", weightGradient);
        tape.parameters().teach(layer, "bias", biasGradient);
    }
}
