package io.tidemark.model.inference;

/** Hears how long each forward pass of a network took; for meters only. */
@FunctionalInterface
public interface ForwardTimes {
    void forward(String network, long nanos);
}
