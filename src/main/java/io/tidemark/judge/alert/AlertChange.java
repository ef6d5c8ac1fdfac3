package io.tidemark.judge.alert;

/** What one step did to a series' alert. */
public enum AlertChange {
    /** Nothing to tell. */
    NONE,
    /** An alert opened at this step. */
    OPENED,
    /** The open alert has lasted so long that its steps teach from now on. */
    ADAPTING,
    /** The open alert ended at this step. */
    RESOLVED
}
