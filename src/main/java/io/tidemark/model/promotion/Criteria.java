package io.tidemark.model.promotion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a challenger must be to become champion. All of them must hold.
 *
 * <ol>
 *   <li>It opens no more alerts on the steps as they were than the champion; one for every {@code alertSteps} steps is free.
 *   <li>It ranks the injected anomalies at least as well on average, and none of the kinds worse by more than {@code kindSlack}.
 *   <li>It ranks the rows that people have called anomalies no worse than the champion does by more than {@code labelledSlack}.
 *   <li>Its tails are calibrated: no more than twice as many tail probabilities below 0.05 as there should be, or than the
 *       champion has.
 *   <li>It is affordable: a sample takes at most {@code cost} times the champion's time.
 *   <li>Its usual error is at most {@code error} times the champion's: what does not know the normal cannot know the strange.
 * </ol>
 *
 * @param stepsMin steps that a comparison needs; at least 1
 * @param alertSteps steps for one free alert; at least 1
 * @param kindSlack average precision; in [0, 1]
 * @param labelledSlack average precision; in [0, 1]
 * @param cost at least 1
 * @param error at least 1
 */
public record Criteria(
        int stepsMin, int alertSteps, double kindSlack, double labelledSlack, double cost, double error) {
    /** As shipped. */
    public static final Criteria SHIPPED = new Criteria(500, 5000, 0.1, 0.05, 3, 1.5);

    private static final double TAIL = 0.05;

    /** Decides between a challenger and the champion. */
    public Decision decide(Contender champion, Contender challenger) {
        Map<String, Double> figures = new TreeMap<>(champion.figures("champion-"));
        figures.putAll(challenger.figures("challenger-"));
        if (challenger.steps() < stepsMin) {
            String why = "only " + challenger.steps() + " steps could be compared, " + stepsMin + " are needed";
            return new Decision.TooEarly(why, figures);
        }
        List<String> reasons = new ArrayList<>();
        long free = 1 + challenger.steps() / alertSteps;
        if (challenger.alerts() > Math.max(champion.alerts(), free)) {
            reasons.add("it opens " + challenger.alerts() + " alerts, the champion " + champion.alerts());
        }
        ranking(champion, challenger, reasons);
        double allowed = Math.max(2 * TAIL, champion.tails());
        if (!(challenger.tails() <= allowed)) {
            reasons.add(
                    text("%.3f of its tail probabilities are below 0.05, %.3f may be", challenger.tails(), allowed));
        }
        if (challenger.nanosPerSample() > cost * champion.nanosPerSample()) {
            reasons.add(text(
                    "a sample takes it %.0f ns, the champion %.0f",
                    challenger.nanosPerSample(), champion.nanosPerSample()));
        }
        if (!(challenger.medianError() <= error * champion.medianError())) {
            reasons.add(text(
                    "its usual error is %.4f, the champion's %.4f", challenger.medianError(), champion.medianError()));
        }
        if (!reasons.isEmpty()) return new Decision.Keep(reasons, figures);
        String why = text(
                "it ranks injected anomalies at %.3f, the champion at %.3f, with %.0f alerts against %.0f",
                challenger.meanRanking(), champion.meanRanking(), (double) challenger.alerts(), (double)
                        champion.alerts());
        return new Decision.Promote(why, figures);
    }

    private void ranking(Contender champion, Contender challenger, List<String> reasons) {
        if (!(challenger.meanRanking() >= champion.meanRanking())) {
            reasons.add(text(
                    "it ranks injected anomalies at %.3f, the champion at %.3f",
                    challenger.meanRanking(), champion.meanRanking()));
        }
        for (String kind : new TreeSet<>(champion.ranking().keySet())) {
            double own = challenger.ranking().getOrDefault(kind, Double.NaN);
            double other = champion.ranking().getOrDefault(kind, Double.NaN);
            if (own < other - kindSlack) {
                reasons.add(text("it finds %s at %.3f, the champion at %.3f", kind, own, other));
            }
        }
        if (challenger.labelled() < champion.labelled() - labelledSlack) {
            reasons.add(text(
                    "it ranks %d labelled rows at %.3f, the champion at %.3f",
                    challenger.labelledRows(), challenger.labelled(), champion.labelled()));
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
