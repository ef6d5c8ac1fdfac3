package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Filters;
import io.tidemark.net.network.Layer;

/**
 * Steps of {@link Filters}: what an output sees is gathered into one column, as for a plain convolution.
 *
 * @param layer at hand
 */
record FilterSteps(TapeBuilder builder, Tape tape, BoundLayer layer) implements Filters.Cases<TapeSlot> {
    @Override
    public TapeSlot separable1d(Filters.Separable1d separable) {
        Layer.Conv1d like = separable.like();
        int steps = layer.output()[0];
        int in = layer.input()[1];
        TapeSlot seen = builder.gathered(
                Gathering.sequence(layer.input(), steps, like.kernel(), like.stride(), like.dilation(), like.before()),
                in * like.kernel(),
                steps);
        return mixed(depthwise(seen, in, steps), layer.output()[1], like.activation());
    }

    @Override
    public TapeSlot separable2d(Filters.Separable2d separable) {
        Layer.Conv2d like = separable.like();
        int[] input = layer.input();
        int[] output = layer.output();
        int places = output[1] * output[2];
        TapeSlot seen = builder.gathered(
                Gathering.image(input, output, like.kernel(), like.stride(), like.padding()),
                input[0] * like.kernel() * like.kernel(),
                places);
        return builder.channelsFirst(mixed(depthwise(seen, input[0], places), output[0], like.activation()));
    }

    private TapeSlot mixed(TapeSlot filtered, int units, Activation activation) {
        return builder.convolved(filtered, units, filtered.places(), activation, DenseStep.Input.TRAINED);
    }

    private TapeSlot depthwise(TapeSlot seen, int features, int places) {
        TapeSlot out = tape.slot(features, places, false);
        tape.add(new DepthwiseStep(tape, layer, seen, out));
        return out;
    }

    @Override
    public TapeSlot transposed(Filters.Transposed filter) {
        int[] input = layer.input();
        int[] output = layer.output();
        int edge = filter.kernel() - 1 - filter.padding();
        if (filter.dimensions() == 1) {
            int[] source = Gathering.spreadSequence(input, output[0], filter.kernel(), filter.stride(), edge);
            TapeSlot seen = builder.gathered(source, input[1] * filter.kernel(), output[0]);
            return builder.convolved(seen, output[1], output[0], filter.activation());
        }
        int places = output[1] * output[2];
        int[] source = Gathering.spreadImage(input, output, filter.kernel(), filter.stride(), edge);
        TapeSlot seen = builder.gathered(source, input[0] * filter.kernel() * filter.kernel(), places);
        return builder.channelsFirst(builder.convolved(seen, output[0], places, filter.activation()));
    }
}
