package io.tidemark.net.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/** Notices when two threads are inside one replica at once, which would mix their batches. */
public final class Confinement {
    private final AtomicBoolean inside = new AtomicBoolean();
    private final String owner;

    /** @param owner what is confined, for the message */
    public Confinement(String owner) {
        this.owner = owner;
    }

    /** @throws IllegalStateException when another call is inside */
    public void enter() {
        if (!inside.compareAndSet(false, true)) {
            throw new IllegalStateException(owner + " is used by two threads at once; open a replica for each");
        }
    }

    public void leave() {
        inside.set(false);
    }
}
