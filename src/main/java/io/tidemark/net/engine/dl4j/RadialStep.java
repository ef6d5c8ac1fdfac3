package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** exp(−e^p·‖x − c‖² / in) for each unit of every column, in Java. */
final class RadialStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer layer;
    private final TapeSlot in;
    private final TapeSlot out;
    private final int inputs;
    private final int units;
    private final float[] centres;
    private final float[] logPrecisions;
    private final float[] x;
    private final float[] z;

    RadialStep(Tape tape, BoundLayer layer, TapeSlot in, TapeSlot out) {
        this.tape = tape;
        this.layer = layer;
        this.in = in;
        this.out = out;
        this.inputs = in.features();
        this.units = out.features();
        this.centres = new float[units * inputs];
        this.logPrecisions = new float[units];
        this.x = new float[in.length()];
        this.z = new float[out.length()];
    }

    private double scale(int unit) {
        return Math.exp(logPrecisions[unit]) / inputs;
    }

    @Override
    public void forward() {
        in.values().get(x, 0, 0, x.length);
        Parameters parameters = tape.parameters();
        parameters.read(layer, "centre", centres);
        parameters.read(layer, "log_precision", logPrecisions);
        for (int i = 0; i < z.length; i++) {
            int unit = i % units;
            z[i] = (float) Math.exp(-scale(unit) * squares(i / units * inputs, unit * inputs));
        }
        out.values().put(z, 0, 0, z.length);
    }

    private float squares(int at, int centre) {
        float sum = 0;
        for (int k = 0; k < inputs; k++) {
            float d = x[at + k] - centres[centre + k];
            sum += d * d;
        }
        return sum;
    }

    @Override
    public void backward() {
        float[] slopes = new float[z.length];
        out.trained().get(slopes, 0, 0, slopes.length);
        float[] dx = new float[x.length];
        float[] dCentres = new float[centres.length];
        float[] dLog = new float[units];
        for (int i = 0; i < z.length; i++) {
            int unit = i % units;
            int at = i / units * inputs;
            int centre = unit * inputs;
            double along = slopes[i] * z[i] * scale(unit);
            dLog[unit] -= (float) (along * squares(at, centre));
            float twice = (float) (2 * along);
            for (int k = 0; k < inputs; k++) {
                float d = twice * (x[at + k] - centres[centre + k]);
                dx[at + k] -= d;
                dCentres[centre + k] += d;
            }
        }
        in.trained().put(dx, 0, 0, dx.length);
        Parameters parameters = tape.parameters();
        parameters.teach(layer, "centre", dCentres);
        parameters.teach(layer, "log_precision", dLog);
    }
}
