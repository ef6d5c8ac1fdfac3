package io.tidemark.judge.calibration;

import io.tidemark.judge.evidence.EvidenceSpec;

/**
 * How the errors and values of a series become a score.
 *
 * @param samplesNeeded steps of a series before its first score, in [20, 10000]
 * @param smoothingSpan span, in steps, of the exponentially weighted means behind the smoothed time scale, in [1, 1000]
 * @param withheldShare share of the steps, the most surprising ones, that may not teach, in [0, 0.5]
 * @param swapGrowthMax how many times larger the usual error of a new version may be than that of the version before;
 *     when its first errors are larger still, the steps are to blame and not the version. In [1, ∞]; ∞: the version
 *     always is
 * @param evidence how the evidence beside the score becomes a return level
 */
public record CalibrationSpec(
        int samplesNeeded,
        Memory memory,
        double smoothingSpan,
        Fusion fusion,
        double withheldShare,
        AlertScores alerts,
        double swapGrowthMax,
        EvidenceSpec evidence) {

    /**
     * What a series remembers, and in how much room.
     *
     * @param stateBytes memory of one series beside its evidence, in [8192, 1048576], cut into slots of 128 bytes; more
     *     memory tells finer what is new
     * @param networksMax networks whose errors are calibrated at the same time, in [0, {@value #NETWORKS_MAX}]
     * @param noveltyFeaturesMax series with at most this many features have the values themselves judged by their
     *     novelty, in two scales or one as the memory allows, in [0, 16]; wider series have them judged by their mean
     *     scaled deviation
     * @param samples samples after which the weight of what was seen before is halved, in [1000, 1000000000]
     */
    public record Memory(int stateBytes, int networksMax, int noveltyFeaturesMax, int samples) {
        public Memory {
            check("state-bytes", stateBytes, 8192, 1 << 20);
            check("networks-max", networksMax, 0, NETWORKS_MAX);
            check("novelty-features-max", noveltyFeaturesMax, 0, 16);
            check("memory-samples", samples, 1000, 1_000_000_000);
        }
    }

    /**
     * How the surprises of all members become one.
     *
     * @param surpriseFloor surprise (−log10 of a tail probability) of a member that counts nothing, in [0, 2]
     * @param surpriseCap surprise of a member beyond which it grows with its logarithm only, in [2, 100]
     * @param valueWeight weight of the members made of plain values, in [0, 100]
     * @param networkWeight weight of all networks together, in [0, 100]
     */
    public record Fusion(double surpriseFloor, double surpriseCap, double valueWeight, double networkWeight) {
        public Fusion {
            check("surprise-floor", surpriseFloor, 0, 2);
            check("surprise-cap", surpriseCap, 2, 100);
            check("value-weight", valueWeight, 0, 100);
            check("network-weight", networkWeight, 0, 100);
        }
    }

    /**
     * How a score becomes an alert score: what a series often does, and what it did before, alerts less.
     *
     * @param habituation how much an alert score falls for every tenfold of earlier ones as high, for each unit of
     *     weight, in [0, 10]
     * @param recordShare share of a series' life whose scores an alert score must exceed, in [0, 1]
     * @param recordStepsMin least number of steps whose scores an alert score must exceed, in [1, 100000]
     */
    public record AlertScores(double habituation, double recordShare, int recordStepsMin) {
        public AlertScores {
            check("habituation", habituation, 0, 10);
            check("record-share", recordShare, 0, 1);
            check("record-steps-min", recordStepsMin, 1, 100_000);
        }
    }

    /** A learner publishes no version whose error on held-out frames is above twice that of the one before; the rest is sampling. */
    private static final double FRAME_SWAP_GROWTH_MAX = 2.5;

    /** The shipped defaults. */
    public static final CalibrationSpec DEFAULT = new CalibrationSpec(
            30,
            new Memory(16_384, 4, 8, 30_000),
            10,
            new Fusion(0.3, 12, 1, 1),
            0.01,
            new AlertScores(0.5625, 0.04, 50),
            Double.POSITIVE_INFINITY,
            EvidenceSpec.DEFAULT);

    /** Most networks that have a say in one verdict. */
    public static final int NETWORKS_MAX = Observation.NETWORKS_MAX;

    public CalibrationSpec {
        check("samples-needed", samplesNeeded, TailHistogram.SAMPLES_NEEDED, 10_000);
        check("smoothing-span", smoothingSpan, 1, 1000);
        check("withheld-share", withheldShare, 0, 0.5);
        check("swap-growth-max", swapGrowthMax, 1, Double.POSITIVE_INFINITY);
    }

    /** These settings with another share of steps that may not teach. */
    public CalibrationSpec withWithheldShare(double share) {
        return with(memory, share, swapGrowthMax, evidence);
    }

    /** These settings with another size of state. */
    public CalibrationSpec withStateBytes(int bytes) {
        Memory sized = new Memory(bytes, memory.networksMax(), memory.noveltyFeaturesMax(), memory.samples());
        return with(sized, withheldShare, swapGrowthMax, evidence);
    }

    /** These settings with room for so many networks, and for no fewer than there was room for. */
    public CalibrationSpec withNetworks(int count) {
        int networks = Math.max(memory.networksMax(), count);
        Memory sized = new Memory(memory.stateBytes(), networks, memory.noveltyFeaturesMax(), memory.samples());
        return with(sized, withheldShare, swapGrowthMax, evidence);
    }

    /**
     * These settings for frames: their one value, the brightness, counts by its deviation alone, and a change of what is seen in the middle of
     * a swap is not taken for the new version's way of measuring.
     */
    public CalibrationSpec forFrames() {
        Memory plain = new Memory(memory.stateBytes(), memory.networksMax(), 0, memory.samples());
        return with(plain, withheldShare, FRAME_SWAP_GROWTH_MAX, EvidenceSpec.FRAMES);
    }

    private CalibrationSpec with(Memory room, double withheld, double swapGrowth, EvidenceSpec judged) {
        return new CalibrationSpec(samplesNeeded, room, smoothingSpan, fusion, withheld, alerts, swapGrowth, judged);
    }

    private static void check(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException("calibration." + name + " must be in [" + plain(min) + ", " + plain(max)
                    + "], but was " + plain(value));
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
