package io.tidemark.net.network;

/** Element-wise functions that follow a layer. */
public enum Activation {
    IDENTITY,
    RELU,
    TANH,
    SIGMOID,
    SWISH,
    ELU,
    LEAKY_RELU,
    /** log(1 + eˣ), a ReLU without a corner (Dugas et al. 2001). */
    SOFTPLUS
}
