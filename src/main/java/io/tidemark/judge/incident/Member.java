package io.tidemark.judge.incident;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.outcome.Alert;

/**
 * One series of an incident, as its alert said last.
 *
 * @param alert id of its newest alert
 * @param sinceMs event time at which its first alert of the incident opened; epoch milliseconds
 * @param untilMs event time at which its newest alert was resolved; {@link #OPEN} while it is open
 * @param returnLevel the highest of its alerts; log10 of steps
 * @param excess by how many orders of magnitude that is above its stream's budget
 * @param stepMs time between two steps of it
 * @param kind of change, as records name it
 * @param summary its alert in one sentence; empty where it is not known
 * @param feature what stood out most; empty where no feature is named
 * @param share of the feature in the score; in [0, 1]
 * @param value measured, in its own units; NaN where missing, as the next three
 * @param expected value
 * @param lower end of the expected band
 * @param upper end of the expected band
 */
public record Member(
        String stream,
        String series,
        String alert,
        long sinceMs,
        long untilMs,
        double returnLevel,
        double excess,
        long stepMs,
        String kind,
        String summary,
        String feature,
        double share,
        double value,
        double expected,
        double lower,
        double upper) {
    /** Stands for no end yet. */
    public static final long OPEN = Long.MIN_VALUE;

    static Member of(Alert alert, IncidentSpec spec) {
        boolean named = !alert.features().isEmpty();
        Alert.Feature top = named
                ? alert.features().get(0)
                : new Alert.Feature("", 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        return new Member(
                alert.stream(),
                alert.series(),
                alert.id(),
                alert.sinceMs(),
                alert.state() == Alert.State.OPEN ? OPEN : alert.timeMs(),
                alert.returnLevel(),
                // a silence has no rarity of its own: it is a warning
                alert.kind() == EvidenceKind.STALE
                        ? spec.severities().warning()
                        : Math.max(0, alert.returnLevel() - spec.severities().budgetLevel()),
                spec.times().stepMs(),
                alert.kind().label(),
                alert.summary(),
                top.name(),
                top.share(),
                top.value(),
                top.expected(),
                top.lower(),
                top.upper());
    }

    /** This series after a further alert of it, or a further record of the same one: the earliest opening and the highest peak stay. */
    Member and(Member later) {
        Member high = later.returnLevel >= returnLevel ? later : this;
        return new Member(
                stream,
                series,
                later.alert,
                Math.min(sinceMs, later.sinceMs),
                later.untilMs,
                high.returnLevel,
                high.excess,
                stepMs,
                high.kind,
                high.summary,
                high.feature,
                high.share,
                high.value,
                high.expected,
                high.lower,
                high.upper);
    }

    public boolean isOpen() {
        return untilMs == OPEN;
    }

    String key() {
        return stream + "/" + series;
    }
}
