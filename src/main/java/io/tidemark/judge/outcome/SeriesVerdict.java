package io.tidemark.judge.outcome;

import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.judge.calibration.Observation;
import io.tidemark.judge.calibration.SeriesCalibration;
import io.tidemark.judge.calibration.Verdict;
import io.tidemark.judge.slots.SlotSink;
import io.tidemark.judge.slots.SlotSource;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/**
 * The verdict on one series: each inference becomes exactly one score, and where due a forecast, a change of its alert, and gates.
 *
 * <ol>
 *   <li>A function of the inferences in their order, and of wall time only where {@code alert-max-age} is declared.
 *   <li>A step is judged by earlier steps only. An inference that failed is rejected and leaves the calibration and the alert untouched.
 *   <li>A step that is not after the newest one is rejected and changes nothing: the state of ingest was reset without that of verdict.
 *   <li>A step of another generation begins with fresh state; an alert still open is resolved then.
 *   <li>Calibration whose stored state cannot be taken back warms up anew; an alert still open is resolved with what comes next.
 *   <li>A {@link #label} acts at once on the open alert, and on steps of its stretch as they come.
 *   <li>{@link #drain} and {@link #restore} carry the state through a store in slots: a series restored in mid-stream says the same
 *       bytes as one that never stopped.
 * </ol>
 *
 * <p>Owned by one thread, which also owns its {@link VerdictScratch}.
 *
 * <pre>
 *   slot 0  progress: u8 version = 2 | i32 generation | i64 newest step | i64 its event time | gate run | stretch to come
 *           (version 1 ends after the gate run and has no event time)
 *   slot 1  the alert
 *   slot 2… the calibration, then two of the forecasts' bands
 *   slot 65535  the alert of silence
 * </pre>
 */
public final class SeriesVerdict {
    /** The slot whose first byte is 1 while the series' alert is open. */
    public static final int ALERT_SLOT = 1;

    /** The slot that says how far the series has come. */
    public static final int PROGRESS_SLOT = 0;

    /** The slot of the alert of silence, far from those whose number the settings change. */
    public static final int STALE_SLOT = 0xFFFF;

    private static final int CALIBRATION_SLOTS = 2;
    static final int FORMAT = 2;
    private static final int FORMAT_BEFORE = 1;
    private static final int NO_GENERATION = -1;

    private final VerdictPlan plan;
    private final VerdictScratch scratch;
    private final String series;
    private final SeriesCalibration calibration;
    private final SeriesAlert alert;
    private final StaleAlert stale;
    private final ForecastBands bands = new ForecastBands();
    private final GateRun gates = new GateRun();
    private final LabelToCome toCome = new LabelToCome();
    private int generation = NO_GENERATION;
    private long newestStep;
    private long newestMs = Long.MIN_VALUE;
    private boolean progressed;
    /** Whether the stored calibration could not be taken back; whatever comes next says so of an open alert. */
    private boolean lost;

    SeriesVerdict(VerdictPlan plan, VerdictScratch scratch, String series) {
        this.plan = plan;
        this.scratch = scratch;
        this.series = series;
        calibration = new SeriesCalibration(plan.calibration, plan.features.size());
        alert = new SeriesAlert(plan, scratch, series);
        stale = new StaleAlert(plan, series);
    }

    public boolean isAlertOpen() {
        return alert.isOpen();
    }

    /** Whether a step has ever come. */
    public boolean hasBegun() {
        return generation != NO_GENERATION;
    }

    /**
     * Takes what a person said of a stretch of this series: tells it to those who learn, and
     *
     * <ol>
     *   <li>normal: an open alert with a part in the stretch resolves, with the newest step's event time, and none opens before the
     *       present incident is over; meanwhile surprising steps teach too.
     *   <li>anomaly: an open alert with a part in the stretch never teaches, however long it lasts.
     *   <li>Steps of the stretch that are still to come open no alert, for it would be news to nobody: those of a normal stretch teach, however
     *       surprising; those of an anomaly teach neither the networks nor the calibration. Only the newest such stretch is remembered.
     * </ol>
     */
    public void label(Label label, Outcomes outcomes) {
        outcomes.label(label);
        loseAlert(outcomes);
        alert.label(label, generation, newestMs, outcomes);
        if (label.toMs() > newestMs) {
            toCome.set(label);
            progressed = true;
        }
    }

    /**
     * Judges one inference of this series.
     *
     * @param nowMs wall time, epoch milliseconds; only {@code alert-max-age} looks at it
     */
    public void judge(Inference inference, long nowMs, Outcomes outcomes) {
        Step step = inference.step;
        loseAlert(outcomes);
        Score score = scratch.begin(step, series);
        if (step.features() != plan.features.size()) {
            score.status = ScoreStatus.REJECTED;
            score.reason =
                    "features: the step has " + step.features() + ", the stream declares " + plan.features.size();
            outcomes.score(score);
            return;
        }
        if (step.generation == generation && step.step <= newestStep && begunAnew(step)) expire(outcomes);
        if (step.generation == generation && step.step <= newestStep) {
            score.status = ScoreStatus.REJECTED;
            score.reason = "step-repeated: step " + step.step + " came after step " + newestStep;
            outcomes.score(score);
            return;
        }
        advance(step, outcomes);
        NetworkOutputs.fill(inference, score);
        if (!inference.failure.isEmpty()) {
            score.status = ScoreStatus.REJECTED;
            score.reason = inference.failure;
            gate(step, GateRun.Reason.REJECTED, outcomes);
        } else {
            judge(inference, score, nowMs, outcomes);
        }
        outcomes.score(score);
    }

    /** A later time under an earlier number: ingest has forgotten the series in the meantime, and it begins anew. */
    private boolean begunAnew(Step step) {
        return newestMs != Long.MIN_VALUE && step.timeMs > newestMs;
    }

    /** The series is forgotten after a long silence: what waits is told, an open alert resolves, and nothing is known any more. */
    public void expire(Outcomes outcomes) {
        if (!hasBegun()) return;
        loseAlert(outcomes);
        gates.flush(plan.spec.name(), series, generation, outcomes);
        alert.expire(generation, newestMs, outcomes);
        stale.expire(newestMs, generation, outcomes);
        clear();
    }

    /** How long the series may be silent from its newest step on, in milliseconds; {@link Long#MAX_VALUE} where for ever. */
    public long silenceMs() {
        return hasBegun() && newestMs != Long.MIN_VALUE ? stale.limitMs() : StaleAlert.NEVER;
    }

    /** The series has been silent for longer than {@link #silenceMs}: its alert of that opens. */
    public void silent(Outcomes outcomes) {
        if (silenceMs() != StaleAlert.NEVER) stale.open(newestMs, generation, outcomes);
    }

    private void loseAlert(Outcomes outcomes) {
        if (!lost) return;
        lost = false;
        outcomes.calibrationLost();
        alert.lose(generation, newestMs, outcomes);
    }

    private void advance(Step step, Outcomes outcomes) {
        if (newestMs != Long.MIN_VALUE && step.timeMs >= newestMs)
            stale.step(newestMs, step.timeMs, calibration.stepMs(), step.generation, outcomes);
        if (step.generation != generation) {
            if (generation != NO_GENERATION) renew(step, outcomes);
            generation = step.generation;
        }
        newestStep = step.step;
        newestMs = step.timeMs;
        progressed = true;
        if (toCome.begin(step.timeMs) == LabelToCome.Says.NORMAL) alert.excuse(generation, newestMs, outcomes);
    }

    private void renew(Step step, Outcomes outcomes) {
        gates.flush(plan.spec.name(), series, generation, outcomes);
        alert.renew(step, outcomes);
        calibration.reset();
        bands.clear();
    }

    private void judge(Inference inference, Score score, long nowMs, Outcomes outcomes) {
        Step step = inference.step;
        Observation observation = scratch.observe(step);
        for (int i = 0; i < inference.members(); i++) {
            Inference.Member member = inference.member(i);
            if (member.status == Inference.Status.SCORED) {
                observation.network(member.network, member.version, member.error, member.probe);
            }
        }
        Verdict verdict = scratch.verdict;
        LabelToCome.Says label = toCome.says();
        boolean labelled = label == LabelToCome.Says.ANOMALY;
        boolean scoreHolds = labelled
                || alert.isConfirmed()
                || alert.withholds() && plan.alert.opensOn() != AlertSpec.OpensOn.BUDGET;
        calibrate(observation, labelled || alert.withholds(), scoreHolds, outcomes);
        errors(inference, score);
        bands.observe(step.step, step.values(), step.imputed(), step.features());
        forecast(inference, outcomes);
        if (verdict.isWarmingUp()) {
            score.status = ScoreStatus.WARMING_UP;
            score.samplesSeen = verdict.samplesSeen();
            score.samplesNeeded = verdict.samplesNeeded();
        } else {
            scored(inference, verdict, score);
            alert.step(step, score, label, nowMs, outcomes);
        }
        gate(step, reason(verdict), outcomes);
    }

    /** A stored state that reads well can still be nonsense, which shows only once it is used: then nothing is known, and the step is the first. */
    private void calibrate(Observation observation, boolean alertOpen, boolean scoreHolds, Outcomes outcomes) {
        try {
            calibration.judge(observation, alertOpen, scoreHolds, scratch.verdict);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            loseCalibration();
            loseAlert(outcomes);
            calibration.judge(observation, false, false, scratch.verdict);
        }
    }

    /** What each network said, beside what all together make of the step. Networks beyond the observation's limit say nothing. */
    private void errors(Inference inference, Score score) {
        for (int i = 0, said = 0; i < inference.members() && said < Observation.NETWORKS_MAX; i++) {
            if (inference.member(i).status != Inference.Status.SCORED) continue;
            score.modelSaid(i, calibration.networkError(said), calibration.networkTail(said));
            said++;
        }
    }

    private void scored(Inference inference, Verdict verdict, Score score) {
        score.status = ScoreStatus.SCORED;
        score.score = verdict.score();
        score.alertScore = verdict.alertScore();
        score.tailProbability = verdict.tailProbability();
        score.smoothedScore = verdict.smoothedScore();
        score.returnLevel = verdict.returnLevel();
        score.evidenceLevel = verdict.evidenceLevel();
        score.evidence.set(verdict.reason());
        score.budgetLevel = plan.budgetLevel(calibration.stepMs(), scratch.seriesOfStream());
        score.judge();
        for (int i = 0; i < plan.features.size(); i++) score.shares()[i] = verdict.share(i);
        Expectation.fill(inference, calibration, score);
    }

    private GateRun.Reason reason(Verdict verdict) {
        LabelToCome.Says label = toCome.says();
        if (label == LabelToCome.Says.ANOMALY) return GateRun.Reason.LABELLED_ANOMALY;
        if (alert.withholds()) return GateRun.Reason.ALERT_OPEN;
        boolean normal = label == LabelToCome.Says.NORMAL || alert.isExcused();
        return switch (verdict.teaching()) {
            case ALLOWED -> GateRun.Reason.NONE;
            case FILLED -> GateRun.Reason.FILLED;
            case SURPRISING -> normal ? GateRun.Reason.NONE : GateRun.Reason.SURPRISING;
            case ALERT_OPEN -> GateRun.Reason.ALERT_OPEN;
        };
    }

    private void gate(Step step, GateRun.Reason reason, Outcomes outcomes) {
        if (!step.teaches) return;
        int chunk = plan.spec.learning().chunk();
        gates.add(plan.spec.name(), series, generation, step.step, reason, chunk, outcomes);
    }

    private void forecast(Inference inference, Outcomes outcomes) {
        for (int i = 0; i < inference.members(); i++) {
            Inference.Member member = inference.member(i);
            if (member.status != Inference.Status.SCORED || member.horizon == 0) continue;
            Forecast forecast = scratch.forecast;
            forecast.series = series;
            forecast.generation = generation;
            NetworkOutputs.fill(inference.step, member, forecast);
            bands.apply(inference.step.step, forecast);
            outcomes.forecast(forecast);
            return;
        }
    }

    /** Number of slots of the state; their indexes are in [0, slots()). */
    public int slots() {
        return CALIBRATION_SLOTS + calibration.slots() + ForecastBands.SLOTS;
    }

    /**
     * Hands out every slot that changed since the last call. All slots of one call belong together: a store must take them atomically.
     *
     * @return bytes handed out
     */
    public int drain(SlotSink sink) {
        int handedOut = 0;
        Wire slot = scratch.slot;
        if (progressed) {
            slot.clear().u8(FORMAT).i32(generation).i64(newestStep).i64(newestMs);
            gates.write(slot);
            toCome.write(slot);
            sink.accept(PROGRESS_SLOT, slot.toBytes());
            handedOut += slot.position();
            progressed = false;
        }
        if (alert.isChanged()) {
            slot.clear();
            alert.write(slot);
            sink.accept(ALERT_SLOT, slot.toBytes());
            handedOut += slot.position();
        }
        if (stale.isChanged()) {
            slot.clear();
            stale.write(slot);
            sink.accept(STALE_SLOT, slot.toBytes());
            handedOut += slot.position();
        }
        for (int i = 0; i < ForecastBands.SLOTS; i++) {
            if (!bands.takeChange(i)) continue;
            bands.write(i, slot.clear());
            sink.accept(bandSlot(i), slot.toBytes());
            handedOut += slot.position();
        }
        return handedOut + calibration.drain((index, bytes) -> sink.accept(CALIBRATION_SLOTS + index, bytes));
    }

    private int bandSlot(int index) {
        return CALIBRATION_SLOTS + calibration.slots() + index;
    }

    /**
     * Takes the state back from a store; the store's empty answer is an empty state.
     *
     * @return false when the stored state, or its calibration alone, was of other settings and begins anew; an alert that was
     *     open is resolved with what comes next
     */
    public boolean restore(SlotSource source) {
        byte[] progress = source.slot(PROGRESS_SLOT);
        byte[] alertState = source.slot(ALERT_SLOT);
        if (progress == null && alertState == null) return true;
        try {
            if (progress == null || alertState == null) throw new IllegalArgumentException("half a state");
            Wire wire = Wire.reader(progress);
            int format = wire.u8();
            if (format != FORMAT && format != FORMAT_BEFORE)
                throw new IllegalArgumentException("verdict state has format " + format);
            generation = wire.i32();
            newestStep = wire.i64();
            newestMs = format == FORMAT ? wire.i64() : Long.MIN_VALUE;
            gates.read(wire);
            toCome.clear();
            if (format == FORMAT) toCome.read(wire);
            alert.read(Wire.reader(alertState));
            stale.read(source.slot(STALE_SLOT));
        } catch (RuntimeException e) {
            clear();
            lost = true;
            return false;
        }
        try {
            if (!calibration.restore(index -> source.slot(CALIBRATION_SLOTS + index))) {
                throw new IllegalArgumentException("the series has come to a step, but has no calibration");
            }
            for (int i = 0; i < ForecastBands.SLOTS; i++) {
                byte[] stored = source.slot(bandSlot(i));
                if (stored != null) bands.read(i, stored);
            }
            return true;
        } catch (RuntimeException e) {
            loseCalibration();
            return false;
        }
    }

    private void loseCalibration() {
        calibration.reset();
        bands.clear();
        lost = true;
    }

    private void clear() {
        generation = NO_GENERATION;
        newestMs = Long.MIN_VALUE;
        gates.clear();
        toCome.clear();
        alert.clear();
        stale.clear();
        calibration.reset();
        bands.clear();
    }
}
