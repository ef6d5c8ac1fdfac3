package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Wire;

/**
 * Neighbouring steps of a series with the same teaching decision, told as one gate.
 *
 * <p>A run is told when the decision flips, when it spans the declared number of steps, and when its generation ends; until then learners
 * wait with these rows.
 *
 * <pre>i64 fromStep | i64 lastStep | u8 reason</pre>
 */
final class GateRun {
    /** Why steps may not teach. */
    enum Reason {
        NONE(""),
        /** A value was filled in, or nothing was measured. */
        FILLED("filled"),
        /** Among the most surprising steps. */
        SURPRISING("surprising"),
        ALERT_OPEN("alert-open"),
        /** No network could judge it. */
        REJECTED("rejected"),
        /** A person has said that it is an anomaly. */
        LABELLED_ANOMALY("labelled-anomaly");

        private final String label;

        Reason(String label) {
            this.label = label;
        }
    }

    private static final Reason[] REASONS = Reason.values();
    private static final long NO_RUN = Long.MIN_VALUE;

    private long fromStep = NO_RUN;
    private long lastStep = NO_RUN;
    private Reason reason = Reason.NONE;

    void clear() {
        fromStep = NO_RUN;
        lastStep = NO_RUN;
        reason = Reason.NONE;
    }

    void add(String stream, String series, int generation, long step, Reason why, int chunk, Outcomes outcomes) {
        if (fromStep != NO_RUN && (why != reason || step - fromStep >= chunk)) {
            flush(stream, series, generation, outcomes);
        }
        if (fromStep == NO_RUN) fromStep = step;
        lastStep = step;
        reason = why;
        if (step - fromStep + 1 >= chunk) flush(stream, series, generation, outcomes);
    }

    /** Tells what is pending. */
    void flush(String stream, String series, int generation, Outcomes outcomes) {
        if (fromStep == NO_RUN) return;
        outcomes.gate(new Gate(stream, series, generation, fromStep, lastStep, reason == Reason.NONE, reason.label));
        clear();
    }

    void write(Wire wire) {
        wire.i64(fromStep).i64(lastStep).u8(reason.ordinal());
    }

    void read(Wire wire) {
        fromStep = wire.i64();
        lastStep = wire.i64();
        reason = REASONS[wire.u8()];
    }
}
