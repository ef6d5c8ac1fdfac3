package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Holds a stream's learning to a share of time: what it uses is owed, and time pays the declared share of itself back. Up to
 * {@link #SAVED_NANOS} of unused time is saved for a burst. Owned by one thread, whose time it measures.
 */
final class Budget {
    static final long SAVED_NANOS = 2_000_000_000L;

    private final double share;
    private final LongSupplier used;
    private final LongSupplier clock;
    private long paidAt;
    private double owed;

    /**
     * @param share of the clock's time; 1 or more is no limit
     * @param used time used by the calling thread, nanoseconds
     * @param clock time, nanoseconds
     */
    Budget(double share, LongSupplier used, LongSupplier clock) {
        this.share = share;
        this.used = used;
        this.clock = clock;
        this.paidAt = clock.getAsLong();
    }

    /** @param device on a GPU the time of a call counts, for the thread only waits there */
    static Budget of(StreamSpec.Learning learning, String device) {
        boolean cpu =
                device.equals("cpu") && ManagementFactory.getThreadMXBean().isCurrentThreadCpuTimeSupported();
        LongSupplier used = cpu ? ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime : System::nanoTime;
        return new Budget(learning.share(), used, System::nanoTime);
    }

    /** Of time, that learning may take. */
    double share() {
        return share;
    }

    /** Runs a piece of work and hands its result on; returns the nanoseconds that it used. */
    <T> long measure(Supplier<T> work, Consumer<T> into) {
        long before = used.getAsLong();
        T result = work.get();
        long spent = used.getAsLong() - before;
        owed += spent;
        into.accept(result);
        return spent;
    }

    /** Whether more has been used than the share allows. */
    boolean isOver() {
        long now = clock.getAsLong();
        owed = Math.max(-SAVED_NANOS, owed - share * (now - paidAt));
        paidAt = now;
        return share < 1 && owed > 0;
    }
}
