package io.tidemark.app.cli;

import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.fit.FitReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** How far a fit is: a bar drawn over itself on a terminal, else a line after an epoch, at most one every five seconds. */
final class FitProgress implements Fit.Listener {
    private static final long BAR_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_EVERY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int BAR = 24;
    private static final String OVER = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean interactive;
    private final String label;
    private final long startNanos = System.nanoTime();
    private long shownNanos;
    private String epochs = "";
    private int epoch;
    private long steps;

    /** @param label the series that is fitted; empty when there is but one */
    FitProgress(PrintStream out, boolean interactive, String label) {
        this.out = out;
        this.interactive = interactive;
        this.label = label.isEmpty() ? "" : label + ": ";
    }

    @Override
    public boolean step(long steps, double progress, double loss) {
        this.steps = steps;
        long now = System.nanoTime();
        if (!interactive || now - shownNanos < BAR_EVERY_NANOS) return true;
        shownNanos = now;
        int full = (int) Math.round(progress * BAR);
        double seconds = (now - startNanos) / 1e9;
        String left = progress > 0.01
                ? String.format(Locale.ROOT, ", at most %.0f s left", seconds * (1 - progress) / progress)
                : "";
        out.print(OVER + label + "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] "
                + String.format(Locale.ROOT, "%.0f %%%s%s", 100 * progress, epochs, left));
        out.flush();
        return true;
    }

    @Override
    public void epoch(FitReport.Epoch epoch) {
        this.epoch = epoch.epoch();
        epochs = String.format(
                Locale.ROOT,
                ", epoch %d, loss %.5g, validation %.5g",
                epoch.epoch(),
                epoch.trainLoss(),
                epoch.validationLoss());
        long now = System.nanoTime();
        if (interactive || epoch.epoch() == 0 || now - shownNanos < LINE_EVERY_NANOS) return;
        shownNanos = now;
        out.println(label
                + epochs.substring(2)
                + String.format(
                        Locale.ROOT,
                        ", learning rate %.3g, %.1f s of processor time",
                        epoch.learningRate(),
                        epoch.cpuSeconds()));
    }

    /** How far it came, for one that is stopped. */
    String reached() {
        return label + epoch + " epochs and " + steps + " steps were done";
    }

    /** Removes the bar. */
    void done() {
        if (interactive) {
            out.print(OVER);
            out.flush();
        }
    }
}
