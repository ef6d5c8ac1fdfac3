package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;

/**
 * Steps of {@link Attention}.
 *
 * @param layer at hand
 */
record AttentionSteps(TapeBuilder builder, Tape tape, BoundLayer layer) implements Attention.Cases<TapeSlot> {
    @Override
    public TapeSlot layerNorm(Attention.LayerNorm norm) {
        TapeSlot current = builder.current();
        TapeSlot out = tape.slot(current.features(), current.places(), current.stepMajor());
        tape.add(new LayerNormStep(tape, layer, Attention.LayerNorm.EPSILON, current, out));
        return out;
    }

    @Override
    public TapeSlot self(Attention.SelfAttention attention) {
        TapeSlot in = builder.ordered(false);
        TapeSlot asked = tape.slot(3 * in.features(), in.places(), false);
        tape.add(new DenseStep(tape, layer, "qkv_", in, asked, builder.input()));
        TapeSlot seen = tape.slot(in.features(), in.places(), false);
        AttentionStep.Place queries = new AttentionStep.Place(asked, 0);
        AttentionStep.Place keys = new AttentionStep.Place(asked, in.features());
        tape.add(new AttentionStep(tape, attention.heads(), attention.causal(), queries, keys, seen));
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new DenseStep(tape, layer, "out_", seen, out, DenseStep.Input.TRAINED));
        return out;
    }

    @Override
    public TapeSlot graph(Attention.GraphAttention graph) {
        TapeSlot in = builder.ordered(false);
        int[] shape = layer.output();
        TapeSlot out = tape.slot(shape[1], shape[0], false);
        tape.add(new GraphAttentionStep(tape, layer, graph, in, out));
        return out;
    }

    /** Keys and values come from what the mark kept, whose gradient other readers share. */
    @Override
    public TapeSlot cross(Attention.CrossAttention attention) {
        TapeSlot in = builder.ordered(false);
        TapeSlot kept = builder.kept(attention.from());
        TapeSlot told = tape.slot(2 * in.features(), kept.places(), false);
        tape.add(new DenseStep(tape, layer, "kv_", kept, told, DenseStep.Input.ADDS));
        TapeSlot asked = tape.slot(in.features(), in.places(), false);
        tape.add(new DenseStep(tape, layer, "q_", in, asked, DenseStep.Input.TRAINED));
        TapeSlot seen = tape.slot(in.features(), in.places(), false);
        AttentionStep.Place queries = new AttentionStep.Place(asked, 0);
        AttentionStep.Place keys = new AttentionStep.Place(told, 0);
        tape.add(new AttentionStep(tape, attention.heads(), false, queries, keys, seen));
        TapeSlot out = tape.slot(in.features(), in.places(), false);
        tape.add(new DenseStep(tape, layer, "out_", seen, out, DenseStep.Input.TRAINED));
        return out;
    }

    @Override
    public TapeSlot position(Attention.Position position) {
        TapeSlot in = builder.ordered(false);
        TapeSlot out = tape.slotWithGradientsOf(in);
        tape.add(new PositionStep(tape, Attention.Position.values(in.places(), in.features()), in, out));
        return out;
    }
}
