package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Neurons;
import io.tidemark.net.network.Resampling;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Steps of {@link Neurons}.
 *
 * @param layer at hand
 */
record NeuronSteps(TapeBuilder builder, Tape tape, BoundLayer layer) implements Neurons.Cases<TapeSlot> {
    @Override
    public TapeSlot prelu(Neurons.Prelu prelu) {
        TapeSlot in = builder.ordered(false);
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new PreluStep(tape, layer, in, out));
        return out;
    }

    @Override
    public TapeSlot maxout(Neurons.Maxout maxout) {
        TapeSlot in = builder.ordered(false);
        int sums = layer.parameter("bias").size();
        TapeSlot all = tape.slot(sums, in.places(), false);
        tape.add(new DenseStep(tape, layer, "", in, all, builder.input()));
        int[] source = new int[sums * in.places()];
        for (int i = 0; i < source.length; i++) source[i] = i;
        TapeSlot out = tape.slot(sums / maxout.pieces(), in.places(), false);
        tape.add(new PoolStep(tape, source, maxout.pieces(), Resampling.Pool.Kind.MAX, all, out));
        return out;
    }

    @Override
    public TapeSlot radial(Neurons.Radial radial) {
        TapeSlot out = tape.slot(
                lastSize(), builder.current().places(), builder.current().stepMajor());
        tape.add(new RadialStep(tape, layer, builder.current(), out));
        return out;
    }

    @Override
    public TapeSlot dropConnect(Neurons.DropConnect dropConnect) {
        TapeSlot in = builder.current();
        TapeSlot out = tape.slot(lastSize(), in.places(), in.stepMajor());
        if (tape.trains() && dropConnect.rate() > 0) {
            DroppedWeights dropped = new DroppedWeights(tape, layer, dropConnect.rate());
            tape.add(dropped);
            INDArray weight = dropped.matrix(in.features(), out.features());
            tape.add(new DenseStep(tape, layer, "", weight, in, out, builder.input()));
        } else {
            tape.add(new DenseStep(tape, layer, "", in, out, builder.input()));
        }
        return builder.activated(dropConnect.activation(), out);
    }

    @Override
    public TapeSlot tied(Neurons.Tied tied) {
        BoundLayer tiedTo = builder.layerBehind(tied.from());
        TapeSlot out = tape.slot(
                lastSize(), builder.current().places(), builder.current().stepMajor());
        tape.add(new TiedStep(tape, layer, tiedTo, builder.current(), out));
        return builder.activated(tied.activation(), out);
    }

    private int lastSize() {
        return layer.output()[layer.output().length - 1];
    }
}
