package io.tidemark.series.sample;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the sample record costs on its way: written once by ingest, read once by the worker. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SampleBenchmark {
    private static final int ROWS = 64;

    @Param({"1", "8", "38"})
    public int features;

    private final Wire wire = Wire.writer(4096);
    private final Step step = new Step();
    private final Step scratch = new Step();
    private final Sample view = new Sample();
    private float[] window = new float[0];
    private float[] rows = new float[0];
    private byte[] encoded = new byte[0];

    @Setup
    public void fill() {
        step.stream = "pumps";
        step.series = "pump-17";
        step.features(features);
        window = new float[ROWS * features];
        rows = new float[ROWS * features];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) Math.sin(i);
        }
        encoded = Sample.encode(wire, step, window, ROWS);
    }

    @Benchmark
    public byte[] encode() {
        return Sample.encode(wire, step, window, ROWS);
    }

    @Benchmark
    public float[] decode() {
        view.wrap(encoded, scratch).copyRows(ROWS, 0, rows, 0);
        return rows;
    }
}
