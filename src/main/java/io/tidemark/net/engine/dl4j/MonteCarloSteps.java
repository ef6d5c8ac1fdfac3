package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.DroppedPasses;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.MonteCarlo;
import java.util.List;

/**
 * Steps of {@link MonteCarlo}.
 *
 * @param layer at hand
 * @param quantiles of the network's output; empty where it has none
 */
record MonteCarloSteps(TapeBuilder builder, Tape tape, BoundLayer layer, List<Double> quantiles)
        implements MonteCarlo.Cases<TapeSlot> {
    @Override
    public TapeSlot dropout(MonteCarlo.Dropout dropout) {
        TapeSlot in = builder.ordered(false);
        TapeSlot out = tape.slot(in.features(), dropout.passes(), false);
        tape.add(new DroppedPassesStep(tape, layer.index(), new DroppedPasses(dropout), in, out));
        return out;
    }

    @Override
    public TapeSlot predictive(MonteCarlo.Predictive predictive) {
        TapeSlot in = builder.ordered(false);
        TapeSlot out = tape.slot(layer.outputSize(), 1, false);
        float[] shifts = DroppedPasses.shifts(quantiles);
        tape.add(new PredictiveStep(tape, layer.index(), in, shifts, DroppedPasses.median(quantiles), out));
        return out;
    }
}
