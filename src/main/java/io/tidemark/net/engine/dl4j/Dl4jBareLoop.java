package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.network.Network;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's own {@code MultiLayerNetwork} with its losses and its Adam, over arrays that are allocated once. */
final class Dl4jBareLoop extends BareLoop {
    private final MultiLayerNetwork network;
    private final INDArray features;
    private final INDArray labels;
    private final float[] label;
    private float[] output;

    private Dl4jBareLoop(Network declared, int batch, MultiLayerConfiguration configuration) {
        super(declared, batch);
        network = new MultiLayerNetwork(configuration);
        network.init();
        int[] shape = declared.inputs().get(0).shape();
        features = array(batch, shape, shape.length == 2 && BareLayers.flattensFirst(declared));
        INDArray first = network.output(features, false);
        labels = Nd4j.create(DataType.FLOAT, first.shape());
        output = new float[Math.toIntExact(first.length())];
        label = new float[output.length];
    }

    /** Nothing when Deeplearning4j's layers here do not make up the network. */
    static Optional<BareLoop> open(Network network, int batch) {
        return BareLayers.of(network).map(configuration -> new Dl4jBareLoop(network, batch, configuration));
    }

    /** Deeplearning4j's order of a sequence is {@code [sample, feature, step]}. */
    private static INDArray array(int batch, int[] shape, boolean flat) {
        if (flat) return Nd4j.create(DataType.FLOAT, batch, (long) shape[0] * shape[1]);
        if (shape.length == 2) return Nd4j.create(DataType.FLOAT, batch, shape[1], shape[0]);
        long[] whole = new long[shape.length + 1];
        Arrays.setAll(whole, i -> i == 0 ? batch : shape[i - 1]);
        return Nd4j.create(DataType.FLOAT, whole);
    }

    @Override
    public void score() {
        put(features, input());
        INDArray scored = network.output(features, false);
        ((FloatPointer) scored.data().pointer()).position(0).get(output);
    }

    @Override
    public void train() {
        put(features, input());
        System.arraycopy(target(), 0, label, 0, Math.min(target().length, label.length));
        put(labels, label);
        network.fit(features, labels);
    }

    private static void put(INDArray array, float[] values) {
        ((FloatPointer) array.data().pointer()).position(0).put(values, 0, values.length);
    }

    @Override
    public void close() {
        output = new float[0];
        features.close();
        labels.close();
    }
}
