package io.tidemark.judge.outcome;

import io.tidemark.judge.alert.AlertChange;
import io.tidemark.judge.alert.AlertHold;
import io.tidemark.judge.alert.AlertMachine;
import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.judge.calibration.ScoreLevel;
import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.judge.evidence.Signal;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The alert of one series, with what its features were at the peak.
 *
 * <p>A step counts only when what is strange of it deviates from what was expected as declared ({@link DeviationRules}); other steps have an alert score of 0 and neither open an alert nor keep one open.
 *
 * <pre>
 *   u8 open | u16 length | the machine's state | TOP x (f64 value | f64 expected | f64 lower | f64 upper)
 *   | f64 peak score | f64 peak level | u8 kind | u8 signal | i32 feature | f64 amount | f64 its value | u8 what it is held by | f64 the budget's level at the peak
 * </pre>
 */
final class SeriesAlert {
    private static final int TOP = Alert.FEATURES_MAX;
    private static final String BELOW_CLOSE = "score-below-close";
    private static final String NEW_GENERATION = "new-generation";
    private static final String SERIES_EXPIRED = "series-expired";
    private static final String LABELLED_NORMAL = "labelled-normal";
    private static final String CALIBRATION_LOST = "calibration-lost";

    private final VerdictPlan plan;
    private final VerdictScratch scratch;
    private final String series;
    private final double[] peak = new double[4 * TOP];
    private double peakScore;
    private double peakLevel;
    private double peakBudget = Double.NaN;
    private final Reason peakReason = new Reason();
    private double reasonValue = Double.NaN;
    private final AlertHold hold = new AlertHold();
    private AlertMachine machine;
    private boolean changed = true;

    SeriesAlert(VerdictPlan plan, VerdictScratch scratch, String series) {
        this.plan = plan;
        this.scratch = scratch;
        this.series = series;
        machine = new AlertMachine(plan.alert);
    }

    boolean isOpen() {
        return machine.isOpen();
    }

    boolean isConfirmed() {
        return machine.isConfirmed();
    }

    boolean withholds() {
        return machine.withholds();
    }

    boolean isExcused() {
        return machine.isExcused();
    }

    /** Takes what a person said, if it has a part in what has come of the present incident, open or excused. */
    void label(Label label, int generation, long newestMs, Outcomes outcomes) {
        boolean begun = label.fromMs() <= Math.max(newestMs, machine.peakMs());
        if (!begun || label.toMs() < machine.sinceMs()) return;
        if (label.anomaly()) machine.confirm();
        else excuse(generation, newestMs, outcomes);
    }

    /** A person calls the present incident normal: an open alert resolves at once. */
    void excuse(int generation, long newestMs, Outcomes outcomes) {
        if (!machine.isOpen()) return;
        long timeMs = Math.max(newestMs, machine.peakMs());
        outcomes.alert(record(Alert.State.RESOLVED, generation, timeMs, LABELLED_NORMAL, features()));
        machine.excuse();
    }

    boolean isChanged() {
        return changed || machine.isChanged();
    }

    /**
     * Takes a scored step; takes its alert score back when the step does not count.
     *
     * @param foretold what a person said of it before it came: either way it opens no alert, and after a normal one neither does its aftermath
     */
    void step(Step step, Score score, LabelToCome.Says foretold, long nowMs, Outcomes outcomes) {
        int heldBefore = hold.bits();
        boolean counts = counts(step, score);
        if (!counts) score.alertScore = 0;
        double high = high(score);
        if (foretold == LabelToCome.Says.NORMAL && high >= plan.alert.resolveBelow()) {
            machine.excuse();
            return;
        }
        boolean mayOpen = foretold == LabelToCome.Says.NOTHING && !isTooOld(step, nowMs);
        boolean mayChange = counts && (machine.isOpen() || mayOpen);
        double peakBefore = machine.isOpen() ? machine.peak() : -1;
        AlertChange change =
                machine.step(step.timeMs, mayChange ? high : 0, mayChange ? score.alertScore : 0, score.shares());
        hold.after(change, score.evidenceLevel / score.budgetLevel);
        changed |= hold.bits() != heldBefore;
        if (change == AlertChange.OPENED && opensByBudget()) score.opensAlert();
        if (machine.isOpen() && machine.peak() > peakBefore) remember(score);
        if (change == AlertChange.OPENED) {
            outcomes.alert(record(Alert.State.OPEN, step.generation, step.timeMs, "", features()));
        } else if (change == AlertChange.RESOLVED) {
            outcomes.alert(record(Alert.State.RESOLVED, step.generation, step.timeMs, BELOW_CLOSE, features()));
        }
    }

    /**
     * What an open alert is held by: the return level as a share of the budget's, or the score. An excuse lasts while either is high: what a person has
     * called normal teaches until the networks know it too.
     */
    private double high(Score score) {
        if (!opensByBudget()) return score.score;
        double level = score.returnLevel / score.budgetLevel;
        if (machine.isExcused()) return Math.max(level, score.score);
        return hold.deciding(level, score.evidenceLevel / score.budgetLevel, machine.isOpen());
    }

    private boolean opensByBudget() {
        return plan.alert.opensOn() == AlertSpec.OpensOn.BUDGET;
    }

    private boolean isTooOld(Step step, long nowMs) {
        var age = plan.spec.verdict().alertMaxAge();
        return age.isPresent() && nowMs - step.timeMs > age.get().toMillis();
    }

    private boolean counts(Step step, Score score) {
        DeviationRules rules = plan.deviations;
        return rules == null || rules.counts(score.evidence, opensByBudget(), step, score, scratch.top);
    }

    private void remember(Score score) {
        peakScore = opensByBudget() ? Math.max(score.score, ScoreLevel.scoreOf(score.budgetLevel)) : score.score;
        peakLevel = score.returnLevel;
        peakBudget = score.budgetLevel;
        peakReason.set(score.evidence);
        int named = peakReason.feature();
        reasonValue = named == Reason.NO_FEATURE ? Double.NaN : score.values()[named];
        for (int place = 0; place < TOP; place++) {
            int feature = machine.topFeature(place);
            peak[4 * place] = feature < 0 ? Double.NaN : score.values()[feature];
            peak[4 * place + 1] = feature < 0 ? Double.NaN : score.expected()[feature];
            peak[4 * place + 2] = feature < 0 ? Double.NaN : score.lower()[feature];
            peak[4 * place + 3] = feature < 0 ? Double.NaN : score.upper()[feature];
        }
        changed = true;
    }

    private Alert record(Alert.State state, int generation, long timeMs, String reason, List<Alert.Feature> features) {
        return new Alert(
                machine.id(plan.spec.name(), series),
                state,
                new Alert.Subject(plan.spec.name(), series, generation),
                machine.sinceMs(),
                timeMs,
                new Alert.Peak(
                        opensByBudget() ? peakScore : machine.peak(),
                        machine.peakMs(),
                        peakLevel,
                        peakBudget,
                        peakReason.kind(),
                        features),
                reason,
                summary(state == Alert.State.RESOLVED, features));
    }

    private String summary(boolean over, List<Alert.Feature> features) {
        int named = peakReason.feature();
        boolean known = named != Reason.NO_FEATURE && named < plan.features.size();
        String feature = known ? plan.features.name(named) : "";
        return AlertSummary.of(series, over, peakReason, feature, reasonValue, features);
    }

    private List<Alert.Feature> features() {
        List<Alert.Feature> features = new ArrayList<>(TOP);
        for (int place = 0; place < TOP && machine.topFeature(place) >= 0; place++) {
            features.add(new Alert.Feature(
                    plan.features.name(machine.topFeature(place)),
                    machine.topShare(place),
                    peak[4 * place],
                    peak[4 * place + 1],
                    peak[4 * place + 2],
                    peak[4 * place + 3]));
        }
        return features;
    }

    /** Begins a new generation: an open alert ends, without features, whose order may be another one now. */
    void renew(Step step, Outcomes outcomes) {
        if (machine.isOpen())
            outcomes.alert(record(Alert.State.RESOLVED, step.generation, step.timeMs, NEW_GENERATION, List.of()));
        clear();
    }

    /** What was usual is no longer known, so that nothing could close an open alert: it ends. */
    void lose(int generation, long newestMs, Outcomes outcomes) {
        end(CALIBRATION_LOST, generation, newestMs, outcomes);
    }

    /** The series is forgotten: an open alert ends. */
    void expire(int generation, long newestMs, Outcomes outcomes) {
        end(SERIES_EXPIRED, generation, newestMs, outcomes);
    }

    private void end(String reason, int generation, long newestMs, Outcomes outcomes) {
        if (machine.isOpen()) {
            long timeMs = Math.max(newestMs, machine.peakMs());
            outcomes.alert(record(Alert.State.RESOLVED, generation, timeMs, reason, features()));
        }
        clear();
    }

    void clear() {
        machine = new AlertMachine(plan.alert);
        hold.clear();
        Arrays.fill(peak, 0);
        peakScore = 0;
        peakLevel = 0;
        peakBudget = Double.NaN;
        peakReason.clear();
        reasonValue = Double.NaN;
        changed = true;
    }

    void write(Wire wire) {
        byte[] state = machine.save();
        wire.u8(machine.isOpen() ? 1 : 0).u16(state.length).bytes(state, 0, state.length);
        wire.doubles(peak, 0, peak.length);
        wire.f64(peakScore).f64(peakLevel).u8(peakReason.kind().ordinal());
        wire.u8(peakReason.signal().ordinal()).i32(peakReason.feature());
        wire.f64(peakReason.amount()).f64(reasonValue).u8(hold.bits()).f64(peakBudget);
        changed = false;
    }

    void read(Wire wire) {
        wire.u8();
        byte[] state = new byte[wire.u16()];
        wire.readBytes(state, 0, state.length);
        machine.restore(state);
        wire.readDoubles(peak, 0, peak.length);
        if (wire.remaining() > 0) {
            peakScore = wire.f64();
            peakLevel = wire.f64();
            readReason(wire);
            hold.restore(wire.remaining() > 0 ? wire.u8() : 0);
            peakBudget = wire.remaining() > 0 ? wire.f64() : Double.NaN;
        } else {
            peakScore = Math.min(1, machine.peak());
        }
        changed = false;
    }

    /** A state of before reasons were stored names the kind alone. */
    private void readReason(Wire wire) {
        EvidenceKind kind = EvidenceKind.of(wire.u8());
        if (wire.remaining() == 0) {
            peakReason.set(kind, Signal.WHOLE, Reason.NO_FEATURE, Double.NaN);
            return;
        }
        Signal signal = Signal.of(wire.u8());
        int feature = wire.i32();
        peakReason.set(kind, signal, feature, wire.f64());
        reasonValue = wire.f64();
    }
}
