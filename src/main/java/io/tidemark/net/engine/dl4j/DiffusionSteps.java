package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.NoisyLevels;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Diffusion;

/**
 * Steps of {@link Diffusion}.
 *
 * @param layer at hand
 */
record DiffusionSteps(TapeBuilder builder, Tape tape, BoundLayer layer) implements Diffusion.Cases<TapeSlot> {
    @Override
    public TapeSlot noiseLevels(Diffusion.NoiseLevels levels) {
        TapeSlot in = builder.ordered(false);
        int[] shape = layer.output();
        TapeSlot out = tape.slot(shape[1], shape[0], false);
        NoisyLevels noisy = new NoisyLevels(levels, layer.inputSize());
        tape.add(new NoiseLevelsStep(tape, layer.index(), noisy, in, out));
        return out;
    }

    @Override
    public TapeSlot denoised(Diffusion.Denoised denoised) {
        TapeSlot in = builder.ordered(false);
        TapeSlot out = tape.slot(layer.outputSize(), 1, false);
        tape.add(new DenoisedStep(tape, layer.index(), in, builder.kept(denoised.from()), out));
        return builder.shaped(out);
    }
}
