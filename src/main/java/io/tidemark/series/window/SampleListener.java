package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;

/** Receives what a series makes, in order. */
public interface SampleListener {
    /**
     * A step closed.
     *
     * @param step valid until this call returns
     * @param record a {@link io.tidemark.series.sample.Sample} of this step and the rows that end with it
     */
    void sample(Step step, byte[] record);

    /** @param record a full chunk of {@link io.tidemark.series.sample.TrainingRows}; only for series that teach */
    void training(byte[] record);

    /**
     * An event that was said to have joined waited for another one that agrees with its time, far ahead of the series' clock, and none
     * came: it is part of no step.
     */
    default void givenUp(DecodedEvent event) {}
}
