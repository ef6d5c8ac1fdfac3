package io.tidemark.app.cli;

import io.tidemark.app.console.Terminal;
import io.tidemark.app.node.StatusLine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how a process does: to a person at a terminal every ten seconds, elsewhere in the log every minute. */
final class StatusTicker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusTicker.class);
    private static final Duration ON_TERMINAL = Duration.ofSeconds(10);
    private static final Duration IN_LOG = Duration.ofMinutes(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;

    private StatusTicker(StatusLine line, Consumer<String> told, Duration every) {
        thread = new Thread(() -> tick(line, told, every), "tidemark-status");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param say writes a line to the terminal */
    static StatusTicker start(StatusLine line, Consumer<String> say) {
        boolean terminal = Terminal.detect(System.getenv()).interactive();
        return terminal ? new StatusTicker(line, say, ON_TERMINAL) : new StatusTicker(line, LOG::info, IN_LOG);
    }

    private void tick(StatusLine line, Consumer<String> told, Duration every) {
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                String next = line.next();
                if (!next.isEmpty()) told.accept(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(1));
    }
}
