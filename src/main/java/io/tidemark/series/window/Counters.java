package io.tidemark.series.window;

import io.tidemark.config.InputSpec.Derive;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.Arrays;

/**
 * Makes increases of what counters of one series stood at. A counter that stands lower than before has begun anew: how much it had grown until
 * then is not known, so that step's value is missing.
 *
 * <table>
 * <caption>{@code step: 10s}</caption>
 * <tr><th>counter</th><th>difference</th><th>rate</th></tr>
 * <tr><td>100</td><td>missing</td><td>missing</td></tr>
 * <tr><td>150</td><td>50</td><td>5</td></tr>
 * <tr><td>20, begun anew</td><td>missing</td><td>missing</td></tr>
 * <tr><td>two steps without a value, then 80</td><td>missing: it is of three steps</td><td>2</td></tr>
 * </table>
 */
final class Counters {
    private final Derive[] derives;
    /** NaN before the first value. */
    private final double[] stood;
    /** When, ms. */
    private final long[] stoodMs;
    /** Whether a step without a value came since. */
    private final boolean[] passed;

    Counters(Derive[] derives) {
        this.derives = derives;
        stood = new double[derives.length];
        stoodMs = new long[derives.length];
        passed = new boolean[derives.length];
        Arrays.fill(stood, Double.NaN);
    }

    /** Replaces counters by increases. @param gap whether steps are missing before this one */
    void derive(Step step, boolean gap) {
        double[] values = step.values();
        for (int f = 0; f < derives.length; f++) {
            if (derives[f] == Derive.NONE) continue;
            passed[f] |= gap;
            double now = values[f];
            if (Double.isNaN(now)) {
                passed[f] = true;
                continue;
            }
            double increase = now - stood[f];
            double seconds = (step.timeMs - stoodMs[f]) / 1000.0;
            boolean known = increase >= 0 && (derives[f] == Derive.RATE ? seconds > 0 : !passed[f]);
            values[f] = !known ? Double.NaN : derives[f] == Derive.RATE ? increase / seconds : increase;
            stood[f] = now;
            stoodMs[f] = step.timeMs;
            passed[f] = false;
        }
    }

    void write(Wire wire) {
        for (int f = 0; f < derives.length; f++) {
            if (derives[f] != Derive.NONE) wire.f64(stood[f]).i64(stoodMs[f]).u8(passed[f] ? 1 : 0);
        }
    }

    void read(Wire wire) {
        for (int f = 0; f < derives.length; f++) {
            if (derives[f] == Derive.NONE) continue;
            stood[f] = wire.f64();
            stoodMs[f] = wire.i64();
            passed[f] = wire.u8() == 1;
        }
    }
}
