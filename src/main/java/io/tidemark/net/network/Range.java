package io.tidemark.net.network;

/** Bounds of a layer's settings. */
final class Range {
    private Range() {}

    /** @throws IllegalArgumentException when the value is outside [least, most] */
    static void check(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(setting + " must be in [" + least + ", " + most + "], but was " + value);
        }
    }
}
