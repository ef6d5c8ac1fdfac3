package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.Logistic;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says how strange an image is and where: by a network, by a bank of normal patches, or by both.
 *
 * <table>
 * <caption>What each part measures</caption>
 * <tr><th>part</th><th>of an image</th><th>of a pixel</th></tr>
 * <tr><td>autoencoder</td><td>log of its {@link PooledError}</td><td>squared error, a mean over 5x5 pixels</td></tr>
 * <tr><td>segmenter</td><td>its largest logit minus its median</td><td>chance of a defect: the logistic function of its logit</td></tr>
 * <tr><td>bank</td><td>log of the mean distance of its two strangest patches</td><td>mean distance of its patches</td></tr>
 * </table>
 *
 * <p>A part's measure is taken relative to what good images had that it did not learn from ({@link Baseline}); the score is the sum
 * over parts, in their standard deviations. Owned by one thread.
 */
public final class ImageDetector implements AutoCloseable {
    /** Images in one forward call. */
    private static final int BATCH = 8;

    /** Strangest patches of an image that count. */
    private static final int PLACES = 2;

    private static final String BANK = "bank/";
    private static final String BASELINE = "baseline/";

    /**
     * @param score 0 for an average good image, in standard deviations of good images; higher is stranger
     * @param map higher is stranger; comparable between images of one detector
     * @param reconstruction {@code [channel, row, column]} of an autoencoder, else empty
     */
    public record Finding(double score, ErrorMap map, Optional<float[]> reconstruction) {}

    /**
     * What good images measure, from images that taught nothing.
     *
     * @param mean of a part's measure
     * @param deviation its standard deviation; above 0
     * @param level the mean of its maps; above 0, and 1 for a segmenter, whose chances need none
     */
    record Baseline(double mean, double deviation, double level) {
        static final Baseline NONE = new Baseline(0, 1, 1);

        double standardised(double measure) {
            return (measure - mean) / deviation;
        }

        static Baseline of(List<Measure> good, boolean levelled) {
            double mean = 0;
            double level = 0;
            for (Measure measure : good) {
                mean += measure.value / good.size();
                for (float v : measure.map.values()) level += v / (double) measure.map.values().length / good.size();
            }
            double square = 0;
            for (Measure measure : good) square += (measure.value - mean) * (measure.value - mean) / good.size();
            return new Baseline(mean, Math.max(1e-6, Math.sqrt(square)), levelled ? Math.max(1e-12, level) : 1);
        }
    }

    /** What one part says of one image. */
    record Measure(double value, ErrorMap map, Optional<float[]> reconstruction) {}

    private final ImageShape shape;
    private final @Nullable Network network;
    private final @Nullable ScoringReplica replica;
    private final @Nullable NetworkState weights;
    private final @Nullable PatchBank bank;
    private Baseline networkBaseline = Baseline.NONE;
    private Baseline bankBaseline = Baseline.NONE;
    private float usual;

    /**
     * A detector without a baseline, whose scores mean nothing until {@link #calibrate}.
     *
     * @param weights of the network; both are there or neither
     */
    ImageDetector(
            Engine engine,
            ImageShape shape,
            Optional<Network> network,
            Optional<NetworkState> weights,
            Optional<PatchBank> bank) {
        if (network.isEmpty() && bank.isEmpty()) {
            throw new IllegalArgumentException("a detector of images needs a network, a bank, or both");
        }
        this.shape = shape;
        this.network = network.orElse(null);
        this.weights = weights.orElse(null);
        this.bank = bank.orElse(null);
        this.replica = this.network == null ? null : engine.scoring(this.network, BATCH);
        if (replica != null && this.weights != null) replica.load(this.weights);
    }

    /**
     * A detector as {@link #state} saved it.
     *
     * @param network the one whose weights it holds; empty for a bank alone
     * @throws EngineException when the state is of another network or shape, or damaged
     */
    public static ImageDetector load(Engine engine, ImageShape shape, Optional<Network> network, NetworkState state) {
        float[] saved = state.tensor("shape").values();
        if (!Arrays.equals(saved, new float[] {shape.channels(), shape.rows(), shape.columns()})) {
            throw new EngineException("the detector was taught images of " + Arrays.toString(saved)
                    + ", but is asked for " + shape + "; use the stream it was taught with, or teach it anew");
        }
        Optional<PatchBank> bank = state.tensors().containsKey(BANK + "shape")
                ? Optional.of(PatchBank.load(state, BANK))
                : Optional.empty();
        ImageDetector detector = new ImageDetector(engine, shape, network, network.map(n -> state), bank);
        detector.networkBaseline = baseline(state, "network");
        detector.bankBaseline = baseline(state, "bank");
        float[] usual = state.tensor(BASELINE + "usual").values();
        if (usual.length == 1) detector.usual = usual[0];
        return detector;
    }

    private static Baseline baseline(NetworkState state, String part) {
        float[] values = state.tensor(BASELINE + part).values();
        if (values.length != 3) throw new EngineException("the detector's baseline is damaged; teach it anew");
        return new Baseline(values[0], values[1], values[2]);
    }

    /** Weights, bank and baseline as one set of tensors, as a file holds it. */
    public NetworkState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (weights != null) tensors.putAll(weights.weights().tensors());
        if (bank != null) bank.save(BANK, tensors);
        tensors.put("shape", tensor(shape.channels(), shape.rows(), shape.columns()));
        tensors.put(BASELINE + "network", tensor(networkBaseline));
        tensors.put(BASELINE + "bank", tensor(bankBaseline));
        tensors.put(BASELINE + "usual", tensor(usual));
        return new NetworkState(network == null ? "bank" : network.hash(), tensors);
    }

    private static Tensor tensor(Baseline baseline) {
        return tensor((float) baseline.mean, (float) baseline.deviation, (float) baseline.level);
    }

    private static Tensor tensor(float... values) {
        return new Tensor(new int[] {values.length}, values);
    }

    /** The shape of images. */
    public ImageShape shape() {
        return shape;
    }

    /** The largest value that the map of one in a hundred good images reaches: where a picture's heat may begin to be red. */
    public float usual() {
        return usual;
    }

    /**
     * Takes the baseline from good images that taught nothing.
     *
     * @param good at least 2
     */
    void calibrate(List<float[]> good) {
        if (good.size() < 2)
            throw new IllegalArgumentException("a baseline needs at least 2 images that taught nothing");
        if (network != null) {
            boolean levelled = network.spec().kind() != NetworkSpec.Kind.SEGMENTER;
            networkBaseline = Baseline.of(byNetwork(good), levelled);
        }
        if (bank != null) bankBaseline = Baseline.of(byBank(good), true);
        float[] largest = new float[good.size()];
        List<Finding> findings = findings(good);
        for (int i = 0; i < largest.length; i++)
            largest[i] = findings.get(i).map.largest();
        Arrays.sort(largest);
        usual = largest[(int) Math.ceil(0.99 * largest.length) - 1];
    }

    /** What is found in some images, in their order. @param images each {@code [channel, row, column]} in [0, 1] */
    public List<Finding> findings(List<float[]> images) {
        List<Measure> networks = byNetwork(images);
        List<Measure> banks = byBank(images);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            if (banks.isEmpty()) findings.add(finding(networks.get(i), networkBaseline));
            else if (networks.isEmpty()) findings.add(finding(banks.get(i), bankBaseline));
            else findings.add(both(networks.get(i), banks.get(i)));
        }
        return findings;
    }

    private static Finding finding(Measure measure, Baseline baseline) {
        return new Finding(
                baseline.standardised(measure.value), levelled(measure.map, baseline), measure.reconstruction);
    }

    private Finding both(Measure network, Measure bank) {
        Finding a = finding(network, networkBaseline);
        Finding b = finding(bank, bankBaseline);
        float[] sum = a.map.values().clone();
        for (int i = 0; i < sum.length; i++) sum[i] += b.map.values()[i];
        ErrorMap map = new ErrorMap(shape.rows(), shape.columns(), sum);
        return new Finding(a.score + b.score, map, network.reconstruction);
    }

    private static ErrorMap levelled(ErrorMap map, Baseline baseline) {
        if (baseline.level == 1) return map;
        float[] values = map.values().clone();
        for (int i = 0; i < values.length; i++) values[i] /= (float) baseline.level;
        return new ErrorMap(map.rows(), map.columns(), values);
    }

    private List<Measure> byBank(List<float[]> images) {
        List<Measure> measures = new ArrayList<>();
        if (bank == null) return measures;
        for (float[] image : images) {
            float[] distances = bank.distances(image);
            double value = Math.log(bank.meanOfLargest(distances, PLACES) + 1e-9);
            measures.add(new Measure(value, bank.map(distances), Optional.empty()));
        }
        return measures;
    }

    private List<Measure> byNetwork(List<float[]> images) {
        List<Measure> measures = new ArrayList<>();
        if (network == null || replica == null) return measures;
        boolean segments = network.spec().kind() == NetworkSpec.Kind.SEGMENTER;
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
    public void close() {
        if (replica != null) replica.close();
    }
}
