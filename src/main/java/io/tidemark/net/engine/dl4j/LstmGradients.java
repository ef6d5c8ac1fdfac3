package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Back-propagation through time for {@link LstmStep}, from the gates and cells that its forward pass kept. */
interface LstmGradients {
    /** For scoring. */
    LstmGradients NONE = () -> {};

    void compute();

    /** One pass from the last step to the first. */
    final class ThroughTime implements LstmGradients {
        private final int steps;
        private final int units;
        private final int samples;
        private final int cells;
        private final float[] gates;
        private final float[] cell;
        private final float[] squashed;
        private final float[] dGates;
        private final float[] dHidden;
        private final float[] dFromNext;
        private final float[] dCell;
        private final Block gradientOut;
        private final Block preGradient;
        private final Block fromNext;
        private final int[] place;
        private final INDArray[] preGradientAt;
        private final INDArray fromNextMatrix;
        private final INDArray recurrentWeight;
        private final Runnable weightGradients;

        ThroughTime(
                LstmPlace at,
                INDArray inputWeight,
                INDArray recurrentWeight,
                float[] gates,
                float[] cell,
                float[] squashed) {
            this.steps = at.in().places();
            this.samples = at.in().samples();
            this.units = at.out().features();
            this.cells = units * samples;
            this.gates = gates;
            this.cell = cell;
            this.squashed = squashed;
            this.recurrentWeight = recurrentWeight;
            dGates = new float[4 * cells];
            dHidden = new float[cells];
            dFromNext = new float[cells];
            dCell = new float[cells];
            gradientOut = at.out().trained();
            preGradient = at.tape().block((long) 4 * units * steps);
            fromNext = at.tape().block(units);
            fromNextMatrix = fromNext.matrix(0, units, samples);
            place = new int[steps];
            preGradientAt = new INDArray[steps];
            for (int t = 0; t < steps; t++) {
                place[t] = at.direction().at(t, steps);
                preGradientAt[t] = preGradient.matrix((long) place[t] * 4 * cells, 4 * units, samples);
            }
            weightGradients = weightGradients(at, inputWeight);
        }

        private Runnable weightGradients(LstmPlace at, INDArray inputWeight) {
            Tape tape = at.tape();
            BoundLayer layer = at.layer();
            TapeSlot in = at.in();
            LstmDirection direction = at.direction();
            String prefix = direction.prefix();
            INDArray dz = preGradient.matrix(0, 4 * units, steps * samples);
            INDArray x = in.matrix();
            INDArray ones = tape.ones(steps * samples);
            INDArray dInput = tape.weightGradient(layer.parameter(prefix + "weight_ih"), in.features(), 4 * units);
            INDArray dRecurrent = tape.weightGradient(layer.parameter(prefix + "weight_hh"), units, 4 * units);
            INDArray dBias = tape.weightGradient(layer.parameter(prefix + "bias"), 4 * units, 1);
            Runnable recurrent = () -> dRecurrent.assign(0f);
            if (steps > 1) {
                int before = direction.reversed() ? 1 : 0;
                int columns = (steps - 1) * samples;
                INDArray earlier = at.out().values().matrix((long) before * cells, units, columns);
                INDArray later = preGradient.matrix((1L - before) * 4 * cells, 4 * units, columns);
                recurrent = () -> Products.timesTransposed(earlier, later, dRecurrent);
            }
            Runnable recurrentGradient = recurrent;
            Runnable input = () -> {};
            if (!at.first()) {
                INDArray dx = in.gradientMatrix();
                input = direction.adds()
                        ? () -> Products.addTimes(inputWeight, dz, dx)
                        : () -> Products.times(inputWeight, dz, dx);
            }
            Runnable inputGradient = input;
            return () -> {
                Products.timesTransposed(x, dz, dInput);
                recurrentGradient.run();
                Products.times(dz, ones, dBias);
                inputGradient.run();
            };
        }

        @Override
        public void compute() {
            java.util.Arrays.fill(dFromNext, 0f);
            java.util.Arrays.fill(dCell, 0f);
            for (int t = steps - 1; t >= 0; t--) {
                gradientOut.get(dHidden, 0, (long) place[t] * cells, cells);
                for (int i = 0; i < cells; i++) dHidden[i] += dFromNext[i];
                for (int sample = 0; sample < samples; sample++) through(t, sample);
                preGradient.put(dGates, 0, (long) place[t] * 4 * cells, 4 * cells);
                if (t > 0) {
                    Products.times(recurrentWeight, preGradientAt[t], fromNextMatrix);
                    fromNext.get(dFromNext, 0, 0, cells);
                }
            }
            weightGradients.run();
        }

        private void through(int t, int sample) {
            int h = units;
            int gate = t * 4 * cells + sample * 4 * h;
            int before = t * cells + sample * h;
            int at = sample * h;
            int to = sample * 4 * h;
            for (int j = 0; j < h; j++) {
                float i = gates[gate + j];
                float f = gates[gate + h + j];
                float g = gates[gate + 2 * h + j];
                float o = gates[gate + 3 * h + j];
                float tanh = squashed[before + j];
                float dh = dHidden[at + j];
                float dc = dCell[at + j] + dh * o * (1 - tanh * tanh);
                dGates[to + j] = dc * g * i * (1 - i);
                dGates[to + h + j] = dc * cell[before + j] * f * (1 - f);
                dGates[to + 2 * h + j] = dc * i * (1 - g * g);
                dGates[to + 3 * h + j] = dh * tanh * o * (1 - o);
                dCell[at + j] = dc * f;
            }
        }
    }
}
