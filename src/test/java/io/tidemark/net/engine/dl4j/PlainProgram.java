package io.tidemark.net.engine.dl4j;

import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What somebody writes who has Deeplearning4j and an exported file, and nothing of Tidemark. */
final class PlainProgram {
    private PlainProgram() {}

    static float[] output(File file, float[] input, int... shape) throws IOException {
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(file, false);
        return network.output(Nd4j.create(input, shape, 'c')).dup('c').data().asFloat();
    }

    /** Some steps of its own optimiser towards the input, written over the file. */
    static void train(File file, float[] input, int... shape) throws IOException {
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(file, false);
        INDArray window = Nd4j.create(input, shape, 'c');
        for (int i = 0; i < 5; i++) network.fit(window, window);
        ModelSerializer.writeModel(network, file, true);
    }
}
