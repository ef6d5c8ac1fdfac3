package io.tidemark.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as a latch: the JVM's end waits up to {@value #STOP_WITHIN_SECONDS} s until this is closed, so that what runs
 * stops in order. One for each process.
 */
final class StopSignal implements AutoCloseable {
    private static final long STOP_WITHIN_SECONDS = 30;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    }

    private void stop() {
        asked.countDown();
        try {
            if (!stopped.await(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counted down when the process is asked to stop. */
    CountDownLatch latch() {
        return asked;
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Everything has stopped. */
    @Override
    public void close() {
        stopped.countDown();
    }
}
