package io.tidemark.judge.outcome;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A simulated stream of pumps and what networks say of them: the values are around 100 with a spread of 2. */
public final class Pumps {
    public static final long START_MS = 1_767_225_600_000L;
    public static final long STEP_MS = 10_000;

    private static final Wire WIRE = Wire.writer(512);

    private Pumps() {}

    /** A declared stream of these features; {@code more} is further YAML. */
    public static StreamSpec spec(String features, String more) {
        try {
            Path file = Files.createTempFile("pumps", ".yaml");
            try {
                Files.writeString(file, """
                        stream: pumps
                        input: {topic: pump-events, format: json, series: [pump], features: %s}
                        step: 10s
                        networks: [dense-ae]
                        %s
                        """.formatted(features, more));
                return StreamFile.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values of a step: noise around 100, and what a fault adds to the first feature. */
    public static double[] values(long seed, long step, int features, double fault) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + step);
        double[] values = new double[features];
        for (int i = 0; i < features; i++) values[i] = 100 + 2 * random.nextGaussian();
        values[0] += fault;
        return values;
    }

    /** The encoded inference of a step. */
    public static byte[] inference(String series, long step, double[] values, Consumer<Inference> networks) {
        return inference("pumps", 7, series, step, values, networks);
    }

    public static byte[] inference(
            String stream, int generation, String series, long number, double[] values, Consumer<Inference> networks) {
        Step step = new Step();
        step.stream = stream;
        step.series = series;
        step.generation = generation;
        step.step = number;
        step.timeMs = START_MS + number * STEP_MS;
        step.producedMs = step.timeMs;
        step.teaches = true;
        step.features(values.length);
        for (int i = 0; i < values.length; i++) {
            step.values()[i] = values[i];
            step.location()[i] = 100;
            step.scale()[i] = 2;
        }
        step.events.add(1, number);
        Inference inference = new Inference();
        networks.accept(inference);
        Sample sample = new Sample().wrap(Sample.encode(WIRE, step, new float[values.length], 1), new Step());
        return inference.encode(WIRE, sample);
    }

    /** An autoencoder that expects 100 and errs by the deviation. */
    public static Consumer<Inference> autoencoder(double... values) {
        return inference -> {
            Inference.Member member = inference.add(values.length);
            member.network = "dense-ae";
            member.version = 3;
            member.engine = "dl4j/cpu";
            member.status = Inference.Status.SCORED;
            for (int i = 0; i < values.length; i++) {
                member.expected[i] = 0;
                member.error[i] = (float) Math.abs((values[i] - 100) / 2);
            }
        };
    }

    /** A forecaster that expects 101, between 97 and 105. */
    public static Consumer<Inference> forecaster(int horizon, double... values) {
        return inference -> {
            Inference.Member member = inference.add(values.length);
            member.network = "lstm";
            member.version = 2;
            member.engine = "dl4j/cpu";
            member.status = Inference.Status.SCORED;
            member.bands = true;
            member.horizon = horizon;
            member.levels = new float[] {0.1f, 0.5f, 0.9f};
            member.forecast = new float[horizon * values.length * 3];
            for (int i = 0; i < member.forecast.length; i++) member.forecast[i] = i % 3 - 1;
            for (int i = 0; i < values.length; i++) {
                member.expected[i] = 0.5f;
                member.lower[i] = -1.5f;
                member.upper[i] = 2.5f;
                member.error[i] = (float) Math.abs((values[i] - 101) / 2);
            }
        };
    }

    /** A network that had no say. */
    public static Consumer<Inference> silent(String network, Inference.Status status) {
        return inference -> {
            Inference.Member member = inference.add(1);
            member.network = network;
            member.version = 0;
            member.engine = "";
            member.status = status;
        };
    }
}
