package io.tidemark.learn.learning;

/** Hears how long each optimiser step took; for meters only. */
@FunctionalInterface
public interface StepTimes {
    void step(String network, long nanos);
}
