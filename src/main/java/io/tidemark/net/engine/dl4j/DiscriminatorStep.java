package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/** Tells reconstructions from clean samples and learns to, in Java; see {@link io.tidemark.net.network.Discriminator}. */
final class DiscriminatorStep implements TapeStep {
    private final Tape tape;
    private final BoundLayer layer;
    private final float share;
    private final TapeSlot in;
    private final TapeSlot mark;
    private final TapeSlot out;
    private final int size;
    private final int units;
    private final float[] weight;
    private final float[] bias;
    private final float[] judge;
    private final float[] judgeBias = new float[1];
    private final float[] told;
    private final float[] clean;
    /** Features of the reconstructions and of the clean samples, {@code [sample, unit]}. */
    private final float[] made;

    private final float[] real;

    /** @param share what the distance of the features counts beside a value's error */
    DiscriminatorStep(Tape tape, BoundLayer layer, double share, TapeSlot in, TapeSlot mark, TapeSlot out) {
        this.tape = tape;
        this.layer = layer;
        this.share = (float) share;
        this.in = in;
        this.mark = mark;
        this.out = out;
        this.size = layer.inputSize();
        this.units = layer.parameter("bias").size();
        this.weight = new float[units * size];
        this.bias = new float[units];
        this.judge = new float[units];
        this.told = new float[in.length()];
        this.clean = new float[in.length()];
        this.made = new float[in.samples() * units];
        this.real = new float[made.length];
    }

    @Override
    public void forward() {
        in.values().get(told, 0, 0, told.length);
        mark.values().get(clean, 0, 0, clean.length);
        tape.parameters().read(layer, "weight", weight);
        tape.parameters().read(layer, "bias", bias);
        tape.parameters().read(layer, "judge_weight", judge);
        tape.parameters().read(layer, "judge_bias", judgeBias);
        features(told, made);
        features(clean, real);
        if (!tape.trains()) moveAway();
        out.values().put(told, 0, 0, told.length);
    }

    private void features(float[] values, float[] into) {
        for (int i = 0; i < into.length; i++) {
            int unit = i % units;
            int at = i / units * size;
            float sum = bias[unit];
            for (int v = 0; v < size; v++) sum += weight[unit * size + v] * values[at + v];
            into[i] = (float) Math.tanh(sum);
        }
    }

    private void moveAway() {
        for (int sample = 0; sample < in.samples(); sample++) {
            float distance = 0;
            for (int i = sample * units; i < (sample + 1) * units; i++) distance += Math.abs(real[i] - made[i]);
            float by = share * distance / units;
            for (int i = sample * size; i < (sample + 1) * size; i++) told[i] += Math.signum(told[i] - clean[i]) * by;
        }
    }

    @Override
    public void backward() {
        float[] slopes = new float[told.length];
        out.trained().get(slopes, 0, 0, slopes.length);
        Learnt learnt = new Learnt();
        for (int sample = 0; sample < in.samples(); sample++) {
            learnt.teach(clean, real, sample, true);
            learnt.teach(told, made, sample, false);
            match(sample, slopes);
        }
        in.trained().put(slopes, 0, 0, slopes.length);
        tape.parameters().teach(layer, "weight", learnt.dWeight);
        tape.parameters().teach(layer, "bias", learnt.dBias);
        tape.parameters().teach(layer, "judge_weight", learnt.dJudge);
        tape.parameters().teach(layer, "judge_bias", learnt.dJudgeBias);
    }

    /** Adds the slope of the matched features by a sample's reconstruction. */
    private void match(int sample, float[] slopes) {
        float scale = 2 * share / (units * in.samples());
        for (int unit = 0; unit < units; unit++) {
            int i = sample * units + unit;
            float slope = scale * (made[i] - real[i]) * (1 - made[i] * made[i]);
            for (int v = 0; v < size; v++) slopes[sample * size + v] += slope * weight[unit * size + v];
        }
    }

    /** Slopes of the cross entropy by the layer's own tensors. */
    private final class Learnt {
        final float[] dWeight = new float[weight.length];
        final float[] dBias = new float[units];
        final float[] dJudge = new float[units];
        final float[] dJudgeBias = new float[1];

        void teach(float[] values, float[] features, int sample, boolean isReal) {
            double logit = judgeBias[0];
            for (int unit = 0; unit < units; unit++) logit += judge[unit] * features[sample * units + unit];
            double probability = 1 / (1 + Math.exp(-logit));
            float slope = (float) ((isReal ? probability - 1 : probability) / in.samples());
            dJudgeBias[0] += slope;
            for (int unit = 0; unit < units; unit++) {
                float feature = features[sample * units + unit];
                dJudge[unit] += slope * feature;
                float inner = slope * judge[unit] * (1 - feature * feature);
                dBias[unit] += inner;
                for (int v = 0; v < size; v++) dWeight[unit * size + v] += inner * values[sample * size + v];
            }
        }
    }
}
