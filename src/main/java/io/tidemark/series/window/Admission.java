package io.tidemark.series.window;

/** What became of an event that reached its series. */
public enum Admission {
    /** It is part of a step, and its offset of the step's event ranges. */
    JOINED,
    /** Its step is closed already. No state changed. */
    LATE,
    /** An event of the same time and values, and of the same feature in long form, is part of the step already. No state changed. */
    DUPLICATE,
    /** An event of the same time and other values came before, and {@code same-time: reject} is declared. No state changed. */
    SAME_TIME,
    /** Its step holds as many separate offset ranges as it may. No state changed. */
    STEP_FULL
}
