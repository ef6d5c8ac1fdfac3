package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/**
 * What the operations of one batch share.
 *
 * @param manager owns every array of the batch; closed with it
 * @param samples in [1, capacity]
 * @param parameters by name, as {@code Network.parameters()} names them
 * @param seed of everything random while training
 * @param step optimiser steps taken before this batch
 * @param terms scalars that the layers add to what training lowers
 * @param marks what earlier layers named for later ones
 * @param onAccepted run after the batch has changed the weights, before its arrays are returned
 */
record Batch(
        NDManager manager,
        int samples,
        Map<String, NDArray> parameters,
        long seed,
        long step,
        List<NDArray> terms,
        Map<String, NDArray> marks,
        List<Runnable> onAccepted) {
    /** What the encoder gave, among the marks; no layer can name it so. */
    static final String CODE = "(code)";

    NDArray parameter(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) throw new IllegalStateException("no parameter " + name);
        return parameter;
    }

    NDArray marked(String name) {
        NDArray marked = marks.get(name);
        if (marked == null) throw new IllegalStateException("no mark " + name);
        return marked;
    }
}
