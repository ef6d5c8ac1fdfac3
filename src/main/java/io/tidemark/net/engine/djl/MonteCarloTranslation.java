package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.engine.DroppedPasses;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.MonteCarlo;
import java.util.List;

/**
 * The PyTorch operations of {@link MonteCarlo}.
 *
 * @param quantiles of the network's output; empty where it has none
 * @param device owns constants as long as the operations are used
 * @param host the same on the CPU
 * @param capacity the most samples of a batch
 */
record MonteCarloTranslation(
        BoundLayer bound, List<Double> quantiles, NDManager device, NDManager host, int capacity, boolean trains)
        implements MonteCarlo.Cases<Operation> {
    @Override
    public Operation dropout(MonteCarlo.Dropout layer) {
        DroppedPasses dropped = new DroppedPasses(layer);
        if (trains) {
            Noise noise = new Noise(bound, bound.output(), host, capacity, dropped::whileTraining);
            return (batch, x) -> x.expandDims(1).mul(noise.draw(batch));
        }
        float[] fixed = new float[bound.outputSize()];
        for (int i = 0; i < fixed.length; i++) fixed[i] = dropped.whileScoring(i);
        NDArray factors = device.create(fixed, new Shape(1, bound.output()[0], bound.output()[1]));
        return (batch, x) -> x.expandDims(1).mul(factors);
    }

    @Override
    public Operation predictive(MonteCarlo.Predictive layer) {
        if (trains) return Noise.drawnRow(bound, host, capacity);
        if (quantiles.isEmpty()) return (batch, x) -> x.mean(new int[] {1});
        int passes = bound.input()[0];
        int count = quantiles.size();
        int groups = bound.outputSize() / count;
        int median = DroppedPasses.median(quantiles);
        NDArray shifts = device.create(DroppedPasses.shifts(quantiles), new Shape(1, 1, count));
        return (batch, x) -> {
            NDArray all = x.reshape(batch.samples(), passes, groups, count);
            NDArray middles = JniUtils.slice((PtNDArray) all, 3, median, median + 1, 1);
            NDArray apart = middles.sub(middles.mean(new int[] {1}, true));
            NDArray deviation = apart.square().mean(new int[] {1}).sqrt();
            return all.mean(new int[] {1}).add(deviation.mul(shifts)).reshape(batch.samples(), bound.outputSize());
        };
    }
}
