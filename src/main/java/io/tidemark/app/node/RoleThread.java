package io.tidemark.app.node;

import io.tidemark.kafka.client.RootCause;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.StoppedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of a role in a thread of its own. What ends it for a cause that can pass ({@link RootCause#canPass}) starts it again, after
 * pauses that double up to a limit; anything else is its failure.
 */
final class RoleThread {
    private static final Logger LOG = LoggerFactory.getLogger(RoleThread.class);

    private final String name;
    private final Duty duty;
    private final Meters.Level up;
    private final Pauses pauses;
    private final Consumer<String> failed;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile String ended = "";

    /** What it does; each start is a new one. */
    interface Duty {
        void run(BooleanSupplier running) throws InterruptedException;
    }

    /**
     * @param first before the first new start
     * @param longest before any; one that ran for longer than that begins with the first pause again
     */
    record Pauses(Duration first, Duration longest) {
        static final Pauses DEFAULT = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    /**
     * Starts it.
     *
     * @param name the role and the part of it, for people
     * @param up 1 while it works, 0 while it waits or when it has ended
     * @param failed told the root cause when it cannot go on
     */
    RoleThread(String name, Duty duty, Meters.Level up, Pauses pauses, Consumer<String> failed) {
        this.name = name;
        this.duty = duty;
        this.up = up;
        this.pauses = pauses;
        this.failed = failed;
        thread = new Thread(this::work, "role-" + name);
        thread.start();
    }

    private boolean runs() {
        return stop.getCount() > 0;
    }

    private void work() {
        long pauseMs = pauses.first().toMillis();
        try {
            while (runs()) {
                long began = System.nanoTime();
                if (!attempt(pauseMs)) return;
                boolean held = System.nanoTime() - began > pauses.longest().toNanos();
                pauseMs = held ? pauses.first().toMillis() : pauseMs;
                if (stop.await(pauseMs, TimeUnit.MILLISECONDS)) return;
                pauseMs = Math.min(pauses.longest().toMillis(), 2 * pauseMs);
            }
        } catch (InterruptedException e) {
            ended = "interrupted";
            Thread.currentThread().interrupt();
        } finally {
            up.set(0);
        }
    }

    /** Works until the end; true when it shall be tried again. */
    private boolean attempt(long pauseMs) throws InterruptedException {
        up.set(1);
        try {
            duty.run(this::runs);
            ended = "finished";
            return false;
        } catch (StoppedException e) {
            ended = "stopped between two steps, and goes on from its last commit";
            return false;
        } catch (RuntimeException | Error e) {
            up.set(0);
            String why = RootCause.sentence(e);
            if (!runs()) {
                LOG.warn("The role {} did not finish: {}", name, why, e);
                ended = "not finished: " + why;
                return false;
            }
            if (RootCause.canPass(e)) {
                LOG.warn("The role {} starts again in {} ms: {}", name, pauseMs, why, e);
                return true;
            }
            LOG.error("The role {} stops", name, e);
            ended = "failed: " + why;
            failed.accept(why);
            return false;
        }
    }

    /** Tells it to stop; returns at once. */
    void stop() {
        stop.countDown();
    }

    /** Waits; whether it has ended. */
    boolean join(Duration within) throws InterruptedException {
        thread.join(within.toMillis());
        return !thread.isAlive();
    }

    void interrupt() {
        thread.interrupt();
    }

    String name() {
        return name;
    }

    /** How it ended; empty while it has not. */
    String ended() {
        return ended;
    }
}
