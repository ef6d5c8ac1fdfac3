package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Recurrence;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A recurrent layer of one state over a step-major sequence: one matrix product for the inputs of all steps, one for each step's
 * recurrence, and the {@link RecurrentCell} in Java between them.
 */
final class RecurrentStep implements TapeStep {
    private final RecurrentCell cell;
    private final boolean trains;
    private final int steps;
    private final int units;
    private final int samples;
    private final int rows;
    private final int states;
    private final Block inputSums;
    private final Block stateSums;
    private final Block hidden;
    private final INDArray x;
    private final INDArray pre;
    private final CustomOp bias;
    private final INDArray inputWeight;
    private final INDArray stateWeight;
    private final INDArray[] stateSumsAt;
    private final INDArray[] hiddenAt;
    private final float[] gates;
    private final float[] sums;

    /** States before the first step (zeros) and after each. */
    private final float[] state;

    private final RecurrentCell.Kept kept;

    private final Runnable backward;

    /** @param first whether nothing before it is trained */
    RecurrentStep(Tape tape, BoundLayer layer, Recurrence.Kind kind, TapeSlot in, TapeSlot out, boolean first) {
        cell = RecurrentCell.of(kind);
        trains = tape.trains();
        steps = in.places();
        samples = in.samples();
        units = out.features();
        rows = kind.gates() * units;
        states = units * samples;
        inputSums = tape.block((long) rows * steps);
        stateSums = tape.block((long) rows * steps);
        hidden = out.values();
        x = in.matrix();
        pre = inputSums.matrix(0, rows, steps * samples);
        bias = Products.addBias(inputSums.rows(0, steps * samples, rows), tape.vector(layer.parameter("bias")));
        inputWeight = tape.weight(layer.parameter("weight_ih"), in.features(), rows);
        stateWeight = tape.weight(layer.parameter("weight_hh"), units, rows);
        stateSumsAt = new INDArray[steps];
        hiddenAt = new INDArray[steps];
        for (int t = 0; t < steps; t++) {
            stateSumsAt[t] = stateSums.matrix((long) t * rows * samples, rows, samples);
            hiddenAt[t] = hidden.matrix((long) t * states, units, samples);
        }
        int stepsKept = trains ? steps : 1;
        gates = new float[stepsKept * rows * samples];
        sums = new float[stepsKept * rows * samples];
        state = new float[(stepsKept + 1) * states];
        kept = new RecurrentCell.Kept(gates, sums, state);
        backward = trains ? backward(tape, layer, in, out, first) : () -> {};
    }

    @Override
    public void forward() {
        Products.transposedTimes(inputWeight, x, pre);
        Nd4j.getExecutioner().exec(bias);
        int block = rows * samples;
        java.util.Arrays.fill(state, 0, states, 0f);
        for (int t = 0; t < steps; t++) {
            int at = trains ? t * block : 0;
            int before = trains ? t * states : 0;
            inputSums.get(gates, at, (long) t * block, block);
            if (t == 0) {
                java.util.Arrays.fill(sums, at, at + block, 0f);
            } else {
                Products.transposedTimes(stateWeight, hiddenAt[t - 1], stateSumsAt[t]);
                stateSums.get(sums, at, (long) t * block, block);
            }
            for (int s = 0; s < samples; s++) {
                int from = before + s * units;
                cell.forward(kept, at + s * rows, from, from + states, units);
            }
            hidden.put(state, before + states, (long) t * states, states);
            if (!trains) System.arraycopy(state, states, state, 0, states);
        }
    }

    private Runnable backward(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out, boolean first) {
        int block = rows * samples;
        float[] dInput = new float[block];
        float[] dState = new float[block];
        float[] slope = new float[states];
        RecurrentCell.Slopes slopes = new RecurrentCell.Slopes(slope, dInput, dState);
        float[] through = new float[states];
        Block dInputs = tape.block((long) rows * steps);
        Block dStates = tape.block((long) rows * steps);
        Block back = tape.block(units);
        INDArray backMatrix = back.matrix(0, units, samples);
        INDArray[] dStatesAt = new INDArray[steps];
        for (int t = 0; t < steps; t++) dStatesAt[t] = dStates.matrix((long) t * block, rows, samples);
        Block dHidden = out.trained();
        Runnable weights = weightGradients(tape, layer, in, out, dInputs, dStates, first);
        return () -> {
            java.util.Arrays.fill(through, 0f);
            java.util.Arrays.fill(slope, 0f);
            for (int t = steps - 1; t >= 0; t--) {
                float[] later = slope.clone();
                dHidden.get(slope, 0, (long) t * states, states);
                for (int i = 0; i < states; i++) slope[i] += later[i] + through[i];
                for (int s = 0; s < samples; s++) {
                    int at = t * block + s * rows;
                    cell.backward(kept, at, t * states + s * units, slopes, s * units, s * rows, units);
                }
                dInputs.put(dInput, 0, (long) t * block, block);
                dStates.put(dState, 0, (long) t * block, block);
                if (t == 0) break;
                Products.times(stateWeight, dStatesAt[t], backMatrix);
                back.get(through, 0, 0, states);
            }
            weights.run();
        };
    }

    private Runnable weightGradients(
            Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out, Block dInputs, Block dStates, boolean first) {
        INDArray dz = dInputs.matrix(0, rows, steps * samples);
        INDArray ones = tape.ones(steps * samples);
        INDArray dWeight = tape.weightGradient(layer.parameter("weight_ih"), in.features(), rows);
        INDArray dRecurrent = tape.weightGradient(layer.parameter("weight_hh"), units, rows);
        INDArray dBias = tape.weightGradient(layer.parameter("bias"), rows, 1);
        Runnable recurrent = () -> dRecurrent.assign(0f);
        if (steps > 1) {
            INDArray earlier = out.values().matrix(0, units, (steps - 1) * samples);
            INDArray later = dStates.matrix((long) rows * samples, rows, (steps - 1) * samples);
            recurrent = () -> Products.timesTransposed(earlier, later, dRecurrent);
        }
        Runnable state = recurrent;
        INDArray dx = first ? null : in.gradientMatrix();
        return () -> {
            Products.timesTransposed(x, dz, dWeight);
            Products.times(dz, ones, dBias);
            state.run();
            if (dx != null) Products.times(inputWeight, dz, dx);
        };
    }

    @Override
    public void backward() {
        backward.run();
    }
}
