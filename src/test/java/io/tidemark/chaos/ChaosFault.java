package io.tidemark.chaos;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that was done to the installation. Safe for any thread. */
final class ChaosFault {
    enum Kind {
        ROLE_KILLED("role killed"),
        ROLE_FROZEN("role frozen for longer than its session"),
        BROKER_KILLED("broker killed"),
        BROKER_RESTARTED("broker stopped and started"),
        PROXY_STALLED("connections of a broker stalled"),
        PROXY_RESET("connections of a broker reset"),
        ROLLED_THRESHOLD("rolling restart, another threshold"),
        ROLLED_WINDOW("rolling restart, another window and step");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    final Kind kind;
    final String target;
    private final CompletableFuture<Long> recovery = new CompletableFuture<>();

    ChaosFault(Kind kind, String target) {
        this.kind = kind;
        this.target = target;
    }

    /** @param nanos from its end until outcomes came from every partition again */
    void recovered(long nanos) {
        recovery.complete(nanos);
    }

    boolean isRecovered() {
        return recovery.isDone();
    }

    double recoverySeconds() {
        return recovery.join() * 1e-9;
    }

    /** Waits for its recovery, but no longer than this. */
    void await(long millis) throws InterruptedException {
        try {
            recovery.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException goOn) {
            // Faults may overlap; its recovery is measured all the same.
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + target;
    }
}
