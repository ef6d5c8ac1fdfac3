package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Recurrence;

/**
 * One unit of a recurrent layer at one step, as arithmetic over the gates of one sample: {@code [gates·units]}, gate after gate. What
 * enters comes in two sums, that of the step's input with the bias and that of the state before.
 */
interface RecurrentCell {
    /**
     * Turns sums into the next state.
     *
     * @param gates holds the sums of the input from {@code at}; receives the gates, squashed
     * @param sums holds the sums of the state before, from {@code at}
     * @param states holds the state before, from {@code before}; receives the next, from {@code after}
     */
    void forward(float[] gates, float[] sums, int at, float[] states, int before, int after, int units);

    /**
     * Turns the slope of the state into those of the sums.
     *
     * @param slope the slope of each state, from {@code to}; receives that of the state before but for what came through its sums
     * @param dInput receives the slopes of the input's sums, from {@code gateTo}
     * @param dState receives the slopes of the state's sums, from {@code gateTo}
     */
    void backward(
            float[] gates,
            float[] sums,
            int at,
            float[] states,
            int before,
            float[] slope,
            int to,
            float[] dInput,
            float[] dState,
            int gateTo,
            int units);

    static RecurrentCell of(Recurrence.Kind kind) {
        return switch (kind) {
            case GRU -> new Gru();
            case SIMPLE -> new Simple();
        };
    }

    /** Gates r, z and n. */
    final class Gru implements RecurrentCell {
        @Override
        public void forward(float[] gates, float[] sums, int at, float[] states, int before, int after, int units) {
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
        public void backward(
                float[] gates,
                float[] sums,
                int at,
                float[] states,
                int before,
                float[] slope,
                int to,
                float[] dInput,
                float[] dState,
                int gateTo,
                int units) {
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
        public void forward(float[] gates, float[] sums, int at, float[] states, int before, int after, int units) {
            for (int j = 0; j < units; j++) {
                float h = Gates.tanh(gates[at + j] + sums[at + j]);
                gates[at + j] = h;
                states[after + j] = h;
            }
        }

        @Override
        public void backward(
                float[] gates,
                float[] sums,
                int at,
                float[] states,
                int before,
                float[] slope,
                int to,
                float[] dInput,
                float[] dState,
                int gateTo,
                int units) {
            for (int j = 0; j < units; j++) {
                float d = slope[to + j] * (1 - gates[at + j] * gates[at + j]);
                dInput[gateTo + j] = d;
                dState[gateTo + j] = d;
                slope[to + j] = 0;
            }
        }
    }
}
