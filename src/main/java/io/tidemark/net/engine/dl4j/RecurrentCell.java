package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Recurrence;

/**
 * One unit of a recurrent layer at one step, as arithmetic over the gates of one sample: {@code [gates·units]}, gate after gate. What
 * enters comes in two sums, that of the step's input with the bias and that of the state before.
 */
interface RecurrentCell {
    /**
     * What a pass forward leaves for the way back.
     *
     * @param gates the sums of the input; then the gates, squashed
     * @param sums the sums of the state before
     * @param states the states before and after
     */
    record Kept(float[] gates, float[] sums, float[] states) {}

    /**
     * What the way back computes.
     *
     * @param states the slope of each state; then that of the state before but for what came through its sums
     * @param inputSums of the input's sums
     * @param stateSums of the state's sums
     */
    record Slopes(float[] states, float[] inputSums, float[] stateSums) {}

    /**
     * Turns sums into the next state.
     *
     * @param at where gates and sums lie
     * @param before where the state before lies
     * @param after where the next state goes
     */
    void forward(Kept kept, int at, int before, int after, int units);

    /**
     * Turns the slope of the state into those of the sums.
     *
     * @param to where the slope of the state lies
     * @param gateTo where the slopes of the sums go
     */
    void backward(Kept kept, int at, int before, Slopes slopes, int to, int gateTo, int units);

    static RecurrentCell of(Recurrence.Kind kind) {
        return switch (kind) {
            case GRU -> new Gru();
            case SIMPLE -> new Simple();
        };
    }

    /** Gates r, z and n. */
    final class Gru implements RecurrentCell {
        @Override
        public void forward(Kept kept, int at, int before, int after, int units) {
            float[] gates = kept.gates();
            float[] sums = kept.sums();
            float[] states = kept.states();
            for (int j = 0; j < units; j++) {
                float r = Gates.sigmoid(gates[at + j] + sums[at + j]);
                float z = Gates.sigmoid(gates[at + units + j] + sums[at + units + j]);
                float n = Gates.tanh(gates[at + 2 * units + j] + r * sums[at + 2 * units + j]);
                gates[at + j] = r;
                gates[at + units + j] = z;
                gates[at + 2 * units + j] = n;
                states[after + j] = (1 - z) * n + z * states[before + j];
            }
        }

        @Override
        public void backward(Kept kept, int at, int before, Slopes slopes, int to, int gateTo, int units) {
            float[] gates = kept.gates();
            float[] sums = kept.sums();
            float[] states = kept.states();
            float[] slope = slopes.states();
            float[] dInput = slopes.inputSums();
            float[] dState = slopes.stateSums();
            for (int j = 0; j < units; j++) {
                float r = gates[at + j];
                float z = gates[at + units + j];
                float n = gates[at + 2 * units + j];
                float dh = slope[to + j];
                float dn = dh * (1 - z) * (1 - n * n);
                float dz = dh * (states[before + j] - n) * z * (1 - z);
                float dr = dn * sums[at + 2 * units + j] * r * (1 - r);
                dInput[gateTo + j] = dr;
                dInput[gateTo + units + j] = dz;
                dInput[gateTo + 2 * units + j] = dn;
                dState[gateTo + j] = dr;
                dState[gateTo + units + j] = dz;
                dState[gateTo + 2 * units + j] = dn * r;
                slope[to + j] = dh * z;
            }
        }
    }

    /** The state is tanh of both sums. */
    final class Simple implements RecurrentCell {
        @Override
        public void forward(Kept kept, int at, int before, int after, int units) {
            float[] gates = kept.gates();
            for (int j = 0; j < units; j++) {
                float h = Gates.tanh(gates[at + j] + kept.sums()[at + j]);
                gates[at + j] = h;
                kept.states()[after + j] = h;
            }
        }

        @Override
        public void backward(Kept kept, int at, int before, Slopes slopes, int to, int gateTo, int units) {
            float[] gates = kept.gates();
            for (int j = 0; j < units; j++) {
                float d = slopes.states()[to + j] * (1 - gates[at + j] * gates[at + j]);
                slopes.inputSums()[gateTo + j] = d;
                slopes.stateSums()[gateTo + j] = d;
                slopes.states()[to + j] = 0;
            }
        }
    }
}
