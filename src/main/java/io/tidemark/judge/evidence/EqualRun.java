package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;

/**
 * The run of equal values that a feature is in. A run is held against the runs before it, not against itself: a repeat that may teach
 * waits until the run has ended, or is what is usual now.
 *
 * <pre>
 *   repeats i3 | repeats that wait to teach i1
 * </pre>
 */
final class EqualRun {
    /** Bits of the repeats; those above them are the repeats that wait. */
    private static final int BITS = 24;

    private static final int REPEATS_MAX = (1 << BITS) - 1;
    /** Repeats that might teach, from which on a run is usual and teaches while it lasts. */
    private static final int USUAL = 200;

    private final SlotMemory memory;
    private final int at;
    private final boolean waits;
    /** Of the run that ended with the row last taken, the repeats that waited. */
    private int ended;

    /**
     * Lies at a place of a memory that its owner has claimed.
     *
     * @param waits whether repeats teach when the run is over; else at once
     */
    EqualRun(SlotMemory memory, int at, boolean waits) {
        this.memory = memory;
        this.at = at;
        this.waits = waits;
    }

    /**
     * Takes a row.
     *
     * @param repeats whether its value is that of the row before
     * @return repeats of the present run, this row counted
     */
    int take(boolean repeats) {
        int waiting = waiting();
        int run = repeats ? Math.min((memory.getInt(at) & REPEATS_MAX) + 1, REPEATS_MAX) : 0;
        ended = repeats || waiting == USUAL ? 0 : waiting;
        put(repeats ? waiting : 0, run);
        return run;
    }

    /** Teaches the row last taken, of a run of so many repeats. */
    void learn(SignalTails tails, int run) {
        int waiting = waiting();
        if (run == 0 || waiting == USUAL || !waits) {
            tails.learn(Signal.RUN.ordinal(), run, Double.POSITIVE_INFINITY);
        } else {
            put(waiting + 1, run);
            if (waiting + 1 == USUAL) {
                learnRun(tails, USUAL);
            }
        }
    }

    /** Teaches the repeats of a run that ended with the row last taken, as many as might teach while it lasted. */
    void learnEnded(SignalTails tails) {
        learnRun(tails, ended);
    }

    private static void learnRun(SignalTails tails, int repeats) {
        for (int i = 1; i <= repeats; i++) {
            tails.learn(Signal.RUN.ordinal(), i, Double.POSITIVE_INFINITY);
        }
    }

    private int waiting() {
        return memory.getInt(at) >>> BITS;
    }

    private void put(int waiting, int run) {
        memory.putInt(at, waiting << BITS | run);
    }
}
