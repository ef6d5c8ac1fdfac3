package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/** Decides which events of one series make a step, and when a step closes: by this series' own clock alone. */
sealed interface StepAligner permits SingleEventAligner, GridAligner {
    /** Takes an event, unless it is late, a duplicate or too much. */
    Admission accept(DecodedEvent event);

    /**
     * Closes the oldest step.
     *
     * @param early also when the step is not due yet
     * @param into receives index, times, values and event ranges
     * @return false when there is none to close; {@code into} is untouched then
     */
    boolean close(boolean early, Step into);

    /** The newest event time that joined; {@link Long#MIN_VALUE} before the first. */
    long newestMs();

    /** Whether a step waits for more events. */
    boolean hasOpen();

    /** Appends what changes with every event; open steps are saved as slots of their own. */
    void write(Wire wire);

    /** @param version of the stored head (see {@link StoredHead}) */
    void read(Wire wire, int version, Slots slots);

    /** Writes the open steps that changed since the last call; the slots of closed ones are reused. */
    void save(Wire scratch, Slots slots);
}
