package io.tidemark.network;

/** One layer of a network. A new kind of layer is a new record here; the compiler then names every engine that must learn it. */
public sealed interface Layer {

    /** {@code [a, b, …]} to {@code [a·b·…]}. */
    record Flatten() implements Layer {}

    /**
     * Fully connected, on the last dimension.
     *
     * @param units outputs; 0 stands for the size of the network's output
     */
    record Dense(int units, Activation activation) implements Layer {}

    /**
     * Long short-term memory over {@code [step, feature]}, giving {@code [step, units]}; gates i, f, g, o, one bias, forget bias
     * 1, no peepholes (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
     */
    record Lstm(int units) implements Layer {}

    /** {@code [step, feature]} to {@code [feature]} of the last step. */
    record LastStep() implements Layer {}
}
