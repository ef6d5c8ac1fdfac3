package io.tidemark.learn.learning;

import io.tidemark.net.engine.NetworkState;
import java.util.List;

/** What came of learning that others must hear of. */
public sealed interface LearningEvent {
    /** The network's name. */
    String network();

    /** Calls the case that it is. */
    void tell(Cases cases);

    /** What to do in each case; a new one is a method here, which the compiler then asks of everybody who hears. */
    interface Cases {
        void publish(Publish publish);

        void keptBack(KeptBack kept);

        void rolledBack(RolledBack back);
    }

    /**
     * A version worth scoring with.
     *
     * @param state weights, optimiser and counters
     * @param loss running mean of the training loss
     * @param reference aggregated errors on held-out rows
     * @param rowsTaught rows that have taught so far
     * @param rowsWithheld rows that have not
     * @param lastTimeMs event time of the newest taught row; epoch milliseconds
     * @param losses mean loss of equal stretches of steps since the version before, oldest first; at most 64
     */
    record Publish(
            String network,
            NetworkState state,
            double loss,
            ReferenceErrors reference,
            long rowsTaught,
            long rowsWithheld,
            long lastTimeMs,
            List<Float> losses)
            implements LearningEvent {
        public Publish {
            losses = List.copyOf(losses);
        }

        @Override
        public void tell(Cases cases) {
            cases.publish(this);
        }
    }

    /**
     * A version was no better than the last one on rows held out from both, and is not published; training goes on from it.
     *
     * @param median half of its errors on these rows are below
     * @param lastMedian the same of the last version
     */
    record KeptBack(String network, double median, double lastMedian) implements LearningEvent {
        @Override
        public void tell(Cases cases) {
            cases.keptBack(this);
        }
    }

    /**
     * Training was undone to the last good state, and goes on at half the learning rate.
     *
     * @param reason {@code diverged}: a loss that is not finite; {@code worse}: the held-out error more than doubled
     * @param detail the numbers, in a sentence
     * @param rate the learning rate that training goes on with
     * @param rowsTaught rows that have taught so far
     * @param steps optimiser steps so far
     * @param error median of the held-out error of what was undone; NaN when it was not measured
     * @param lastError the same of the last good state
     */
    record RolledBack(
            String network,
            String reason,
            String detail,
            double rate,
            long rowsTaught,
            long steps,
            double error,
            double lastError)
            implements LearningEvent {
        /** Every reason that there is. */
        public static final List<String> REASONS = List.of("diverged", "worse");

        @Override
        public void tell(Cases cases) {
            cases.rolledBack(this);
        }
    }
}
