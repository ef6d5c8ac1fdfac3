package io.tidemark.net.engine.dl4j;

/** Two Java arrays that the steps of one replica share, each for the length of one call: what was in them is not kept. */
final class Scratch {
    private float[] first = new float[0];
    private float[] second = new float[0];

    /** At least so many floats, of any values. */
    float[] first(int floats) {
        if (first.length < floats) first = new float[floats];
        return first;
    }

    /** The same, another array. */
    float[] second(int floats) {
        if (second.length < floats) second = new float[floats];
        return second;
    }
}
