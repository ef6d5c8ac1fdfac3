package io.tidemark.net.engine.dl4j;

/**
 * Which way an {@link LstmStep} walks its sequence.
 *
 * @param prefix of its parameters' names in the layer, such as {@code backward_}
 * @param reversed from the last step to the first
 * @param adds its input's gradient to what another step, which comes later on the tape, has put there
 */
record LstmDirection(String prefix, boolean reversed, boolean adds) {
    /** An LSTM that is alone in its layer. */
    static final LstmDirection ALONE = new LstmDirection("", false, false);

    static final LstmDirection FORWARD = new LstmDirection("forward_", false, false);

    /** Put on the tape before {@link #FORWARD}, so that it adds its gradient after that one. */
    static final LstmDirection BACKWARD = new LstmDirection("backward_", true, true);

    /** Which step of the sequence comes at a time, both from 0. */
    int at(int time, int steps) {
        return reversed ? steps - 1 - time : time;
    }
}
