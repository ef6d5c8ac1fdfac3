package io.tidemark.app.cli;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.StoppableEngine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a command still says when it is told to stop while it computes: the step under way is finished, the command ends with
 * {@link io.tidemark.net.engine.StoppedException}, and the JVM waits up to {@value #WITHIN_SECONDS} s for the sentence that follows.
 * One for each process.
 */
final class LastWords {
    private static final long WITHIN_SECONDS = 3;
    private static final CountDownLatch SAID = new CountDownLatch(1);

    private LastWords() {}

    /** The engine of a command, which stops between two steps when the process is told to; closing it closes the given one. */
    static Engine guard(Engine engine) {
        return StoppableEngine.untilExit(engine, LastWords::await);
    }

    private static void await() {
        try {
            if (!SAID.await(WITHIN_SECONDS, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command has ended and has said all. */
    static void said() {
        SAID.countDown();
    }
}
