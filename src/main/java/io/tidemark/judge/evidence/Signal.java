package io.tidemark.judge.evidence;

/** What of a feature, or of the series as a whole, a step's evidence is of. The order is stored: new ones come last. */
public enum Signal {
    /** The error of the forecast from the row before. */
    ERROR(EvidenceKind.POINT, true),
    /** The same, held against its usual size at this time of day. */
    ERROR_BY_TIME(EvidenceKind.POINT, true),
    /** The bounded mean of the errors of forecasts from 8 rows before. */
    LEVEL_8(EvidenceKind.LEVEL, true),
    /** The same from 32 rows before. */
    LEVEL_32(EvidenceKind.LEVEL, true),
    /** The same from 128 rows before. */
    LEVEL_128(EvidenceKind.LEVEL, true),
    /** The mean size of the errors, in usual sizes. */
    SIZE(EvidenceKind.VARIANCE, false),
    /** For how many rows the value has been the same. */
    RUN(EvidenceKind.STILLNESS, false),
    /** How little the value moves. */
    MOTION(EvidenceKind.STILLNESS, false),
    /** The value itself. */
    VALUE(EvidenceKind.RANGE, true),
    /** The bounded mean of the distance from the profile of the day. */
    SEASON(EvidenceKind.SEASON, true),
    /** The error of the regression on the other features. */
    RELATION(EvidenceKind.RELATION, true),
    /** Its bounded mean. */
    RELATION_MEAN(EvidenceKind.RELATION, true),
    /** The first change ever of a value that was constant. */
    FIRST_CHANGE(EvidenceKind.STILLNESS, true),
    /** A value far outside all that a young series has had. */
    OUTSIDE(EvidenceKind.RANGE, true),
    /** Something of the series as a whole: a network's error, or several features together. */
    WHOLE(EvidenceKind.NETWORK, false);

    /** Signals of each feature, without and with other features to hold it against; those after them are told by other rules. */
    static final int ALONE = RELATION.ordinal();

    static final int BESIDE_OTHERS = FIRST_CHANGE.ordinal();
    private static final Signal[] SIGNALS = values();

    final EvidenceKind kind;
    /** Whether it is told apart above and below what is usual. */
    final boolean twoSided;

    Signal(EvidenceKind kind, boolean twoSided) {
        this.kind = kind;
        this.twoSided = twoSided;
    }

    /**
     * The signal that stands at a place.
     *
     * @throws IllegalArgumentException where none does
     */
    public static Signal of(int ordinal) {
        if (ordinal < 0 || ordinal >= SIGNALS.length) {
            throw new IllegalArgumentException("a signal must be in [0, " + SIGNALS.length + "), but was " + ordinal);
        }
        return SIGNALS[ordinal];
    }
}
