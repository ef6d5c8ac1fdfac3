package io.tidemark;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Waits for a condition with a deadline, so that no test sleeps for a fixed time.
 *
 * <p>The condition is checked at once, then after pauses that grow from 1 ms to 50 ms. It runs on the calling thread. An
 * exception or assertion error from the condition means "not yet"; the last one becomes the cause of the failure. The
 * condition is checked once more after the deadline, so a machine that stalls for the whole wait does not fail a test whose
 * condition holds.
 *
 * <pre>{@code
 * Eventually.holds(Duration.ofSeconds(10), "the worker has scored 3 samples", () -> scored.get() == 3);
 * var alert = Eventually.gives(Duration.ofSeconds(10), "an open alert", alerts::poll, a -> a.state() == OPEN);
 * Eventually.passes(Duration.ofSeconds(10), () -> assertThat(scores).hasSize(3));
 * }</pre>
 */
public final class Eventually {

    private static final long PAUSE_NANOS_MIN = 1_000_000;
    private static final long PAUSE_NANOS_MAX = 50_000_000;

    private Eventually() {}

    /** An assertion or action that may throw anything while it does not hold yet. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }

    /**
     * Returns when {@code condition} is true.
     *
     * @param what the awaited state as a clause, "the worker has scored 3 samples"; named in the failure
     * @throws AssertionError when it is still false after {@code deadline}
     */
    public static void holds(Duration deadline, String what, Callable<Boolean> condition) {
        gives(deadline, what, condition, Boolean.TRUE::equals);
    }

    /**
     * Returns the first non-null value of {@code source}.
     *
     * @throws AssertionError when there is none after {@code deadline}
     */
    public static <T> T gives(Duration deadline, String what, Callable<? extends T> source) {
        return gives(deadline, what, source, Objects::nonNull);
    }

    /**
     * Returns the first value of {@code source} that is non-null and {@code accepted}.
     *
     * @throws AssertionError when there is none after {@code deadline}; names the last value
     */
    public static <T> T gives(
            Duration deadline, String what, Callable<? extends T> source, Predicate<? super T> accepted) {
        long started = System.nanoTime();
        long pauseNanos = PAUSE_NANOS_MIN;
        while (true) {
            boolean last = System.nanoTime() - started >= deadline.toNanos();
            String seen;
            Throwable cause = null;
            try {
                T value = source.call();
                if (value != null && accepted.test(value)) {
                    return value;
                }
                seen = "last value was " + value;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for: " + what, e);
            } catch (Exception | AssertionError e) {
                seen = "last failure was " + e;
                cause = e;
            }
            if (last) {
                throw new AssertionError("not within " + deadline + ": " + what + "; " + seen, cause);
            }
            pause(pauseNanos, what);
            pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
        }
    }

    /**
     * Returns when {@code assertion} stops throwing.
     *
     * @throws AssertionError when it still throws after {@code deadline}, with the last throwable as its cause
     */
    public static void passes(Duration deadline, Assertion assertion) {
        gives(
                deadline,
                "the assertion passes",
                () -> {
                    assertion.check();
                    return Boolean.TRUE;
                },
                Boolean.TRUE::equals);
    }

    private static void pause(long nanos, String what) {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for: " + what);
        }
    }
}
