package io.tidemark.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How events become steps.
 *
 * @param step length of a grid step; empty: every event is a step of its own
 * @param lateness how long after its end a grid step stays open, by its series' own clock
 * @param aggregate what a step takes of several events
 * @param fill how missing steps of a gap are filled
 * @param fillMax the longest gap that is filled, in steps; in [0, 1024]; a longer one makes windows across it unusable
 * @param maxFuture how far an event's time may lie beyond its Kafka timestamp; later ones are rejected and move no clock
 * @param idleClose after how much wall time without an event the open steps of a series close; empty: never
 */
public record GridSpec(
        Optional<Duration> step,
        Duration lateness,
        Aggregate aggregate,
        Fill fill,
        int fillMax,
        Duration maxFuture,
        Optional<Duration> idleClose) {

    /** What a step takes of several events of one feature. */
    public enum Aggregate {
        LAST,
        MEAN,
        SUM,
        MIN,
        MAX,
        COUNT
    }

    /** How missing steps are filled. */
    public enum Fill {
        PREVIOUS,
        LINEAR,
        NONE,
        /** With 0, as a value that is judged. */
        ZERO,
        /** With a declared number, as a value that is judged. */
        VALUE
    }

    /**
     * What a missing value of one feature is taken for.
     *
     * @param fill how
     * @param value where {@code fill} is {@link Fill#VALUE}
     */
    public record Filling(Fill fill, double value) {
        /** Whether a step that was filled so is judged like any other: nothing came, and that is a value. */
        public boolean isValue() {
            return fill == Fill.ZERO || fill == Fill.VALUE;
        }

        /** The value that is meant where {@link #isValue}. */
        public double meant() {
            return fill == Fill.VALUE ? value : 0;
        }

        @Override
        public String toString() {
            return fill == Fill.VALUE ? "VALUE " + value : fill.toString();
        }
    }

    /** @throws IllegalArgumentException when a value is out of its range */
    public GridSpec {
        GridSettings.STEP.require(step);
        GridSettings.LATENESS.require(lateness);
        GridSettings.FILL_MAX.require(fillMax);
        GridSettings.MAX_FUTURE.require(maxFuture);
        GridSettings.IDLE_CLOSE.require(idleClose);
    }

    /** Length of a step in milliseconds; 0 when every event is a step. */
    public long stepMs() {
        return step.map(Duration::toMillis).orElse(0L);
    }
}
