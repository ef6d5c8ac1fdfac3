package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.series.sample.Wire;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastBandsTest {
    private static final int HORIZON = 6;
    private static final int FEATURES = 3;
    private static final int EVERY = 4;

    private final ForecastBands bands = new ForecastBands();
    private final Forecast forecast = forecast(FEATURES, HORIZON);
    private final double[] values = new double[FEATURES];
    private final boolean[] imputed = new boolean[FEATURES];

    private static Forecast forecast(int features, int horizon) {
        Forecast forecast = new Forecast();
        forecast.features = new FeatureNames(
                IntStream.range(0, features).mapToObj(i -> "f" + i).toList());
        forecast.horizon = horizon;
        forecast.levels = new float[] {0.1f, 0.5f, 0.9f};
        forecast.quantiles = new double[horizon * features * 3];
        return forecast;
    }

    /** Says half a width on either side of a median of 100, at every horizon step. */
    private void say(double half) {
        for (int i = 0; i < HORIZON * FEATURES; i++) {
            forecast.quantiles[3 * i] = 100 - half;
            forecast.quantiles[3 * i + 1] = 100;
            forecast.quantiles[3 * i + 2] = 100 + half;
        }
    }

    /** Steps whose values lie around 100; the share of them within the newest band at each horizon step, of the later half. */
    private double[] coverage(int steps, double half, double noise, Random random) {
        double[] low = new double[HORIZON];
        double[] high = new double[HORIZON];
        double[] inside = new double[HORIZON];
        double[] all = new double[HORIZON];
        long issued = Long.MIN_VALUE / 2;
        for (int t = 0; t < steps; t++) {
            for (int f = 0; f < FEATURES; f++) values[f] = 100 + noise * random.nextGaussian();
            long h = t - issued - 1;
            if (h >= 0 && h < HORIZON && t > steps / 2) {
                for (double value : values) {
                    all[(int) h]++;
                    if (value >= low[(int) h] && value <= high[(int) h]) inside[(int) h]++;
                }
            }
            bands.observe(t, values, imputed, FEATURES);
            if (t % EVERY != 0) continue;
            say(half);
            bands.apply(t, forecast);
            if (h < HORIZON && h >= 0 && issued >= 0) continue;
            issued = t;
            for (int i = 0; i < HORIZON; i++) {
                low[i] = forecast.quantiles[3 * i * FEATURES];
                high[i] = forecast.quantiles[3 * i * FEATURES + 2];
            }
        }
        for (int i = 0; i < HORIZON; i++) inside[i] /= all[i];
        return inside;
    }

    @Test
    void aBandThatIsTooNarrowComesToCoverWhatItSaysAtEveryHorizonStep() {
        for (double share : coverage(6000, 0.5, 1, new Random(1)))
            assertThat(share).isBetween(0.76, 0.84);
    }

    @Test
    void aBandThatIsTooWideDoesToo() {
        for (double share : coverage(6000, 4, 1, new Random(2)))
            assertThat(share).isBetween(0.76, 0.84);
    }

    @Test
    void aBandFollowsNoiseThatGrows() {
        coverage(3000, 1.28, 1, new Random(3));
        for (double share : coverage(6000, 1.28, 3, new Random(4)))
            assertThat(share).isBetween(0.75, 0.85);
    }

    @Test
    void oneStepMovesABandByAFewPercentAtMost() {
        coverage(4000, 1.28, 1, new Random(5));
        say(1.28);
        bands.apply(10_000, forecast);
        double before = forecast.quantiles[2] - 100;
        for (int f = 0; f < FEATURES; f++) values[f] = 1e9;
        bands.observe(10_001, values, imputed, FEATURES);
        say(1.28);
        bands.apply(10_001, forecast);
        assertThat((forecast.quantiles[2] - 100) / before).isBetween(1.0, 1.06);
    }

    @Test
    void missingAndFilledValuesTeachNothing() {
        say(1);
        bands.apply(0, forecast);
        values[0] = Double.NaN;
        values[1] = 500;
        values[2] = 500;
        imputed[1] = true;
        imputed[2] = true;
        bands.takeChange(0);
        bands.observe(1, values, imputed, FEATURES);
        assertThat(bands.takeChange(0)).isFalse();
        imputed[1] = false;
        bands.observe(2, values, imputed, FEATURES);
        assertThat(bands.takeChange(0)).isTrue();
    }

    @Test
    void restoredInMidStreamItSaysTheSameBits() {
        Random random = new Random(6);
        coverage(501, 0.7, 1, random);
        ForecastBands other = new ForecastBands();
        for (int slot = 0; slot < ForecastBands.SLOTS; slot++) {
            Wire wire = Wire.writer(64);
            assertThat(bands.takeChange(slot)).isTrue();
            bands.write(slot, wire);
            other.read(slot, wire.toBytes());
        }
        for (int t = 501; t < 700; t++) {
            for (int f = 0; f < FEATURES; f++) values[f] = 100 + random.nextGaussian();
            bands.observe(t, values, imputed, FEATURES);
            other.observe(t, values, imputed, FEATURES);
            say(0.7);
            bands.apply(t, forecast);
            double[] expected = forecast.quantiles.clone();
            say(0.7);
            other.apply(t, forecast);
            assertThat(forecast.quantiles).isEqualTo(expected);
            assertThat(other.takeChange(1)).isEqualTo(bands.takeChange(1));
        }
    }

    @Test
    void aStateOfSomethingElseLeavesBandsAsTheNetworkSaysThem() {
        for (int slot = 0; slot < ForecastBands.SLOTS; slot++) bands.read(slot, new byte[128]);
        say(2);
        bands.apply(0, forecast);
        assertThat(forecast.quantiles[2]).isEqualTo(102);
    }

    @Test
    void theStateOfAWideStreamIsBounded() {
        Forecast wide = forecast(500, 24);
        bands.apply(0, wide);
        for (int slot : List.of(0, 1)) {
            Wire wire = Wire.writer(64);
            bands.write(slot, wire);
            assertThat(wire.position()).isLessThan(4200);
        }
    }
}
