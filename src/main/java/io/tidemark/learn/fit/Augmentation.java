package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;

/** Changes an example as it enters a training batch, never when it validates or tests. Has no state; any thread may call it. */
@FunctionalInterface
public interface Augmentation {
    /** Leaves every example as it is. */
    Augmentation NONE = (input, inputAt, target, targetAt, random) -> {};

    /**
     * @param input the batch's inputs; this example's begin at {@code inputAt}
     * @param target the batch's targets; this example's begin at {@code targetAt}
     * @param random a stream of numbers of this example in this epoch alone
     */
    void apply(float[] input, int inputAt, float[] target, int targetAt, CounterRandom random);
}
