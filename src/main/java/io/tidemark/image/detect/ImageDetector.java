package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private static final String BASELINE = "baseline/";

    /**
     * @param score 0 for an average good image, in standard deviations of good images; higher is stranger
     * @param map higher is stranger; comparable between images of one detector
     * @param reconstruction {@code [channel, row, column]} of an autoencoder, else empty
     */
    public record Finding(double score, ErrorMap map, Optional<float[]> reconstruction) {
        private Finding plus(Finding other) {
            float[] sum = map.values().clone();
            for (int i = 0; i < sum.length; i++) sum[i] += other.map.values()[i];
            return new Finding(
                    score + other.score,
                    new ErrorMap(map.rows(), map.columns(), sum),
                    reconstruction.or(other::reconstruction));
        }
    }

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

        static Baseline of(List<Detector.Measure> good, boolean levelled) {
            double mean = 0;
            double level = 0;
            for (Detector.Measure measure : good) {
                mean += measure.value() / good.size();
                float[] values = measure.map().values();
                for (float v : values) level += v / (double) values.length / good.size();
            }
            double square = 0;
            for (Detector.Measure measure : good) {
                square += (measure.value() - mean) * (measure.value() - mean) / good.size();
            }
            return new Baseline(mean, Math.max(1e-6, Math.sqrt(square)), levelled ? Math.max(1e-12, level) : 1);
        }
    }

    private final ImageShape shape;
    private final List<Detector> parts;
    /** Of each part. */
    private final List<Baseline> baselines = new ArrayList<>();

    private float usual;

    /**
     * A detector without a baseline, whose scores mean nothing until {@link #calibrate}.
     *
     * @param parts at least one, each of another kind; closed with this one
     */
    ImageDetector(ImageShape shape, List<Detector> parts) {
        if (parts.isEmpty())
            throw new IllegalArgumentException("a detector of images needs a network, a bank, or both");
        this.shape = shape;
        this.parts = List.copyOf(parts);
        for (int i = 0; i < parts.size(); i++) baselines.add(Baseline.NONE);
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
                    + ", but is asked for " + shape + "; use the stream it was taught with, or train it again");
        }
        List<Detector> parts = new ArrayList<>();
        network.ifPresent(n -> parts.add(new NetworkDetector(engine, shape, n, state)));
        PatchBank.load(state).ifPresent(parts::add);
        ImageDetector detector = new ImageDetector(shape, parts);
        for (int i = 0; i < parts.size(); i++)
            detector.baselines.set(i, baseline(state, parts.get(i).name()));
        float[] usual = state.tensor(BASELINE + "usual").values();
        if (usual.length == 1) detector.usual = usual[0];
        return detector;
    }

    private static Baseline baseline(NetworkState state, String part) {
        float[] values = state.tensor(BASELINE + part).values();
        if (values.length != 3) throw new EngineException("the detector's baseline is damaged; train it again");
        return new Baseline(values[0], values[1], values[2]);
    }

    /** Weights, bank and baseline as one set of tensors, as a file holds it. */
    public NetworkState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Detector part : parts) part.save(tensors);
        tensors.put("shape", tensor(shape.channels(), shape.rows(), shape.columns()));
        for (String kind : List.of("network", "bank")) tensors.put(BASELINE + kind, tensor(baseline(kind)));
        tensors.put(BASELINE + "usual", tensor(usual));
        return new NetworkState(parts.get(0).identity(), tensors);
    }

    /** {@link Baseline#NONE} where the detector has no such part. */
    private Baseline baseline(String kind) {
        for (int i = 0; i < parts.size(); i++) if (parts.get(i).name().equals(kind)) return baselines.get(i);
        return Baseline.NONE;
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
        for (int i = 0; i < parts.size(); i++) {
            baselines.set(i, Baseline.of(parts.get(i).score(good), parts.get(i).isLevelled()));
        }
        float[] largest = new float[good.size()];
        List<Finding> findings = findings(good);
        for (int i = 0; i < largest.length; i++)
            largest[i] = findings.get(i).map.largest();
        Arrays.sort(largest);
        usual = largest[(int) Math.ceil(0.99 * largest.length) - 1];
    }

    /** What is found in some images, in their order. @param images each {@code [channel, row, column]} in [0, 1] */
    public List<Finding> findings(List<float[]> images) {
        List<Finding> findings = byPart(0, images);
        for (int i = 1; i < parts.size(); i++) {
            List<Finding> more = byPart(i, images);
            for (int k = 0; k < findings.size(); k++)
                findings.set(k, findings.get(k).plus(more.get(k)));
        }
        return findings;
    }

    private List<Finding> byPart(int part, List<float[]> images) {
        Baseline baseline = baselines.get(part);
        List<Finding> findings = new ArrayList<>();
        for (Detector.Measure measure : parts.get(part).score(images)) {
            ErrorMap map = levelled(measure.map(), baseline);
            findings.add(new Finding(baseline.standardised(measure.value()), map, measure.reconstruction()));
        }
        return findings;
    }

    private static ErrorMap levelled(ErrorMap map, Baseline baseline) {
        if (baseline.level == 1) return map;
        float[] values = map.values().clone();
        for (int i = 0; i < values.length; i++) values[i] /= (float) baseline.level;
        return new ErrorMap(map.rows(), map.columns(), values);
    }

    @Override
    public void close() {
        parts.forEach(Detector::close);
    }
}
