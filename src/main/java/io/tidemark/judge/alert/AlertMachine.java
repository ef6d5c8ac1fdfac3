package io.tidemark.judge.alert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * The alert of one series: quiet, or open since a step. A pure function of the scores it is given; owned by one thread.
 *
 * <pre>
 *            openAt for forSteps steps
 *   quiet ─────────────────────────────► open ── adaptAfterSteps later ──► open, adapting
 *     ▲                                   │                                     │
 *     ├──────── score below resolveBelow for resolveSteps steps ────────────────┤
 *     │                                                                         │
 *     └──────── the same, or adaptAfterSteps later ── excused ◄── excuse() ─────┘
 * </pre>
 *
 * <p>A person may say that an alert is none ({@link #excuse}): it ends, and none opens until the score has been low for as long as resolves an
 * alert, or {@code adaptAfterSteps} have passed. Or that it is one ({@link #confirm}): then it never adapts.
 *
 * <p>Between the two thresholds nothing changes, so a score that hovers near one does not make an alert flap. The peak and the features that
 * made it are those of the most severe step since the alert opened, and stay readable after it resolved until the next one opens.
 */
public final class AlertMachine {
    /** Features named by an alert, the largest share first. */
    public static final int TOP_FEATURES = 5;

    private static final byte FORMAT = 1;
    /** Bits of the fourth byte, which is 0 where no person has said anything. */
    private static final byte EXCUSED = 1;

    private static final byte CONFIRMED = 2;
    private static final int STATE_BYTES = 40 + 8 * TOP_FEATURES;

    private final AlertSpec spec;
    private boolean open;
    private boolean adapting;
    private boolean excused;
    private boolean confirmed;
    private int stepsAbove;
    private int stepsBelow;
    private int stepsOpen;
    private long sinceMs;
    private long peakMs;
    private double peak;
    private final int[] topFeatures = new int[TOP_FEATURES];
    private final float[] topShares = new float[TOP_FEATURES];
    private boolean changed;

    /** A quiet machine. */
    public AlertMachine(AlertSpec spec) {
        this.spec = spec;
        Arrays.fill(topFeatures, -1);
    }

    /**
     * Takes one scored step. A step without a score (warming up, rejected) is not given to the machine.
     *
     * @param score continuous score in [0, 1]
     * @param alertScore score under the alert policy in [0, 1]
     * @param shares share of each feature in the score
     */
    public AlertChange step(long timeMs, double score, double alertScore, float[] shares) {
        if (open) return stepWhileOpen(timeMs, score, shares);
        if (excused) return stepWhileExcused(score);
        return stepWhileQuiet(timeMs, score, alertScore, shares);
    }

    private AlertChange stepWhileExcused(double score) {
        changed = true;
        stepsBelow = score < spec.resolveBelow() ? stepsBelow + 1 : 0;
        excused = stepsBelow < spec.resolveSteps() && ++stepsOpen < spec.adaptAfterSteps();
        return AlertChange.NONE;
    }

    /** Ends the alert if one is open, and lets none open until the present incident is over: a person says that it is normal. */
    public void excuse() {
        changed = true;
        open = false;
        adapting = false;
        confirmed = false;
        excused = true;
        stepsAbove = 0;
        stepsBelow = 0;
        stepsOpen = 0;
    }

    /** Keeps an open alert from ever teaching, and takes an excuse back: a person says that the present incident is an anomaly. */
    public void confirm() {
        changed = true;
        confirmed = open;
        adapting = false;
        excused = false;
    }

    private AlertChange stepWhileQuiet(long timeMs, double score, double alertScore, float[] shares) {
        double deciding = spec.opensOn() == AlertSpec.OpensOn.ALERT_SCORE ? alertScore : score;
        if (!(deciding >= spec.openAt())) {
            changed |= stepsAbove != 0;
            stepsAbove = 0;
            return AlertChange.NONE;
        }
        changed = true;
        if (++stepsAbove < spec.forSteps()) {
            return AlertChange.NONE;
        }
        open = true;
        adapting = false;
        confirmed = false;
        stepsAbove = 0;
        stepsBelow = 0;
        stepsOpen = 0;
        sinceMs = timeMs;
        peak = -1;
        raisePeak(timeMs, score, shares);
        return AlertChange.OPENED;
    }

    private AlertChange stepWhileOpen(long timeMs, double score, float[] shares) {
        if (score > peak) {
            raisePeak(timeMs, score, shares);
        }
        if (score >= spec.resolveBelow()) {
            changed |= stepsBelow != 0;
            stepsBelow = 0;
        } else {
            changed = true;
            if (++stepsBelow >= spec.resolveSteps()) {
                open = false;
                adapting = false;
                confirmed = false;
                return AlertChange.RESOLVED;
            }
        }
        if (adapting || confirmed) {
            return AlertChange.NONE;
        }
        changed = true;
        adapting = ++stepsOpen >= spec.adaptAfterSteps();
        return adapting ? AlertChange.ADAPTING : AlertChange.NONE;
    }

    private void raisePeak(long timeMs, double score, float[] shares) {
        changed = true;
        peak = score;
        peakMs = timeMs;
        Arrays.fill(topFeatures, -1);
        Arrays.fill(topShares, 0);
        for (int feature = 0; feature < shares.length; feature++) {
            insertTop(feature, shares[feature]);
        }
    }

    private void insertTop(int feature, float share) {
        int place = TOP_FEATURES;
        while (place > 0 && share > topShares[place - 1]) {
            place--;
        }
        if (place < TOP_FEATURES) {
            System.arraycopy(topFeatures, place, topFeatures, place + 1, TOP_FEATURES - place - 1);
            System.arraycopy(topShares, place, topShares, place + 1, TOP_FEATURES - place - 1);
            topFeatures[place] = feature;
            topShares[place] = share;
        }
    }

    public boolean isOpen() {
        return open;
    }

    /** Whether no alert opens because a person has called the present incident normal. */
    public boolean isExcused() {
        return excused;
    }

    /** Whether a person has called the open alert an anomaly. */
    public boolean isConfirmed() {
        return confirmed;
    }

    /** Whether steps may not teach now: an alert is open, and has not yet lasted for {@code adaptAfterSteps} or is confirmed. */
    public boolean withholds() {
        return open && !adapting;
    }

    /** Identity of the present alert, or of the last one: a series opens at most one at a step. */
    public String id(String stream, String series) {
        return stream + "/" + series + "@" + Instant.ofEpochMilli(sinceMs);
    }

    /** Event time, in milliseconds, of the step at which the present or last alert opened. */
    public long sinceMs() {
        return sinceMs;
    }

    /** Highest continuous score since the present or last alert opened. */
    public double peak() {
        return peak;
    }

    /** Event time, in milliseconds, of the peak. */
    public long peakMs() {
        return peakMs;
    }

    /** The feature with the place-th largest share at the peak, or −1 when fewer had one; place in [0, {@value #TOP_FEATURES}). */
    public int topFeature(int place) {
        return topFeatures[place];
    }

    /** The share at the peak of {@link #topFeature}. */
    public float topShare(int place) {
        return topShares[place];
    }

    /** Whether the state differs from what {@link #save} last gave. */
    public boolean isChanged() {
        return changed;
    }

    /** The state, in fewer than 100 bytes. */
    public byte[] save() {
        changed = false;
        ByteBuffer state = ByteBuffer.allocate(STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        state.put(FORMAT)
                .put((byte) (open ? 1 : 0))
                .put((byte) (adapting ? 1 : 0))
                .put((byte) ((excused ? EXCUSED : 0) | (confirmed ? CONFIRMED : 0)));
        state.putInt(stepsAbove).putInt(stepsBelow).putInt(stepsOpen);
        state.putLong(sinceMs).putLong(peakMs).putDouble(peak);
        for (int i = 0; i < TOP_FEATURES; i++) {
            state.putInt(topFeatures[i]).putFloat(topShares[i]);
        }
        return state.array();
    }

    /** Goes on from a saved state. */
    public void restore(byte[] saved) {
        if (saved.length != STATE_BYTES || saved[0] != FORMAT) {
            throw new IllegalArgumentException("an alert state must have format " + FORMAT + " and " + STATE_BYTES
                    + " bytes, but has format " + (saved.length == 0 ? "none" : Byte.toString(saved[0])) + " and "
                    + saved.length + " bytes; delete it, the alert opens again if it still holds");
        }
        ByteBuffer state = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
        open = state.get(1) == 1;
        adapting = state.get(2) == 1;
        excused = (state.get(3) & EXCUSED) != 0;
        confirmed = (state.get(3) & CONFIRMED) != 0;
        state.position(4);
        stepsAbove = state.getInt();
        stepsBelow = state.getInt();
        stepsOpen = state.getInt();
        sinceMs = state.getLong();
        peakMs = state.getLong();
        peak = state.getDouble();
        for (int i = 0; i < TOP_FEATURES; i++) {
            topFeatures[i] = state.getInt();
            topShares[i] = state.getFloat();
        }
        changed = false;
    }
}
