package io.tidemark.judge.outcome;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.judge.evidence.Signal;
import java.util.List;
import java.util.Locale;

/** An alert in one sentence: what its feature was at the peak, and why that is strange, in the feature's own units. */
final class AlertSummary {
    /** A share from which on a feature is all that is strange, so that it says nothing. */
    private static final double ALL = 0.995;

    private AlertSummary() {}

    /**
     * Such as {@code flow of pump-7 is 12.2, expected 6.1 to 9.5: 4.55 above what the steps before let expect; 92 % of the surprise}. The range is
     * told where the value lies outside of it and does not stand still, and the share where the feature is the one that stands out most, but not all that does.
     *
     * @param over whether the alert is over
     * @param feature the one that the reason names; empty where it names none
     * @param value of it at the peak; NaN where it was missing
     * @param features what stood out most, most first, with what was expected and their shares: the first speaks where the reason names no feature
     */
    static String of(
            String series, boolean over, Reason reason, String feature, double value, List<Alert.Feature> features) {
        String verb = over ? "was" : "is";
        if (reason.feature() != Reason.NO_FEATURE && !feature.isEmpty()) {
            return feature + " of " + series + " " + verb + " " + number(value) + ", "
                    + (reason.isStandstill() ? "" : expected(feature, value, features)) + why(reason)
                    + share(feature, features);
        }
        if (features.isEmpty()) return series + " " + verb + " unlike before" + whole(reason);
        Alert.Feature top = features.get(0);
        String text = top.name() + " of " + series + " " + verb + " " + number(top.value());
        if (Double.isFinite(top.lower()) && Double.isFinite(top.upper())) {
            boolean within = top.value() >= top.lower() && top.value() <= top.upper();
            text += (within ? ", within " : ", expected ") + number(top.lower()) + " to " + number(top.upper());
        } else if (Double.isFinite(top.expected())) {
            text += ", expected " + number(top.expected());
        }
        return text + whole(reason) + share(top.name(), features);
    }

    private static String expected(String feature, double value, List<Alert.Feature> features) {
        for (Alert.Feature one : features) {
            if (!one.name().equals(feature)) continue;
            boolean outside = value < one.lower() || value > one.upper();
            boolean known = Double.isFinite(one.lower()) && Double.isFinite(one.upper());
            return known && outside ? "expected " + number(one.lower()) + " to " + number(one.upper()) + ": " : "";
        }
        return "";
    }

    private static String share(String feature, List<Alert.Feature> features) {
        if (features.isEmpty() || !features.get(0).name().equals(feature)) return "";
        double share = features.get(0).share();
        return share >= ALL ? "" : "; " + Math.round(100 * share) + " % of the surprise";
    }

    private static String why(Reason reason) {
        double amount = reason.amount();
        String above = number(Math.abs(amount)) + (amount < 0 ? " below " : " above ");
        return switch (reason.signal()) {
            case ERROR, ERROR_BY_TIME -> above + "what the steps before let expect";
            case LEVEL_8 -> "for some steps " + above + "what was expected 8 steps before";
            case LEVEL_32 -> "for some steps " + above + "what was expected 32 steps before";
            case LEVEL_128 -> "for some steps " + above + "what was expected 128 steps before";
            case SIZE -> "for some steps " + number(amount) + " times as far from what was expected as usual";
            case RUN -> "the same for " + number(amount + 1) + " steps";
            case MOTION ->
                Double.isNaN(amount) ? "and it hardly moves" : "and it moves by only " + number(amount) + " a step";
            case VALUE -> "a value that it hardly ever has";
            case SEASON -> "for some steps " + above + "its usual at this time of day";
            case RELATION -> above + "what the other features let expect";
            case RELATION_MEAN -> "for some steps " + above + "what the other features let expect";
            case FIRST_CHANGE -> "after it had never changed";
            case OUTSIDE -> "far outside all that it has had so far";
            case WHOLE -> "unlike before";
        };
    }

    private static String whole(Reason reason) {
        EvidenceKind kind = reason.kind();
        if (reason.signal() != Signal.WHOLE) return "";
        return switch (kind) {
            case NOVELTY -> ": unlike what it has been before";
            case NETWORK -> ": unlike what a network expects";
            case NETWORK_SMOOTHED -> ": for some steps unlike what a network expects";
            case SEVERAL -> ": many features are somewhat strange at once";
            default -> "";
        };
    }

    /** About four digits, as people write numbers. */
    static String number(double value) {
        if (!Double.isFinite(value)) return "missing";
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) return String.format(Locale.ROOT, "%.2e", value);
        String format = size < 0.1 ? "%.4f" : size < 1 ? "%.3f" : size < 100 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f";
        String text = String.format(Locale.ROOT, format, value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
