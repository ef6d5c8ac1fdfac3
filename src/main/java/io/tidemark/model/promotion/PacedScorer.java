package io.tidemark.model.promotion;

import io.tidemark.config.StreamSpec;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.List;

/** One model alone, with the time that its forward passes take. One thread. */
final class PacedScorer implements AutoCloseable {
    private static final int ROWS_BLOCK = 256;
    /** Few, so that there are passes enough to tell the time of one. */
    private static final int FRAMES_BLOCK = 32;

    private final BatchScorer scorer;
    private final List<Double> nanosPerSample = new ArrayList<>();
    private long nanos;

    PacedScorer(Engine engine, StreamSpec stream, Network network, NetworkState state) {
        List<Network> alone = List.of(network);
        scorer = stream.input()
                .image()
                .map(image -> new BatchScorer(engine, alone, image.withoutOutputs(), FRAMES_BLOCK, this::forward))
                .orElseGet(() -> new BatchScorer(engine, alone, stream.features(), ROWS_BLOCK, this::forward));
        scorer.swap(network.spec().name(), 1, state);
    }

    private void forward(String network, long spent) {
        nanos += spent;
    }

    /** Samples that are best scored at once. */
    int block() {
        return scorer.capacity();
    }

    /** Fills each sample's inference. @param samples at least one, at most {@link #block} */
    void score(List<PendingSample> samples) {
        nanos = 0;
        scorer.score(samples);
        nanosPerSample.add((double) nanos / samples.size());
    }

    /** What the quicker quarter of the blocks stays below, since whatever else the machine does only adds to it; NaN before the first. */
    double nanosPerSample() {
        if (nanosPerSample.isEmpty()) return Double.NaN;
        return nanosPerSample.stream().sorted().toList().get(nanosPerSample.size() / 4);
    }

    @Override
    public void close() {
        scorer.close();
    }
}
