package io.tidemark.net.engine.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What lies between two steps of a tape.
 *
 * @param values floats of each column after column
 * @param gradients slope of the loss by each of them; null where nothing is trained
 * @param features floats in a column
 * @param places columns of one sample: 1 for a vector, the steps of a sequence
 * @param samples samples of this tape
 * @param stepMajor column order: {@code step·samples + sample} when set, as recurrent layers want it, else
 *     {@code sample·places + step}, as callers give it
 */
record TapeSlot(Block values, @Nullable Block gradients, int features, int places, int samples, boolean stepMajor) {

    int columns() {
        return places * samples;
    }

    int length() {
        return features * places * samples;
    }

    INDArray matrix() {
        return values.matrix(0, features, columns());
    }

    INDArray gradientMatrix() {
        return trained().matrix(0, features, columns());
    }

    /** The gradients of a tape that trains. */
    Block trained() {
        if (gradients == null) throw new IllegalStateException("a scoring tape has no gradients");
        return gradients;
    }

    /** The same memory seen with other sizes; only for sample-major order. */
    TapeSlot seenAs(int features, int places) {
        return new TapeSlot(values, gradients, features, places, samples, false);
    }
}
