package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidemark.net.engine.NoisyLevels;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Diffusion;

/**
 * The PyTorch operations of {@link Diffusion}.
 *
 * @param device owns constants as long as the operations are used
 * @param host the same on the CPU
 * @param capacity the most samples of a batch
 */
record DiffusionTranslation(BoundLayer bound, NDManager device, NDManager host, int capacity, boolean trains)
        implements Diffusion.Cases<Operation> {

    @Override
    public Operation noiseLevels(Diffusion.NoiseLevels layer) {
        int size = bound.inputSize();
        NoisyLevels noisy = new NoisyLevels(layer, size);
        int levels = noisy.levels();
        float[] kept = new float[levels];
        float[] deviations = new float[levels];
        for (int level = 0; level < levels; level++) {
            kept[level] = noisy.kept(level);
            deviations[level] = noisy.deviation(level);
        }
        NDArray factors = device.create(kept, new Shape(1, levels, 1));
        NDArray told = device.create(deviations, new Shape(1, levels, 1));
        Operation noise = noise(noisy, size);
        return (batch, x) -> {
            int n = batch.samples();
            NDArray rows = x.reshape(n, 1, size).mul(factors).add(noise.apply(batch, x));
            // the batch's own zeros first: what is computed of a constant would live as long as the replica
            NDArray level = batch.manager().zeros(new Shape(n, levels, 1)).add(told);
            return rows.concat(level, -1);
        };
    }

    private Operation noise(NoisyLevels noisy, int size) {
        int[] shape = {noisy.levels(), size};
        if (trains) {
            Noise noise = new Noise(bound, shape, host, capacity, noisy::whileTraining);
            return (batch, x) -> noise.draw(batch);
        }
        float[] fixed = new float[noisy.levels() * size];
        for (int i = 0; i < fixed.length; i++) fixed[i] = noisy.whileScoring(i);
        NDArray noise = device.create(fixed, new Shape(1, noisy.levels(), size));
        return (batch, x) -> noise;
    }

    @Override
    public Operation denoised(Diffusion.Denoised layer) {
        int size = bound.input()[1];
        int[] shape = bound.output();
        long[] sizes = new long[shape.length + 1];
        for (int i = 0; i < shape.length; i++) sizes[i + 1] = shape[i];
        Operation sample = trains ? Noise.drawnRow(bound, host, capacity) : meanError(layer.from(), size);
        return (batch, x) -> {
            long[] whole = sizes.clone();
            whole[0] = batch.samples();
            return sample.apply(batch, x).reshape(new Shape(whole));
        };
    }

    private static Operation meanError(String mark, int size) {
        return (batch, x) -> {
            NDArray clean = batch.marked(mark).reshape(batch.samples(), size);
            NDArray errors = x.sub(clean.expandDims(1));
            NDArray side = errors.sum(new int[] {1}).sign();
            return clean.add(side.mul(errors.abs().mean(new int[] {1})));
        };
    }
}
