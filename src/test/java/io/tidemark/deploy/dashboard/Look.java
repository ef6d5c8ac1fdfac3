package io.tidemark.deploy.dashboard;

/** How a panel shows what it asks for. */
enum Look {
    /** Lines over time, from zero up. */
    LINES,
    /** Areas over time, one upon the other. */
    STACKED,
    /** Lines over time that may lie below zero. */
    SIGNED_LINES,
    /** Numbers of now: 0 is red and means failed, 1 is green and means up. */
    UP_OR_FAILED,
    /** Numbers of now: 0 is green, and 1 and above orange. */
    TROUBLE,
    /** Names of now, in blue. */
    NAMES;

    boolean isOfNow() {
        return this == UP_OR_FAILED || this == TROUBLE || this == NAMES;
    }
}
