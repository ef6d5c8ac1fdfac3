package io.tidemark.app.bench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** Events of many univariate series in turn, each series a daily wave with noise, one step a second of event time. */
public final class Waves implements Records {
    private static final long BASE_MS = 1_700_000_000_000L;

    private final int series;
    private final byte[][] keys;
    private final SplittableRandom random = new SplittableRandom(11);

    /** @param series distinct series; at least 1 */
    public Waves(int series) {
        this.series = series;
        keys = new byte[series][];
        for (int i = 0; i < series; i++) keys[i] = name(i).getBytes(StandardCharsets.UTF_8);
    }

    private static String name(int series) {
        return String.format(Locale.ROOT, "series-%05d", series);
    }

    @Override
    public byte[] key(long number) {
        return keys[(int) (number % series)];
    }

    @Override
    public byte[] value(long number) {
        int at = (int) (number % series);
        long step = number / series;
        double value = 50 + 20 * Math.sin(2 * Math.PI * step / 1440 + at) + 2 * random.nextGaussian();
        String json = "{\"series\":\"" + name(at) + "\",\"timestamp\":" + (BASE_MS + step * 1000) + ",\"value\":"
                + Math.round(value * 1e6) / 1e6 + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
