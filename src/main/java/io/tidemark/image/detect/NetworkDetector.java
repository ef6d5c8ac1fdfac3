package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Logistic;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a network's output says of images: an autoencoder's error, or a segmenter's logits. */
final class NetworkDetector implements Detector {
    /** Images in one forward call. */
    private static final int BATCH = 8;

    private final ImageShape shape;
    private final Network network;
    private final NetworkState weights;
    private final boolean segments;
    private final ScoringReplica replica;

    /**
     * @param network of images of the shape
     * @param weights of the network; a state may hold more than those
     */
    NetworkDetector(Engine engine, ImageShape shape, Network network, NetworkState weights) {
        this.shape = shape;
        this.network = network;
        this.weights = weights;
        segments = network.spec().kind() == NetworkSpec.Kind.SEGMENTER;
        replica = engine.scoring(network, BATCH);
        replica.load(weights);
    }

    @Override
    public String name() {
        return "network";
    }

    @Override
    public String identity() {
        return network.hash();
    }

    @Override
    public boolean isLevelled() {
        return !segments;
    }

    @Override
    public List<Measure> score(List<float[]> images) {
        List<Measure> measures = new ArrayList<>();
        int size = shape.size();
        float[] input = replica.input(Network.WINDOW);
        for (int from = 0; from < images.size(); from += BATCH) {
            int count = Math.min(BATCH, images.size() - from);
            for (int i = 0; i < count; i++) System.arraycopy(images.get(from + i), 0, input, i * size, size);
            replica.forward(count);
            float[] output = replica.output(network.outputs().get(0).name());
            for (int i = 0; i < count; i++) {
                measures.add(segments ? segmented(output, i) : reconstructed(images.get(from + i), output, i * size));
            }
        }
        return measures;
    }

    private Measure segmented(float[] output, int sample) {
        int pixels = shape.pixels();
        float[] logits = Arrays.copyOfRange(output, sample * pixels, (sample + 1) * pixels);
        double contrast = new ErrorMap(shape.rows(), shape.columns(), logits).contrast();
        Logistic.apply(logits, pixels);
        return new Measure(contrast, new ErrorMap(shape.rows(), shape.columns(), logits), Optional.empty());
    }

    private Measure reconstructed(float[] image, float[] output, int from) {
        ErrorMap errors = ErrorMap.squared(shape, image, 0, output, from);
        PooledError pooled = PooledError.DEFAULT;
        double value = Math.log(pooled.score(errors, shape, image, 0) + 1e-12);
        float[] reconstruction = Arrays.copyOfRange(output, from, from + shape.size());
        return new Measure(value, errors.pooled(pooled.side()), Optional.of(reconstruction));
    }

    @Override
    public void save(Map<String, Tensor> tensors) {
        tensors.putAll(weights.weights().tensors());
    }

    @Override
    public void close() {
        replica.close();
    }
}
