package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An LSTM over a step-major sequence: one matrix product for the inputs of all steps, one for each step's recurrence, and the
 * gates in Java between them.
 *
 * <p>ND4J spends 5 to 20 µs on each operation whatever its size; a loop over the gates in Java costs less than the ten element-wise
 * operations that it replaces. On a GPU the gates of each step cross the bus twice, so recurrent networks gain little there.
 */
final class LstmStep implements TapeStep {
    private final boolean trains;
    private final int steps;
    private final int units;
    private final int samples;
    private final int cells;
    private final int[] place;
    private final Block preBlock;
    private final Block hiddenBlock;
    private final INDArray x;
    private final INDArray pre;
    private final CustomOp bias;
    private final INDArray inputWeight;
    private final INDArray recurrentWeight;
    private final INDArray[] preAt;
    private final INDArray[] hiddenAt;
    private final float[] gates;
    private final float[] cell;
    private final float[] squashed;
    private final float[] hidden;
    private final float[] factors;
    private final LstmGradients gradients;

    LstmStep(LstmPlace at) {
        Tape tape = at.tape();
        BoundLayer layer = at.layer();
        TapeSlot in = at.in();
        TapeSlot out = at.out();
        trains = tape.trains();
        steps = in.places();
        samples = in.samples();
        units = out.features();
        cells = units * samples;
        preBlock = tape.block((long) 4 * units * steps);
        hiddenBlock = out.values();
        x = in.matrix();
        pre = preBlock.matrix(0, 4 * units, steps * samples);
        String prefix = at.direction().prefix();
        INDArray rows = preBlock.rows(0, steps * samples, 4 * units);
        bias = Products.addBias(rows, tape.vector(layer.parameter(prefix + "bias")));
        inputWeight = tape.weight(layer.parameter(prefix + "weight_ih"), in.features(), 4 * units);
        recurrentWeight = tape.weight(layer.parameter(prefix + "weight_hh"), units, 4 * units);
        place = new int[steps];
        preAt = new INDArray[steps];
        hiddenAt = new INDArray[steps];
        for (int t = 0; t < steps; t++) {
            place[t] = at.direction().at(t, steps);
            preAt[t] = preBlock.matrix((long) place[t] * 4 * cells, 4 * units, samples);
            hiddenAt[t] = hiddenBlock.matrix((long) place[t] * cells, units, samples);
        }
        int kept = trains ? steps : 1;
        gates = new float[kept * 4 * cells];
        cell = new float[(trains ? steps + 1 : 1) * cells];
        squashed = new float[kept * cells];
        hidden = new float[cells];
        factors = factors(units, samples);
        gradients = trains
                ? new LstmGradients.ThroughTime(at, inputWeight, recurrentWeight, gates, cell, squashed)
                : LstmGradients.NONE;
    }

    /** 1 for i, f and o; 2 for g, because tanh(z) = 2σ(2z) − 1. */
    private static float[] factors(int units, int samples) {
        float[] factors = new float[4 * units * samples];
        for (int k = 0; k < factors.length; k++) factors[k] = k / units % 4 == 2 ? 2f : 1f;
        return factors;
    }

    @Override
    public void forward() {
        Products.transposedTimes(inputWeight, x, pre);
        Nd4j.getExecutioner().exec(bias);
        java.util.Arrays.fill(cell, 0, cells, 0f);
        for (int t = 0; t < steps; t++) {
            if (t > 0) Products.addTransposedTimes(recurrentWeight, hiddenAt[t - 1], preAt[t]);
            int gateOffset = trains ? t * 4 * cells : 0;
            preBlock.get(gates, gateOffset, (long) place[t] * 4 * cells, 4 * cells);
            int before = trains ? t * cells : 0;
            int after = trains ? before + cells : 0;
            Gates.sigmoids(gates, gateOffset, factors, 4 * cells);
            cells(gateOffset, before, after);
            Gates.tanhs(cell, after, squashed, before, cells);
            hidden(gateOffset, before);
            hiddenBlock.put(hidden, 0, (long) place[t] * cells, cells);
        }
    }

    /** Next cells {@code f·c + i·g}; the gate g, which came as σ(2z), becomes tanh(z). */
    private void cells(int gateOffset, int before, int after) {
        float[] z = gates;
        float[] c = cell;
        int h = units;
        for (int sample = 0; sample < samples; sample++) {
            int gate = gateOffset + sample * 4 * h;
            int at = sample * h;
            for (int j = 0; j < h; j++) {
                float g = 2 * z[gate + 2 * h + j] - 1;
                z[gate + 2 * h + j] = g;
                c[after + at + j] = z[gate + h + j] * c[before + at + j] + z[gate + j] * g;
            }
        }
    }

    /** Hidden state {@code o·tanh(c)}. */
    private void hidden(int gateOffset, int from) {
        float[] z = gates;
        float[] tanh = squashed;
        int h = units;
        for (int sample = 0; sample < samples; sample++) {
            int output = gateOffset + sample * 4 * h + 3 * h;
            int at = sample * h;
            for (int j = 0; j < h; j++) hidden[at + j] = z[output + j] * tanh[from + at + j];
        }
    }

    @Override
    public void backward() {
        gradients.compute();
    }
}
