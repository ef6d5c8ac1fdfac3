package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;

/** One step of a network's forward pass on PyTorch. */
interface Operation {
    /** @param x {@code [sample, …]}, owned by the batch's manager, as is what is returned */
    NDArray apply(Batch batch, NDArray x);
}
