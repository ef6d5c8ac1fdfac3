package io.tidemark.judge.evidence;

import io.tidemark.judge.slots.SlotMemory;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of one series: how rarely it has steps as surprising as the present one.
 *
 * <ol>
 *   <li>Each feature's signals have a surprise, −log10 of their tail probability in this series ({@link FeatureEvidence}). So have the
 *       networks' errors, which the caller brings.
 *   <li>The largest surprise of each {@link EvidenceKind} is calibrated once more among its own past, so that kinds with many signals, or wild ones, speak no louder.
 *   <li>Severity is the strongest kind, in a narrow series of values only, and a share of the others beyond 1, less log10 of the number of kinds; in wide series the surprise of the
 *       score beyond 1 is added.
 *   <li>Severity becomes a return level, log10 of the steps between two episodes as severe ({@link EpisodeCalibration}): an alert budget is a level.
 *   <li>In a wide series a single step counts less until the next one confirms it.
 *   <li>What is elevated teaches nothing, up to a limit in steps; but the first such step of a narrow series, where it is no alert, teaches the tails
 *       that there are some, not how far they go.
 *   <li>A source that keeps alerting is lowered until it is quiet again, and teaches: a nuisance ({@link Habits}).
 *   <li>What comes at the same time of the day or the week is expected, and teaches the forecasts and profiles ({@link AlertCalendar}).
 * </ol>
 *
 * <p>A function of the steps in their order. Owned by one thread; judging allocates nothing after the first rows.
 */
public final class SeriesEvidence {
    private static final int HEADER_BYTES = 32;
    private static final double STEP_MS_AT_FIRST = 60_000;
    /** Return level that counts as an alert when a kind's habit is reckoned: once in ten thousand steps. */
    private static final double HABIT_LEVEL = 4;

    /** Steps from which on a value far outside the range so far is told, and the return level for each width of the range. */
    private static final int GROSS_FROM = 64;

    private static final int GROSS_UNTIL = 1000;
    /** Steps so long, or longer, may follow the hours of a day, which nothing is known of before the first is over. */
    private static final double HOURLY_STEP_MS = 30_000;

    private static final double DAY_MS = 86_400_000;
    /** Steps until which a series has yet to see what it is like, and learns through an open alert too. */
    private static final int YOUNG_UNTIL = 500;

    private static final double GROSS_LEVEL = 1.5;
    private static final double EXPECTED_LEVEL = 1.9;
    private static final double NEWBORN_LEVEL = 4;
    private static final double NEWBORN_STEPS = 300;
    private static final double YOUNG_LEVEL = 1.5;
    private static final double YOUNG_STEPS = 2500;
    private static final int HELD_AFTER = 3;
    private static final int THAW = 3;
    /** Bits of the steps that are still held after an elevated one. */
    private static final int HOLD = 0xF;

    /** Return level of the first change ever of a value that was constant: above every budget. */
    private static final double FIRST_CHANGE_LEVEL = 6;

    private final EvidenceSpec spec;
    private final SlotMemory memory;
    private final int at;
    private final FeatureEvidence[] features;
    private final boolean wide;
    private final Kinds kinds;
    private final EpisodeCalibration episodes;
    private final Severities severities = new Severities();
    private double severity;
    private double returnLevel;
    private int strongest;
    /** The rule beside the kinds that the step was judged by; null where none was. Then the feature that it named. */
    private @Nullable Signal rule;

    private int ruled;
    private final Reason reason = new Reason();
    private final Habits habits;
    private final AlertCalendar calendar;
    private double rawLevel;
    private long timeMs;
    private boolean firstChange;
    private double stepMs = STEP_MS_AT_FIRST;
    private boolean chronic;
    private boolean expected;

    /** Claims its part of a memory. */
    public SeriesEvidence(SlotMemory memory, EvidenceSpec spec, int features) {
        this.memory = memory;
        this.spec = spec;
        wide = WideSeries.is(features);
        at = memory.allocate(HEADER_BYTES);
        episodes = new EpisodeCalibration(memory);
        habits = new Habits(memory);
        calendar = new AlertCalendar(memory);
        kinds = new Kinds(memory, spec, severities, habits);
        this.features = new FeatureEvidence[features];
        for (int i = 0; i < features; i++) {
            this.features[i] = new FeatureEvidence(memory, others(features), !wide, spec.memorySteps());
        }
    }

    private static int others(int features) {
        return features > 1 && !WideSeries.is(features) ? features - 1 : 0;
    }

    /** Bytes that a series of so many features takes. */
    public static int bytes(int features) {
        return HEADER_BYTES
                + 24
                + Habits.BYTES
                + AlertCalendar.BYTES
                + 7
                + Kinds.BYTES
                + features * (FeatureEvidence.bytes(others(features)) + 64);
    }

    /**
     * Takes a step, and holds the values of each feature against those before. {@link #judge} follows.
     *
     * @param values the features' values; NaN where none was measured
     */
    public void take(long timeMs, double[] values) {
        int rows = memory.getInt(at);
        this.timeMs = timeMs;
        pace(timeMs, rows);
        severities.clear();
        strongest = 0;
        rule = null;
        firstChange = false;
        for (int i = 0; i < features.length; i++) {
            if (features[i].take(values[i])) {
                firstChange = true;
                ruled = i;
            }
        }
        for (int i = 0; i < features.length; i++) {
            features[i].judge(features, i, rows, timeMs, stepMs, severities);
        }
    }

    /** How far the values of the features together lie beyond what each shows every hundredth row, at the step taken; at least 0. */
    public double valuesBeyond() {
        return WideSeries.valuesBeyond(features);
    }

    /** The same of the one-step errors of the features' forecasts. */
    public double errorsBeyond() {
        return WideSeries.errorsBeyond(features);
    }

    /**
     * The largest surprise of a feature's one-step error of the step taken, however large the errors before it: of two anomalies in a row the
     * second is no more usual to learn from for the first. Of a narrow series; 0 in a wide one, whose score hears them.
     */
    public double surpriseOfErrors() {
        double most = 0;
        if (!wide) {
            for (FeatureEvidence feature : features) {
                most = Math.max(most, feature.surpriseOfWholeError());
            }
        }
        return most;
    }

    /**
     * Judges the step taken against those before.
     *
     * @param network largest surprise of a network's error at this step; NaN without a network. In a wide series networks are heard through the score alone
     * @param networkSmoothed largest surprise of a network's error over the last steps; NaN without a network
     * @param scoreSurprise −log10 of how often a normal step has so high a score; at least 0
     */
    public void judge(double network, double networkSmoothed, double scoreSurprise) {
        int rows = memory.getInt(at);
        kinds.begin(others(features.length) > 0);
        if (wide) {
            kinds.bring(EvidenceKind.SEVERAL, WideSeries.several(features));
        } else {
            kinds.bring(EvidenceKind.NETWORK, network);
            kinds.bring(EvidenceKind.NETWORK_SMOOTHED, networkSmoothed);
        }
        double breadth = wide ? WideSeries.breadth(scoreSurprise) : 0;
        severity = 0;
        if (rows >= spec.warmingSteps()) {
            severity = kinds.severity() + breadth;
            strongest = kinds.strongest();
        }
        int age = age(rows);
        double level = episodes.returnLevel(severity)
                - YOUNG_LEVEL * Math.exp(-age / YOUNG_STEPS)
                - NEWBORN_LEVEL * Math.exp(-age / NEWBORN_STEPS);
        returnLevel = rows < spec.warmingSteps() ? 0 : Math.max(0, level);
        rawLevel = returnLevel;
        if (firstChange && !wide) {
            returnLevel = Math.max(returnLevel, FIRST_CHANGE_LEVEL);
            strongest = EvidenceKind.STILLNESS.ordinal();
            rule = Signal.FIRST_CHANGE;
            rawLevel = returnLevel;
        }
        if (rows >= GROSS_FROM && rows < GROSS_UNTIL && hasSeenItsDay(rows)) {
            gross();
        }
        double before = memory.getFloat(at + 4);
        memory.putFloat(at + 4, (float) returnLevel);
        if (wide) {
            returnLevel = WideSeries.confirmed(returnLevel, before);
        }
        expected = returnLevel >= spec.teachBelow()
                && calendar.expects(timeMs, stepMs, severities.feature(strongest), returnLevel);
        if (expected) {
            returnLevel = Math.min(returnLevel, EXPECTED_LEVEL);
        }
    }

    /** Rows that the strongest evidence knows: fewer than the series has where its feature appeared later. */
    private int age(int rows) {
        int feature = severities.feature(strongest) - 1;
        return feature < 0 || feature >= features.length ? rows : Math.min(rows, features[feature].rows());
    }

    /** A young series knows little of its tails, but a value far outside all that it has had is strange at any age. It teaches all the same: what is young
     * has yet to see what it is like. */
    private void gross() {
        for (int i = 0; i < features.length; i++) {
            double level = features[i].outside() * GROSS_LEVEL;
            if (level > returnLevel && level >= spec.teachBelow()) {
                returnLevel = Math.min(level, FIRST_CHANGE_LEVEL);
                strongest = EvidenceKind.RANGE.ordinal();
                rule = Signal.OUTSIDE;
                ruled = i;
            }
        }
    }

    private boolean hasSeenItsDay(int rows) {
        return stepMs < HOURLY_STEP_MS || rows * stepMs >= DAY_MS;
    }

    /** Median of the time between two steps, followed by small moves of its logarithm. */
    private void pace(long timeMs, int rows) {
        long before = memory.getLong(at + 8);
        double step = memory.getFloat(at + 16);
        if (rows > 0 && timeMs > before) {
            double now = timeMs - before;
            double rate = rows < 64 ? 1.1 : 1.01;
            step = step == 0 ? now : now > step * rate ? step * rate : now < step / rate ? step / rate : now;
            memory.putFloat(at + 16, (float) step);
        }
        memory.putLong(at + 8, timeMs);
        stepMs = step > 0 ? (float) step : STEP_MS_AT_FIRST;
    }

    /**
     * Learns the step last judged, as far as it may.
     *
     * @param alertOpen whether an alert on this series was open before this step and does not teach
     * @param alertHolds whether such an alert does not teach a young series either: a person calls the step an anomaly
     */
    public void learn(boolean alertOpen, boolean alertHolds) {
        int rows = memory.getInt(at);
        boolean over = rows >= spec.warmingSteps() && returnLevel >= HABIT_LEVEL;
        if (rawLevel >= spec.teachBelow()) {
            calendar.note(timeMs, stepMs, severities.feature(strongest), rawLevel);
        }
        followAlert(over);
        int elevated = memory.getInt(at + 20);
        boolean frozen = !expected && elevated > 0 && elevated < spec.holdSteps();
        int next = severity >= spec.holdBelow() || alertOpen
                ? Math.min(elevated + 1, 100_000)
                : elevated >= spec.holdSteps() ? 0 : Math.max(0, elevated - THAW);
        memory.putInt(at + 20, next);
        boolean teach = !alertOpen || chronic || rows < YOUNG_UNTIL && !alertHolds;
        boolean heldBefore = (memory.getInt(at + 28) & HOLD) != 0;
        boolean held = held(alertOpen);
        // an incident teaches nothing; what is strange and no incident says that such steps are to be reckoned with
        boolean begins = !wide && held && !heldBefore && !alertOpen && rawLevel < HABIT_LEVEL;
        boolean tails = teach && !held;
        if (rows >= spec.warmingSteps()) {
            episodes.learn(severity, over && !chronic);
        }
        for (FeatureEvidence feature : features) {
            if (teach && !frozen) {
                feature.learn(timeMs, stepMs, !wide && severity >= spec.holdBelow());
            }
            feature.learnRunThatEnded();
            if (tails) {
                feature.learnTails(Double.POSITIVE_INFINITY);
            } else if (begins) {
                feature.learnTails(spec.teachBelow());
            }
        }
        if (tails) {
            kinds.learn(rows);
        }
        memory.putInt(at, Math.min(rows + 1, 2_000_000_000));
    }

    /** Counts an alert to its source where one begins, and follows it to its end. */
    private void followAlert(boolean over) {
        habits.fade();
        // the state of an alert: bit 0 open, bit 1 chronic, then the steps below
        int state = memory.getInt(at + 24);
        boolean open = (state & 1) != 0;
        chronic = (state & 2) != 0;
        int below = state >>> 2;
        if (!open && over) {
            int source = severities.source(strongest);
            chronic = habits.isHabit(source);
            habits.count(source);
            open = true;
            below = 0;
        } else if (open) {
            below = returnLevel < HABIT_LEVEL / 2 ? below + 1 : 0;
            open = below < 5;
            chronic &= open;
        }
        memory.putInt(at + 24, (open ? 1 : 0) | (chronic ? 2 : 0) | below << 2);
    }

    /** Whether this step is elevated, or one of the few after an elevated one, and this has not gone on for too long. */
    private boolean held(boolean alertOpen) {
        int state = memory.getInt(at + 28);
        int hold = state & HOLD;
        int held = state >>> 4;
        if (rawLevel >= spec.teachBelow()) {
            hold = HELD_AFTER;
            held = Math.min(held + 1, 1 << 20);
        } else {
            hold = Math.max(0, hold - 1);
            held = Math.max(0, held - 1);
        }
        memory.putInt(at + 28, held << 4 | hold);
        return hold > 0 && held < spec.holdSteps() && !(alertOpen && chronic);
    }

    /** Whether a series of so many features is wide: the surprise of its score is part of the severity, and networks are heard through it alone. */
    public static boolean isWide(int features) {
        return WideSeries.is(features);
    }

    /** Usual time between two steps, in milliseconds, above 0. */
    public double stepMs() {
        return stepMs;
    }

    /** log10 of the steps between two episodes as severe as the step last judged; 0 while too few steps are known. */
    public double returnLevel() {
        return returnLevel;
    }

    /** Why the step last judged is as strange as it is; overwritten by the next call. */
    public Reason reason() {
        Signal signal = rule != null ? rule : severities.signal(strongest);
        int feature = rule != null ? ruled : severities.feature(strongest) - 1;
        return reason.set(
                EvidenceKind.of(strongest),
                signal,
                feature < 0 ? Reason.NO_FEATURE : feature,
                feature < 0 ? Double.NaN : features[feature].amount(signal));
    }
}
