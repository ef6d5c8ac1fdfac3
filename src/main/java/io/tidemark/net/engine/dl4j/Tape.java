package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.RunningStatistics;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's steps for one number of samples, over memory that all tapes of a replica share. */
final class Tape {
    private final Parameters parameters;
    private final Memory memory;
    private final int capacity;
    private final int samples;
    private final List<TapeStep> steps = new ArrayList<>();
    private final List<Runnable> afterBackward = new ArrayList<>();
    private final TapeSlot input;
    private final TapeSlot output;
    private @Nullable TapeSlot code;

    /**
     * @param capacity samples that the memory is cut for
     * @param samples samples of this tape; in [1, capacity]
     */
    Tape(Network network, Parameters parameters, Memory memory, int capacity, int samples) {
        this.parameters = parameters;
        this.memory = memory;
        this.capacity = capacity;
        this.samples = samples;
        memory.rewind();
        int[] shape = network.inputs().get(0).shape();
        input = slot(shape[shape.length - 1], places(shape), false);
        TapeBuilder builder = new TapeBuilder(this, input, network);
        int codeLayer = Encoder.codeLayer(network);
        for (BoundLayer layer : network.layers()) {
            builder.add(layer);
            if (layer.index() == codeLayer) code = builder.ordered(false);
        }
        output = builder.finish();
    }

    static int places(int[] shape) {
        int places = 1;
        for (int i = 0; i < shape.length - 1; i++) places *= shape[i];
        return places;
    }

    void add(TapeStep step) {
        steps.add(step);
    }

    /** Adds to what the steps have computed when all of them are done. */
    void afterBackward(Runnable last) {
        afterBackward.add(last);
    }

    void forward() {
        for (TapeStep step : steps) step.forward();
    }

    void backward() {
        for (int i = steps.size() - 1; i >= 0; i--) steps.get(i).backward();
        for (Runnable last : afterBackward) last.run();
    }

    /** Called when the step has changed the weights. */
    void accepted() {
        for (TapeStep step : steps) step.accepted();
    }

    TapeSlot input() {
        return input;
    }

    TapeSlot output() {
        return output;
    }

    /** What the encoder gave, which no later step writes over. */
    TapeSlot code() {
        return Objects.requireNonNull(code, "the network gives no code");
    }

    boolean trains() {
        return parameters.trains();
    }

    RunningStatistics running() {
        return parameters.running();
    }

    Parameters parameters() {
        return parameters;
    }

    long seed() {
        return parameters.seed();
    }

    long step() {
        return parameters.step();
    }

    /** Memory for values between steps, with gradients when the tape trains. */
    TapeSlot slot(int features, int places, boolean stepMajor) {
        long perSample = (long) features * places;
        Block values = block(perSample);
        return new TapeSlot(values, trains() ? block(perSample) : null, features, places, samples, stepMajor);
    }

    /** The same values with gradients of their own. */
    TapeSlot slotWithValuesOf(TapeSlot slot) {
        Block gradients = trains() ? block((long) slot.features() * slot.places()) : null;
        return new TapeSlot(slot.values(), gradients, slot.features(), slot.places(), samples, slot.stepMajor());
    }

    /** Values of their own with the same gradients. */
    TapeSlot slotWithGradientsOf(TapeSlot slot) {
        Block values = block((long) slot.features() * slot.places());
        return new TapeSlot(values, slot.gradients(), slot.features(), slot.places(), samples, slot.stepMajor());
    }

    /** Arrays for a step to work in while it runs. */
    Scratch scratch() {
        return memory.scratch();
    }

    /** @param perSample floats for each sample */
    Block block(long perSample) {
        return memory.block(perSample * capacity);
    }

    /** Memory for a changed copy of a weight, whatever the number of samples. */
    Block weightBlock(int floats) {
        return memory.block(floats);
    }

    /** A weight, row-major {@code [out, in]}, as column-major {@code [in, out]}. */
    INDArray weight(BoundLayer.Parameter parameter, int in, int out) {
        return parameters.values().matrix(parameters.offset(parameter), in, out);
    }

    INDArray vector(BoundLayer.Parameter parameter) {
        return parameters.values().part(parameters.offset(parameter), parameter.size());
    }

    INDArray weightGradient(BoundLayer.Parameter parameter, int in, int out) {
        return parameters.gradients().matrix(parameters.offset(parameter), in, out);
    }

    /** A column of so many ones, to sum with. */
    INDArray ones(int count) {
        Block block = block((count + samples - 1) / samples);
        block.fill(1f);
        return block.matrix(0, count, 1);
    }
}
