package io.tidemark.app.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a long job is, with its rate and the time it still needs: one line drawn over itself on a terminal, a line every five
 * seconds elsewhere. One thread.
 */
public final class Progress implements AutoCloseable {
    /** For jobs whose size is not known beforehand. */
    public static final long TOTAL_UNKNOWN = -1;

    private static final long TERMINAL_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_EVERY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final String OVER = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean interactive;
    private final String what;
    private final long total;
    private final LongSupplier nanoClock;
    private final long startNanos;

    private long done;
    private long shownAtNanos;
    private boolean closed;

    /**
     * @param out standard error; standard output is for results
     * @param what is counted, such as {@code records}
     * @param total how many there will be, or {@link #TOTAL_UNKNOWN}
     */
    public Progress(PrintStream out, boolean interactive, String what, long total, LongSupplier nanoClock) {
        this.out = out;
        this.interactive = interactive;
        this.what = what;
        this.total = total;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.shownAtNanos = startNanos;
    }

    /** Says that so many are done by now; cheap enough for every record. */
    public void at(long doneSoFar) {
        done = doneSoFar;
        long now = nanoClock.getAsLong();
        if (now - shownAtNanos >= (interactive ? TERMINAL_EVERY_NANOS : PLAIN_EVERY_NANOS)) {
            shownAtNanos = now;
            show(now);
        }
    }

    /** Writes the last line once, with the whole time in place of the time left. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        double seconds = seconds(nanoClock.getAsLong());
        out.println((interactive ? OVER : "")
                + String.format(Locale.ROOT, "%,d %s in %.1f s, %,d a second", done, what, seconds, rate(seconds)));
        out.flush();
    }

    private void show(long now) {
        double seconds = seconds(now);
        StringBuilder line = new StringBuilder();
        if (total == TOTAL_UNKNOWN) {
            line.append(String.format(Locale.ROOT, "%,d %s", done, what));
        } else {
            double share = total == 0 ? 100 : 100.0 * done / total;
            line.append(String.format(Locale.ROOT, "%,d of %,d %s (%.0f %%)", done, total, what, share));
        }
        line.append(String.format(Locale.ROOT, ", %,d a second", rate(seconds)));
        if (total != TOTAL_UNKNOWN && done > 0) {
            line.append(", ").append(left(seconds * (total - done) / done)).append(" left");
        }
        if (interactive) {
            out.print(OVER + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    private double seconds(long now) {
        return (now - startNanos) / 1e9;
    }

    private long rate(double seconds) {
        return seconds <= 0 ? 0 : Math.round(done / seconds);
    }

    private static String left(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
