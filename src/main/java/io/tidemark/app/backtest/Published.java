package io.tidemark.app.backtest;

import io.tidemark.judge.outcome.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the product would publish of one row beside its two scores.
 *
 * @param alertId of the alert that is open at the row; empty where none is
 * @param tailProbability in (0, 1], lower is stranger; NaN where the row has no score
 * @param smoothedScore in [0, 1], higher is stranger; NaN where the row has no score
 * @param returnLevel log10 of the steps between two episodes as severe as the row; NaN where the row has no score
 * @param kind what the row is evidence of most; empty where it has no score
 * @param summary why the alert that is open at the row opened, in one sentence; empty where none is
 * @param reasons what stands out while an alert is open: features with value, expected value and band in their own units, the largest share
 *     of the score first, with {@code ;} between; empty otherwise
 */
record Published(
        String alertId,
        double tailProbability,
        double smoothedScore,
        double returnLevel,
        String kind,
        String summary,
        String reasons) {
    /** Of a row without an outcome. */
    static final Published NOTHING = new Published("", Double.NaN, Double.NaN, Double.NaN, "", "", "");
    /** The names of its columns. */
    static final List<String> COLUMNS = List.of(
            "alert", "alert_id", "tail_probability", "smoothed_score", "return_level", "kind", "summary", "reasons");

    private static final int FEATURES_MAX = 3;

    static Published of(Score score, OpenAlert alert) {
        return new Published(
                alert.id(),
                score.tailProbability,
                score.smoothedScore,
                score.returnLevel,
                score.judged() ? score.evidence.kind().label() : "",
                alert.summary(),
                alert.id().isEmpty() || !score.judged() ? "" : reasons(score));
    }

    /** What is so at a row after this one that was not judged: the alert, where one is open. */
    Published unjudged() {
        return alertId.isEmpty()
                ? NOTHING
                : new Published(alertId, Double.NaN, Double.NaN, Double.NaN, "", summary, "");
    }

    private static String reasons(Score score) {
        List<Integer> strange = new ArrayList<>();
        for (int i = 0; i < score.features().size(); i++) if (score.shares()[i] > 0) strange.add(i);
        strange.sort((a, b) -> Float.compare(score.shares()[b], score.shares()[a]));
        List<String> reasons = new ArrayList<>();
        for (int i : strange.subList(0, Math.min(FEATURES_MAX, strange.size()))) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "%s %.4g where %.4g (%.4g to %.4g) was expected: %.0f %% of the score",
                    score.features().name(i),
                    score.values()[i],
                    score.expected()[i],
                    score.lower()[i],
                    score.upper()[i],
                    100 * score.shares()[i]));
        }
        return String.join("; ", reasons);
    }

    /** The cells of {@link #COLUMNS}, as text. */
    List<String> cells() {
        return List.of(
                alertId.isEmpty() ? "0" : "1",
                alertId,
                RowOutcomes.number(tailProbability),
                RowOutcomes.number(smoothedScore),
                RowOutcomes.number(returnLevel),
                kind,
                summary,
                reasons);
    }
}
