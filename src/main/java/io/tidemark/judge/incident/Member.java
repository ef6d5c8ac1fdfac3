package io.tidemark.judge.incident;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.outcome.Alert;
import java.util.List;

/**
 * One series of an incident, as its alert said last.
 *
 * @param alert id of its newest alert
 * @param sinceMs event time at which its first alert of the incident opened; epoch milliseconds
 * @param untilMs event time at which its newest alert was resolved; {@link #OPEN} while it is open
 * @param stepMs time between two steps of it
 */
public record Member(String stream, String series, String alert, long sinceMs, long untilMs, long stepMs, Peak peak) {

    /**
     * The highest of its alerts.
     *
     * @param returnLevel log10 of the steps between two as severe
     * @param excess by how many orders of magnitude that is above its stream's budget
     * @param kind of change, as records name it
     * @param summary its alert in one sentence; empty where it is not known
     * @param top what stood out most; without a name where no feature is named
     * @param others what stood out beside it, most first; at most {@link Alert#FEATURES_MAX} less 1
     */
    public record Peak(
            double returnLevel,
            double excess,
            String kind,
            String summary,
            Alert.Feature top,
            List<Alert.Feature> others) {
        public Peak {
            others = List.copyOf(others);
        }
    }

    /** Stands for no end yet. */
    public static final long OPEN = Long.MIN_VALUE;

    static Member of(Alert alert, IncidentSpec spec) {
        List<Alert.Feature> features = alert.peak().features();
        Alert.Feature top = !features.isEmpty()
                ? features.get(0)
                : new Alert.Feature("", 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        double level = alert.peak().returnLevel();
        double budget = alert.peak().budgetLevel();
        if (Double.isNaN(budget)) budget = spec.severities().budgetLevel();
        // a silence has no rarity of its own: it is a warning
        double excess =
                alert.peak().kind() == EvidenceKind.STALE ? spec.severities().warning() : Math.max(0, level - budget);
        return new Member(
                alert.subject().stream(),
                alert.subject().series(),
                alert.id(),
                alert.sinceMs(),
                alert.state() == Alert.State.OPEN ? OPEN : alert.timeMs(),
                spec.times().stepMs(),
                new Peak(
                        level,
                        excess,
                        alert.peak().kind().label(),
                        alert.summary(),
                        top,
                        features.subList(Math.min(1, features.size()), features.size())));
    }

    /** This series after a further alert of it, or a further record of the same one: the earliest opening and the highest peak stay. */
    Member and(Member later) {
        Member high = later.peak.returnLevel() >= peak.returnLevel() ? later : this;
        return new Member(
                stream, series, later.alert, Math.min(sinceMs, later.sinceMs), later.untilMs, stepMs, high.peak);
    }

    public boolean isOpen() {
        return untilMs == OPEN;
    }

    String key() {
        return stream + "/" + series;
    }
}
