package io.tidemark.app.bench;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.image.decode.ImageDecoder;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * What decoding a frame and scoring it cost by themselves, on one thread and without Kafka.
 *
 * @param decodeMicros processor time to decode, crop and resize an image
 * @param scoreMicros processor time of the networks, the error map, its regions and the declared pictures
 */
public record FrameParts(double decodeMicros, double scoreMicros) {
    private static final int ROUNDS = 3;
    private static final int FRAMES = 256;

    /** Measures the last of three rounds over some of the images. */
    public static FrameParts measure(StreamSpec stream, List<Network> networks, Engine engine, List<byte[]> images) {
        ImageSpec image = stream.input().image().orElseThrow();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double decode = 0;
        double score = 0;
        try (ImageDecoder decoder = new ImageDecoder(image);
                BatchScorer scorer = new BatchScorer(engine, networks, image, FRAMES, (network, nanos) -> {})) {
            for (Network network : networks) {
                scorer.swap(network.spec().name(), 1, engine.initialState(network, 1));
            }
            for (int round = 0; round < ROUNDS; round++) {
                long began = threads.getCurrentThreadCpuTime();
                List<byte[]> samples = samples(stream, decoder, images);
                long decoded = threads.getCurrentThreadCpuTime();
                List<PendingSample> pending = new ArrayList<>();
                for (byte[] sample : samples) pending.add(new PendingSample().read(sample));
                scorer.score(pending);
                score = (threads.getCurrentThreadCpuTime() - decoded) / 1e3 / FRAMES;
                decode = (decoded - began) / 1e3 / FRAMES;
            }
        }
        return new FrameParts(decode, score);
    }

    private static List<byte[]> samples(StreamSpec stream, ImageDecoder decoder, List<byte[]> images) {
        List<byte[]> samples = new ArrayList<>();
        Wire wire = Wire.writer(1024);
        Step step = new Step();
        step.features(1);
        step.stream = stream.name();
        for (int i = 0; i < FRAMES; i++) {
            ImageDecoder.Outcome outcome = decoder.decode(images.get(i % images.size()), "");
            if (outcome instanceof ImageDecoder.Decoded decoded) {
                samples.add(Sample.encode(wire, step, decoded.frame()));
            } else {
                throw new IllegalArgumentException("image " + i + " is refused: " + outcome);
            }
        }
        return samples;
    }
}
