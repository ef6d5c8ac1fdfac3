package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Discriminator;

/** The PyTorch operations of {@link Discriminator}. */
record DiscriminatorTranslation(BoundLayer bound, Discriminator layer) {
    private String name(String suffix) {
        return bound.parameter(suffix).name();
    }

    private static NDArray linear(NDArray values, NDArray weight, NDArray bias) {
        return values.getNDArrayInternal().linear(values, weight, bias).get(0);
    }

    private NDArray flat(Batch batch, NDArray values) {
        return values.reshape(batch.samples(), bound.inputSize());
    }

    /** Two terms; whom one of them must not move stands in it as a constant. */
    Operation whileTraining() {
        return (batch, x) -> {
            NDArray told = flat(batch, x);
            NDArray clean = flat(batch, batch.marked(layer.from())).stopGradient();
            NDArray weight = batch.parameter(name("weight"));
            NDArray bias = batch.parameter(name("bias"));
            NDArray judge = batch.parameter(name("judge_weight"));
            NDArray judgeBias = batch.parameter(name("judge_bias"));
            NDArray real = linear(linear(clean, weight, bias).tanh(), judge, judgeBias);
            NDArray made = linear(linear(told.stopGradient(), weight, bias).tanh(), judge, judgeBias);
            batch.terms()
                    .add(Activation.softPlus(real.neg())
                            .mean()
                            .add(Activation.softPlus(made).mean()));
            NDArray fixed = weight.stopGradient();
            NDArray fixedBias = bias.stopGradient();
            NDArray apart = linear(clean, fixed, fixedBias)
                    .tanh()
                    .sub(linear(told, fixed, fixedBias).tanh());
            batch.terms().add(apart.square().mean().mul(layer.weight()));
            return x;
        };
    }

    Operation whileScoring() {
        return (batch, x) -> {
            NDArray told = flat(batch, x);
            NDArray clean = flat(batch, batch.marked(layer.from()));
            NDArray weight = batch.parameter(name("weight"));
            NDArray bias = batch.parameter(name("bias"));
            NDArray apart = linear(clean, weight, bias)
                    .tanh()
                    .sub(linear(told, weight, bias).tanh());
            NDArray distance = apart.abs().mean(new int[] {1}, true).mul(layer.weight());
            return told.add(told.sub(clean).sign().mul(distance)).reshape(x.getShape());
        };
    }
}
