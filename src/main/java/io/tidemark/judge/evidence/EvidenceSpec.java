package io.tidemark.judge.evidence;

/**
 * How evidence becomes a return period. The shipped values and what they were chosen on stand in DETECTION.md.
 *
 * @param memorySteps steps after which the weight of what was seen before is halved; in [500, 8000]
 * @param warmingSteps steps of a series before its evidence counts; in [64, 10000]
 * @param othersShare share of the weaker kinds' surprises that is added to the strongest; in [0, 1]
 * @param teachBelow return level (log10 of steps) from which on a step teaches no tail; in [1, 10]
 * @param holdBelow severity from which on a step teaches no forecast and no profile; in [1, 10]
 * @param holdSteps elevated steps in a row after which teaching goes on all the same; in [10, 100000]
 * @param networksLead whether what networks say can be the strongest kind in a narrow series too; otherwise it only adds there to what the values say
 */
public record EvidenceSpec(
        int memorySteps,
        int warmingSteps,
        double othersShare,
        double teachBelow,
        double holdBelow,
        int holdSteps,
        boolean networksLead) {

    /** The shipped defaults. */
    public static final EvidenceSpec DEFAULT = new EvidenceSpec(6000, 400, 0.15, 3, 2, 200, false);

    /** The shipped defaults of frames, of which the one value, the brightness, says little. */
    public static final EvidenceSpec FRAMES = DEFAULT.withNetworksLeading();

    public EvidenceSpec {
        check("memory-steps", memorySteps, 500, 8_000);
        check("warming-steps", warmingSteps, 64, 10_000);
        check("others-share", othersShare, 0, 1);
        check("teach-below", teachBelow, 1, 10);
        check("hold-below", holdBelow, 1, 10);
        check("hold-steps", holdSteps, 10, 100_000);
    }

    private EvidenceSpec withNetworksLeading() {
        return new EvidenceSpec(memorySteps, warmingSteps, othersShare, teachBelow, holdBelow, holdSteps, true);
    }

    private static void check(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    "evidence." + name + " must be in [" + min + ", " + max + "], but was " + value);
        }
    }
}
