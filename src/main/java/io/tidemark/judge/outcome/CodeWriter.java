package io.tidemark.judge.outcome;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.series.sample.Step;

/**
 * Writes codes as JSON in UTF-8, as {@code topology/formats/code.schema.json} declares it, with {@value #DIGITS} significant digits. One
 * instance for one thread; the only garbage is the array returned.
 */
public final class CodeWriter {
    private static final int DIGITS = 6;
    private static final byte[] VERSION = key("version");
    private static final byte[] STREAM = key("stream");
    private static final byte[] SERIES = key("series");
    private static final byte[] TIME = key("time");
    private static final byte[] GENERATION = key("generation");
    private static final byte[] STEP = key("step");
    private static final byte[] ROWS = key("rows");
    private static final byte[] MODEL = key("model");
    private static final byte[] NETWORK = key("network");
    private static final byte[] ENGINE = key("engine");
    private static final byte[] CODE = key("code");

    private final JsonBuffer json = new JsonBuffer(1024);

    /**
     * The model that made a code.
     *
     * @param rows of the window that it read; 1 for a frame
     */
    public record By(String network, int version, String engine, int rows) {}

    private static byte[] key(String name) {
        return ('"' + name + '"').getBytes(US_ASCII);
    }

    /**
     * Writes one code.
     *
     * @param step the newest of the window
     * @param values which from {@code from} on, so many, are the code
     */
    public byte[] write(Step step, By by, float[] values, int from, int size) {
        json.clear().open('{').key(VERSION).integer(1);
        json.key(STREAM).string(step.stream).key(SERIES).string(step.series);
        json.key(TIME).time(step.timeMs);
        json.key(GENERATION).integer(step.generation).key(STEP).integer(step.step);
        json.key(ROWS).integer(by.rows());
        json.key(MODEL).open('{').key(NETWORK).string(by.network());
        json.key(VERSION).integer(by.version()).key(ENGINE).string(by.engine()).close('}');
        json.key(CODE).open('[');
        for (int i = from; i < from + size; i++) json.significant(values[i], DIGITS);
        return json.close(']').close('}').toBytes();
    }
}
