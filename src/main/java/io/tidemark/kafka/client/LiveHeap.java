package io.tidemark.kafka.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap the live series of a process may take, all stores together. A store that holds more than its even share of that while the whole is
 * exceeded lets those go that were asked for longest ago; they come back from its slots. Safe for any thread.
 */
public final class LiveHeap {
    /** Share of the largest heap, for which {@code tidemark size} plans too. The rest is for records under way, networks and the collector. */
    public static final double SHARE = 0.4;

    private static final LiveHeap OF_PROCESS =
            new LiveHeap((long) (SHARE * Runtime.getRuntime().maxMemory()));

    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger stores = new AtomicInteger();

    /** @param mostBytes of all stores together, at least 0 */
    public LiveHeap(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The one that all roles of this process share. */
    public static LiveHeap ofProcess() {
        return OF_PROCESS;
    }

    /** A store opens, or closes. */
    void addStores(int change) {
        stores.addAndGet(change);
    }

    void add(long change) {
        bytes.addAndGet(change);
    }

    /** Whether a store that holds so much shall let some go. */
    boolean isTooMuch(long own) {
        return bytes.get() > mostBytes && own > mostBytes / Math.max(1, stores.get());
    }
}
