package io.tidemark.config;

/**
 * How much challengers may cost.
 *
 * @param share of the steps that challengers score too: series take turns, 64 steps each; in [0, 1]
 * @param most challengers of a network that score, the newest; in [0, 4]
 * @param cost time of all challengers' forward passes at most, as a share of the champions'; in [0, 10]
 */
public record ChallengerSpec(double share, int most, double cost) {
    /** What a stream file without the section gets. */
    public static final ChallengerSpec SHIPPED = new ChallengerSpec(
            ModelSettings.SHARE.fallback(), ModelSettings.MOST.fallback(), ModelSettings.COST.fallback());

    /** @throws IllegalArgumentException when a value is out of its range */
    public ChallengerSpec {
        ModelSettings.SHARE.require(share);
        ModelSettings.MOST.require(most);
        ModelSettings.COST.require(cost);
    }
}
