package io.tidemark.app.node;

import java.util.Locale;

/** A role that a process can take. */
public enum RoleName {
    INGEST,
    WORKER,
    LEARNER,
    VERDICT,
    RETRAIN,
    NOTIFY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
