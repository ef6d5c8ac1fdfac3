package io.tidemark.net.engine.dl4j;

/** One operation of a tape, bound to its memory. */
interface TapeStep {
    /** Computes the values that leave from those that enter. */
    void forward();

    /** Computes the gradients of what entered, and of parameters, from those of what left. */
    void backward();

    /** The batch has changed the weights; what follows the batches moves now. */
    default void accepted() {}
}
