package io.tidemark.judge.calibration;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.judge.evidence.SeriesEvidence;
import io.tidemark.judge.evidence.Signal;
import io.tidemark.judge.slots.SlotMemory;
import io.tidemark.judge.slots.SlotSink;
import io.tidemark.judge.slots.SlotSource;
import java.util.Arrays;

/**
 * The verdict state of one series: what its values and its networks' errors usually are, and therefore how strange the present step is.
 *
 * <ol>
 *   <li>Every member (a value signal, a network's error on each time scale) says a surprise: −log10 of its tail probability in this series.
 *   <li>The severity of a step is the weighted sum of its members' surprises beyond a floor; the score is severity / (severity + pivot).
 *   <li>The severity's own tail probability stands beside the score and is not fed back into it.
 *   <li>A step is judged by earlier steps only, and is learnt afterwards: by the evidence unless an alert is open, and by what scores unless it is told to hold still, or the step
 *       scores high while an alert is open.
 * </ol>
 *
 * <p>The same observations in the same order give the same bits; there is no clock and no chance in here. {@link #drain} and {@link #restore} carry the
 * state through a store in small slots: a series restored in mid-stream goes on bit for bit. Owned by one thread; judging allocates nothing.
 */
public final class SeriesCalibration {
    private static final int FORMAT = 2;
    private static final int HEADER_BYTES = 32;
    private static final int JOURNAL_SLOTS = 8;
    /** A slot of the journal for so many bytes of evidence, which are stored as a whole when it is full. */
    private static final int EVIDENCE_BYTES_OF_SLOT = 1024;
    /** How fast the threshold of what is too surprising to teach follows the declared share: within five hundred steps, whatever the share. */
    private static final double WITHHOLD_RATE = 0.001;
    /** How much more often than all opinions together the threshold lets a step be called strange, for what a calibration errs by. */
    private static final double WITHHOLD_ROOM = 1.5;

    private static final int BLOCKS_MIN = 16;
    private static final double NETWORK_WEIGHT_OF_SEVERAL = 3;
    private static final double PIVOT = 6.83 / 8;
    /** Pivot of a wide series: its members speak for many features together, which seldom surprise as one feature alone may. */
    private static final double PIVOT_OF_WIDE = 0.46 * PIVOT;
    /** What a single step counts in the score of a wide series, beside the smoothed errors. */
    private static final double STEP_IN_WIDE = 0.8;

    /** Score from which on a step is not learnt by what scores, while an alert is open (decision 50). */
    private static final double HOLDS_FROM = 0.35;

    private static final double DEVIATION_WEIGHT = 0.25;
    private static final double DEVIATION_IN_TAIL = 0.5;
    private static final double DEVIATION_MAX = 10;
    private static final int SAMPLES_MAX = 2_000_000_000;

    private final CalibrationSpec spec;
    private final int features;
    private final int layout;
    private final SlotMemory memory;
    private final Journal journal;
    private final JournalEntry entry;
    private final int at;
    private final int scales;
    private final double networkWeight;
    private final ValueSignals values;
    /** What all features together say: their mean deviation where there is no novelty, then, in a wide series, what of their values and of their errors is beyond the usual. */
    private final ErrorMember[] plain;

    private final boolean wide;
    private final ErrorMember[] networks;
    private final MemberWeights weights;
    private final NetworkSeats seats;
    private final RecordRule records;
    private final TailHistogram severities;
    private final EvidenceInputs inputs;
    private final SeriesEvidence evidence;
    private final FeatureShares shares = new FeatureShares();
    private final double smoothingRate;
    private final double withheldShare;
    private final int journalSlots;
    private double networkSurprise;
    private int networksSpoke;
    private boolean storeAll;
    private boolean storeJournal;

    /** An empty state for a series with this many features. */
    public SeriesCalibration(CalibrationSpec spec, int features) {
        this.spec = spec;
        this.features = features;
        inputs = new EvidenceInputs(
                features, spec.memory().noveltyFeaturesMax(), spec.memory().networksMax());
        journalSlots = JOURNAL_SLOTS + SeriesEvidence.bytes(inputs.count()) / EVIDENCE_BYTES_OF_SLOT;
        memory = new SlotMemory(stateBytes(spec, features) / SlotMemory.SLOT_BYTES);
        journal = new Journal(memory, journalSlots, spec.memory().networksMax(), inputs.valueBytes());
        at = memory.allocate(HEADER_BYTES);
        severities = TailHistogram.ofSeverity(memory);
        records = new RecordRule(memory, spec);
        networks = errorMembers(spec.memory().networksMax());
        weights = new MemberWeights(networks);
        seats = new NetworkSeats(networks);
        scales = scales();
        wide = SeriesEvidence.isWide(inputs.count());
        plain = errorMembers((scales == 0 ? 1 : 0) + (wide ? 2 : 0));
        int blocks = scales == 0 ? 0 : FeatureSignals.blocks(remaining() / features, scales);
        values = new ValueSignals(memory, spec, features, scales, blocks);
        networkWeight = spec.fusion().networkWeight() * (values.features() > 1 ? NETWORK_WEIGHT_OF_SEVERAL : 1);
        evidence = new SeriesEvidence(memory, spec.evidence(), inputs.count());
        entry = new JournalEntry(inputs.count(), networks.length);
        smoothingRate = 2 / (spec.smoothingSpan() + 1);
        withheldShare = spec.withheldShare();
        int places = journal.hasNarrowFlags() ? networks.length : -networks.length;
        layout = Arrays.hashCode(new int[] {features, scales, places, blocks, memory.allocated()});
        begin();
    }

    /** Bytes of the state of a series with this many features: the declared ones, and its evidence with a part of the journal for it. */
    public static int stateBytes(CalibrationSpec spec, int features) {
        int inputs = new EvidenceInputs(
                        features,
                        spec.memory().noveltyFeaturesMax(),
                        spec.memory().networksMax())
                .count();
        int evidence = SeriesEvidence.bytes(inputs);
        int slots = (spec.memory().stateBytes() + evidence + SlotMemory.SLOT_BYTES - 1) / SlotMemory.SLOT_BYTES;
        return (slots + evidence / EVIDENCE_BYTES_OF_SLOT) * SlotMemory.SLOT_BYTES;
    }

    /** Bytes of the declared state that are still free; the evidence and its part of the journal lie beside it. */
    private int remaining() {
        return spec.memory().stateBytes() - memory.allocated() + (journalSlots - JOURNAL_SLOTS) * SlotMemory.SLOT_BYTES;
    }

    /** In how many scales the novelty of all features fits: 2, 1, or 0 when the series is too wide for it. */
    private int scales() {
        boolean may = features <= spec.memory().noveltyFeaturesMax() && inputs.valueBytes() == Double.BYTES;
        for (int candidate = 2; candidate > 0 && may; candidate--) {
            if (FeatureSignals.blocks(remaining() / features, candidate) >= BLOCKS_MIN) {
                return candidate;
            }
        }
        return 0;
    }

    private ErrorMember[] errorMembers(int count) {
        ErrorMember[] members = new ErrorMember[count];
        for (int i = 0; i < count; i++) {
            members[i] =
                    new ErrorMember(memory, spec.smoothingSpan(), spec.memory().samples(), 1 / spec.swapGrowthMax());
        }
        return members;
    }

    private void begin() {
        memory.putByte(at, FORMAT);
        memory.putInt(at + 4, layout);
        memory.putInt(at + 8, 1);
        journal.begin(1);
        storeAll = true;
    }

    /**
     * Judges a step and learns from it.
     *
     * @param alertOpen whether an alert on this series was open before this step and does not teach (see {@code AlertMachine.withholds})
     * @param scoreHolds whether what scores does not learn the step, however low it scores: the open alert was opened by the score, or a person calls the step an anomaly, which
     *     teaches a young series nothing either. An alert that the evidence opened tells nothing of what is usual for the score
     * @param verdict overwritten
     */
    public void judge(Observation observation, boolean alertOpen, boolean scoreHolds, Verdict verdict) {
        if (observation.features() != features) {
            throw new IllegalArgumentException("an observation of " + observation.features()
                    + " features came to a series of " + features + " features");
        }
        verdict.clear();
        boolean filled = enter(observation, alertOpen, scoreHolds);
        storeAll |= seats.seat(observation, features, entry);
        advance(verdict);
        attribute(observation, verdict);
        verdict.teaching = teaching(filled, alertOpen, verdict);
        storeAll = storeAll || !journal.append(entry);
    }

    /** Number of slots of the state; their indexes are in [0, slots()). */
    public int slots() {
        return memory.slotsAllocated();
    }

    /**
     * Hands out every slot that changed since the last call. All slots of one call belong together: a store must take them atomically.
     *
     * @return bytes handed out
     */
    public int drain(SlotSink sink) {
        if (!storeAll) {
            return journal.drain(sink);
        }
        storeAll = false;
        int from = storeJournal ? 0 : journal.slots();
        storeJournal = false;
        journal.begin(journal.epoch() + 1);
        memory.putInt(at + 8, journal.epoch());
        return memory.drain(from, slots(), sink);
    }

    /**
     * Takes the state back from a store; the store's empty answer is an empty state.
     *
     * @return whether the store has any of it
     * @throws RuntimeException where the slots hold anything else, such as a state of another layout; only {@link #reset} makes it usable again
     */
    public boolean restore(SlotSource source) {
        memory.reset();
        boolean empty = true;
        for (int slot = 0; slot < slots(); slot++) {
            byte[] stored = source.slot(slot);
            if (stored != null) {
                memory.restore(slot, stored);
                empty = false;
            }
        }
        if (empty) {
            begin();
            return false;
        }
        // a header that lies elsewhere is that of another layout, whatever stands here
        if (memory.getByte(at) != FORMAT || memory.getInt(at + 4) != layout) {
            throw new IllegalArgumentException(
                    "a stored calibration state of format " + memory.getByte(at)
                            + " or of another layout cannot go on under the present settings; begin a new generation of the stream");
        }
        storeAll = false;
        journal.begin(memory.getInt(at + 8));
        Verdict unused = new Verdict(features);
        while (journal.next(entry)) {
            advance(unused);
        }
        return true;
    }

    /**
     * The error that a network's mean error over the features exceeds in so many of the steps learnt, in scaled units of its present version.
     *
     * @param network index among the networks of the observation judged last
     * @param share in (0, 1)
     * @return NaN while too few errors are known
     */
    public double usualError(int network, double share) {
        return seats.has(network) ? networks[seats.of(network)].usualError(share) : Double.NaN;
    }

    /**
     * Mean error over the features that a network said of the step judged last, in scaled units.
     *
     * @param network index among the networks of the observation judged last
     * @return NaN where it said none, or found no place
     */
    public double networkError(int network) {
        return seats.has(network) ? entry.errors[seats.of(network)] : Double.NaN;
    }

    /**
     * How often a normal step of this series has so large an error of a network, in (0, 1]; 1 for what half of the steps exceed.
     *
     * @param network index among the networks of the observation judged last
     * @return NaN while too few errors are known
     */
    public double networkTail(int network) {
        return Double.isNaN(networkError(network)) ? Double.NaN : networks[seats.of(network)].tailProbability();
    }

    /** Usual time between two steps, in milliseconds, above 0. */
    public double stepMs() {
        return evidence.stepMs();
    }

    /** Forgets everything, and stores every slot anew: nothing of what was stored in them may come back. */
    public void reset() {
        memory.reset();
        memory.clear(0, memory.allocated());
        begin();
        storeJournal = true;
    }

    /** Fills the journal entry from an observation; returns whether nothing was measured or a value was filled in. */
    private boolean enter(Observation observation, boolean alertOpen, boolean scoreHolds) {
        entry.timeMs = observation.timeMs;
        entry.alertOpen = alertOpen;
        entry.scoreHolds = scoreHolds;
        double sum = 0;
        int measured = 0;
        boolean filled = false;
        for (int i = 0; i < features; i++) {
            float z = observation.scaled[i];
            boolean known = !observation.imputed[i] && Double.isFinite(observation.values[i]);
            filled |= observation.imputed[i];
            if (known && !Float.isNaN(z)) {
                sum += Math.min(Math.abs(z), DEVIATION_MAX);
                measured++;
            }
        }
        entry.deviation = measured == 0 ? Float.NaN : (float) (sum / measured);
        inputs.enter(observation, entry.values);
        return filled || measured == 0;
    }

    /** One step from the journal entry alone. */
    private void advance(Verdict verdict) {
        int samples = Math.min(memory.getInt(at + 12) + 1, SAMPLES_MAX);
        memory.putInt(at + 12, samples);
        verdict.samplesSeen = samples;
        verdict.samplesNeeded = spec.samplesNeeded();

        double fast = 0;
        double slow = 0;
        double weight = 0;
        double novelty = values.judge(entry);
        double noveltySmoothed = memory.getFloat(at + 16);
        noveltySmoothed += smoothingRate * (novelty - noveltySmoothed);
        memory.putFloat(at + 16, (float) noveltySmoothed);
        if (values.features() > 0) {
            fast += spec.fusion().valueWeight() * novelty;
            slow += spec.fusion().valueWeight() * noveltySmoothed;
            weight += spec.fusion().valueWeight() * scales * ScaleSignals.SIGNALS;
        }
        evidence.take(entry.timeMs, entry.values);
        judgePlain();
        for (ErrorMember member : plain) {
            double share = DEVIATION_WEIGHT * spec.fusion().valueWeight() * member.weight();
            fast += share * counted(member.fastSurprise());
            slow += share * counted(member.slowSurprise());
            weight += share;
        }
        for (int i = 0; i < networks.length; i++) {
            networks[i].judge(entry.errors[i], entry.probes[i]);
        }
        weights.settle();
        for (int i = 0; i < networks.length; i++) {
            double share = networkWeight * weights.of(i);
            fast += share * counted(networks[i].fastSurprise());
            slow += share * counted(networks[i].slowSurprise());
            weight += share;
        }
        if (wide) fast *= STEP_IN_WIDE;
        double severity = Math.max(fast, slow);
        double strangeness = severity + (Float.isNaN(entry.deviation) ? 0 : DEVIATION_IN_TAIL * entry.deviation);
        double surprise = severities.surprise(strangeness);
        judgeEvidence(surprise);
        double tail = Math.pow(10, -surprise);
        double pivot = (wide ? PIVOT_OF_WIDE : PIVOT) * (1 + weight);
        boolean holds = entry.scoreHolds || entry.alertOpen && ratio(severity, pivot) >= HOLDS_FROM;
        double announced = records.announce(severity, weight, holds);
        if (samples > spec.samplesNeeded()) {
            verdict.warmingUp = false;
            verdict.severity = severity;
            verdict.fastScore = ratio(fast, pivot);
            verdict.smoothedScore = ratio(slow, pivot);
            verdict.score = ratio(severity, pivot);
            verdict.alertScore = ratio(announced, pivot);
            verdict.tailProbability = tail;
        }
        decide(verdict, samples);
        withhold(verdict);
        evidence.learn(entry.alertOpen, entry.scoreHolds);
        if (!holds) {
            learn();
        }
        if (!entry.scoreHolds) {
            severities.learn(strangeness);
        }
    }

    private void judgePlain() {
        int i = 0;
        if (scales == 0) plain[i++].judge(entry.deviation);
        if (wide) {
            plain[i++].judge(evidence.valuesBeyond());
            plain[i].judge(evidence.errorsBeyond());
        }
    }

    /** What decides on alerts: the larger return level of the evidence and of the score. */
    private void decide(Verdict verdict, int samples) {
        double promise = wide ? 0 : ScoreLevel.PROMISE;
        double byEvidence = Math.max(0, evidence.returnLevel() - promise - (wide ? 0 : ScoreLevel.SHARE));
        double byScore = verdict.warmingUp ? 0 : Math.max(0, ScoreLevel.of(verdict.score, samples) - promise);
        verdict.evidenceLevel = byEvidence;
        verdict.returnLevel = Math.max(byEvidence, byScore);
        verdict.reason.set(evidence.reason());
        if (byScore > byEvidence) {
            verdict.reason.set(EvidenceKind.NOVELTY, Signal.WHOLE, Reason.NO_FEATURE, Double.NaN);
        } else if (inputs.count() < features) {
            verdict.reason.set(verdict.reason.kind(), Signal.WHOLE, Reason.NO_FEATURE, Double.NaN);
        }
    }

    private void judgeEvidence(double surprise) {
        double now = Double.NaN;
        double smoothed = Double.NaN;
        int spoke = 0;
        for (ErrorMember network : networks) {
            if (network.weight() > 0) {
                spoke++;
                now = Double.isNaN(now) ? network.fastSurprise() : Math.max(now, network.fastSurprise());
                smoothed = Double.isNaN(smoothed) ? network.slowSurprise() : Math.max(smoothed, network.slowSurprise());
            }
        }
        networkSurprise = Double.isNaN(now) ? 0 : now;
        networksSpoke = spoke;
        evidence.judge(now, smoothed, surprise);
    }

    /**
     * Marks the step as too surprising to teach: the strangest that its tail probability, one of its networks or, in a narrow series, the error of a
     * feature's forecast calls it reaches a threshold, which follows the declared share of the steps. More opinions are strange more often, so that the threshold rises with them: at most by one and a
     * half times their number, where their shares add up to two thirds of the declared one. So a fault that lasts lifts it no further, whatever its length.
     */
    private void withhold(Verdict verdict) {
        if (verdict.warmingUp || withheldShare == 0) {
            return;
        }
        double alone = -Math.log10(withheldShare);
        double stored = memory.getFloat(at + 20);
        double threshold = clamp(stored == 0 ? alone : stored, alone);
        double strangest = Math.max(networkSurprise, -Math.log10(verdict.tailProbability));
        strangest = Math.max(strangest, evidence.surpriseOfErrors());
        verdict.surprising = strangest >= threshold;
        double moved = threshold + WITHHOLD_RATE * ((verdict.surprising ? 1 : 0) / withheldShare - 1);
        memory.putFloat(at + 20, (float) clamp(moved, alone));
    }

    /** @param alone the threshold of one opinion */
    private double clamp(double threshold, double alone) {
        return Math.min(
                alone + Math.log10(WITHHOLD_ROOM * (networksSpoke + (wide ? 1 : 2))), Math.max(alone / 2, threshold));
    }

    private void learn() {
        values.learn(entry);
        for (ErrorMember member : plain) {
            member.learn();
        }
        weights.learn(entry.deviation);
        for (ErrorMember member : networks) {
            member.learn();
        }
    }

    private double counted(double surprise) {
        double cap = spec.fusion().surpriseCap();
        double capped = surprise <= cap ? surprise : cap * (1 + Math.log(surprise / cap));
        return Math.max(0, capped - spec.fusion().surpriseFloor());
    }

    private static double ratio(double severity, double pivot) {
        return pivot == 0 ? 0 : severity / (severity + pivot);
    }

    private Verdict.Teaching teaching(boolean filled, boolean alertOpen, Verdict verdict) {
        if (alertOpen) {
            return Verdict.Teaching.ALERT_OPEN;
        }
        if (filled) {
            return Verdict.Teaching.FILLED;
        }
        return verdict.surprising ? Verdict.Teaching.SURPRISING : Verdict.Teaching.ALLOWED;
    }

    /** Splits the severity among the features: each member's part by the features' errors under it. */
    private void attribute(Observation observation, Verdict verdict) {
        shares.begin(verdict.shares, observation.imputed);
        for (int n = 0; n < observation.networkCount; n++) {
            if (seats.has(n)) {
                ErrorMember network = networks[seats.of(n)];
                double weight = networkWeight * weights.of(seats.of(n));
                shares.spread(weight * counted(network.surprise()), observation.errors[n]);
            }
        }
        for (ErrorMember member : plain) {
            shares.spread(
                    DEVIATION_WEIGHT * spec.fusion().valueWeight() * counted(member.surprise()), observation.scaled);
        }
        values.addTo(shares, spec.fusion().valueWeight());
        if (shares.isEmpty()) {
            shares.spread(1, observation.scaled);
        }
        shares.normalise();
    }
}
