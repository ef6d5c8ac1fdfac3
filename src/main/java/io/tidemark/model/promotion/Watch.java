package io.tidemark.model.promotion;

import io.tidemark.config.GuardSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Compares how a stream fares after a promotion with how it fared before; pure. */
public final class Watch {
    private static final double TAIL = 0.05;
    /** Alert rates below this are not worth a rollback, however rare alerts were before. */
    private static final double ALERT_RATE_MIN = 0.01;

    private Watch() {}

    /**
     * What speaks against the promoted version.
     *
     * @param usualError what its error should be where the one before has none, such as on rows held out; NaN: not known
     * @return a sentence for each limit that is passed; empty when it may stay, or when too little has been seen
     */
    public static List<String> against(GuardSpec limits, HealthSummary before, HealthSummary after, double usualError) {
        List<String> reasons = new ArrayList<>();
        if (after.samples() >= limits.least()) {
            if (after.failed() > limits.failed()) {
                reasons.add(text(
                        "it gives no number for %.3f of the samples, %.3f may be", after.failed(), limits.failed()));
            }
            boolean known = before.samples() >= limits.least() && before.error() > 0;
            double usual = known ? before.error() : usualError;
            if (after.error() > limits.errors() * usual) {
                reasons.add(text("its error is %.4f where %.4f is usual", after.error(), usual));
            }
            if (known && after.nanos() > limits.latency() * before.nanos()) {
                reasons.add(text("a sample takes %.0f ns, before it took %.0f", after.nanos(), before.nanos()));
            }
        }
        if (after.steps() >= limits.least()) {
            boolean known = before.steps() >= limits.least();
            double alerts = Math.max(ALERT_RATE_MIN, known ? limits.alertRate() * before.alertRate() : 0);
            if (known && after.alertRate() > alerts) {
                reasons.add(text(
                        "%.4f of the steps would open an alert, before %.4f would",
                        after.alertRate(), before.alertRate()));
            }
            double tails = limits.tails() * Math.max(TAIL, known ? before.tails() : TAIL);
            if (after.tails() > tails) {
                reasons.add(text("%.3f of the tail probabilities are below 0.05, %.3f may be", after.tails(), tails));
            }
        }
        return List.copyOf(reasons);
    }

    /** The figures of both, for the audit trail. */
    public static Map<String, Double> figures(HealthSummary before, HealthSummary after) {
        Map<String, Double> figures = new TreeMap<>(before.figures("before-"));
        figures.putAll(after.figures("after-"));
        return figures;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
