package io.tidemark.calibration;

/**
 * The value signals of one feature in two scales: as it is, and compressed to asinh(x/unit) with unit = 0.3 · mean |x| of its first
 * {@value #UNIT_ROWS} values, where small values count as much as large ones.
 *
 * <pre>
 *   rows i4 | unused i4 | sum of |x| f8 | unit f8
 * </pre>
 */
final class FeatureSignals {
    /** Members of a feature: three signals in two scales. */
    static final int MEMBERS = 2 * ScaleSignals.SIGNALS;

    private static final int UNIT_ROWS = 20;
    private static final double UNIT_SHARE = 0.3;
    private static final double VALUE_MAX = 1e100;
    private static final int BYTES = 24;

    private final SlotMemory memory;
    private final int at;
    private final ScaleSignals plain;
    private final ScaleSignals compressed;
    private final double floor;
    private double unit;

    FeatureSignals(SlotMemory memory, int capacity, int memorySamples, double floor) {
        this.memory = memory;
        this.at = memory.allocate(BYTES);
        this.floor = floor;
        plain = new ScaleSignals(memory, capacity, memorySamples);
        compressed = new ScaleSignals(memory, capacity, memorySamples);
    }

    /** Most cells for each member that fit into so many bytes. */
    static int cells(int bytes) {
        return (bytes - BYTES - 2 * ScaleSignals.bytes(0) - 8 * MEMBERS) / (4 * MEMBERS);
    }

    /** Sum of the surprises of a value, each less the floor. */
    double surprise(long timeMs, double rawValue) {
        double x = Math.max(-VALUE_MAX, Math.min(VALUE_MAX, rawValue));
        double sum = plain.surprise(timeMs, x, floor);
        unit = memory.getDouble(at + 16);
        if (unit > 0) {
            sum += compressed.surprise(timeMs, asinh(x / unit), floor);
        } else {
            measureUnit(Math.abs(x));
        }
        return sum;
    }

    /** Learns the value last judged. */
    void learn() {
        plain.learn();
        if (unit > 0) {
            compressed.learn();
        }
    }

    private void measureUnit(double magnitude) {
        int rows = memory.getInt(at) + 1;
        double sum = memory.getDouble(at + 8) + magnitude;
        memory.putInt(at, rows);
        memory.putDouble(at + 8, sum);
        if (rows >= UNIT_ROWS && sum > 0) {
            memory.putDouble(at + 16, UNIT_SHARE * sum / rows);
        }
    }

    private static double asinh(double x) {
        double magnitude = Math.abs(x);
        double y =
                magnitude > 1e8 ? Math.log(2 * magnitude) : Math.log(magnitude + Math.sqrt(magnitude * magnitude + 1));
        return x < 0 ? -y : y;
    }
}
