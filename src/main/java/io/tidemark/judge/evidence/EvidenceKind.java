package io.tidemark.judge.evidence;

/** What kind of change a step is evidence of. The order is stored and published: new kinds come last. */
public enum EvidenceKind {
    /** A value far from what the rows just before it, its time of day and its hour of week let expect. */
    POINT("point"),
    /** A value that stays away from forecasts issued 8, 32 and 128 rows ago. */
    LEVEL("level"),
    /** Forecast errors larger than usual for a while. */
    VARIANCE("variance"),
    /** A value that no longer moves, or moves less than it used to. */
    STILLNESS("stillness"),
    /** A value outside the range that the series has had. */
    RANGE("range"),
    /** A value that does not go with the other features. */
    RELATION("relation"),
    /** A value away from its profile of the day and the week. */
    SEASON("season"),
    /** Values or errors unlike any before, as the score tells; the score decides so beside the evidence, no evidence is of this kind. */
    NOVELTY("novelty"),
    /** A network's error at this step. */
    NETWORK("network"),
    /** A network's error over the last steps. */
    NETWORK_SMOOTHED("network-smoothed"),
    /** Many features of a wide series somewhat strange at once. */
    SEVERAL("several"),
    /** No step at all for too long: of alerts alone, since no step is evidence of it. */
    STALE("stale");

    private static final EvidenceKind[] KINDS = values();

    private final String label;

    EvidenceKind(String label) {
        this.label = label;
    }

    /** The name in records and files. */
    public String label() {
        return label;
    }

    /** Whether it is what networks say, not the values. */
    boolean isOfNetworks() {
        return this == NETWORK || this == NETWORK_SMOOTHED;
    }

    /** Kinds that a step can be evidence of. */
    static int count() {
        return STALE.ordinal();
    }

    /**
     * The kind that stands at a place.
     *
     * @throws IllegalArgumentException where none does
     */
    public static EvidenceKind of(int ordinal) {
        if (ordinal < 0 || ordinal >= KINDS.length) {
            throw new IllegalArgumentException(
                    "a kind of evidence must be in [0, " + KINDS.length + "), but was " + ordinal);
        }
        return KINDS[ordinal];
    }
}
