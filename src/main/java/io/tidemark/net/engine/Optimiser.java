package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import io.tidemark.net.network.OptimiserSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A network's optimiser over one flat array of parameters: the same step on every engine, with a state that can be saved. It
 * clips and regularises the gradient first and keeps to the largest norm afterwards. Owned by one thread.
 */
public final class Optimiser {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final float ADAGRAD_EPSILON = 1e-10f;
    private static final String FIRST = "optimizer/first/";
    private static final String SECOND = "optimizer/second/";
    private static final String VELOCITY = "optimizer/velocity/";
    private static final String SQUARES = "optimizer/squares/";
    private static final String MEAN_SQUARE = "optimizer/mean-square/";

    private final Rule rule;
    private final Shrinkage shrinkage;
    private final Map<String, float[]> state = new LinkedHashMap<>();
    private final float[] one;
    private final float[] other;
    private Frozen frozen = Frozen.NONE;
    private double learningRate;
    private long step;

    /** An optimiser that starts at the network's own learning rate. */
    public Optimiser(Network network) {
        this.learningRate = network.training().optimisation().learningRate();
        this.shrinkage = new Shrinkage(network);
        int parameters = Math.toIntExact(network.parameterCount());
        this.rule = network.training().optimisation().optimiser().match(new Rules(parameters));
        float[][] arrays = state.values().toArray(new float[0][]);
        one = arrays.length > 0 ? arrays[0] : new float[0];
        other = arrays.length > 1 ? arrays[1] : new float[0];
    }

    /** Optimiser steps taken since the network was untrained. */
    public long step() {
        return step;
    }

    /**
     * Sets the rate of the steps that follow.
     *
     * @throws IllegalArgumentException outside [0, 1]
     */
    public void learningRate(double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("the learning rate must be in [0, 1], but was " + rate);
        }
        learningRate = rate;
    }

    /**
     * Holds parameters at their values in the steps that follow: these and no others. Their gradients count in the state, and in the
     * norm that a gradient is clipped by, as before.
     *
     * @throws EngineException when the network has no parameter of a name; nothing is changed then
     */
    public void freeze(Network network, Set<String> names) {
        frozen = Frozen.of(network, names);
    }

    /**
     * Changes the parameters by one step against the gradient, which is changed too.
     *
     * @return false, with no parameter changed, when a gradient is NaN or infinite
     */
    public boolean update(float[] parameters, float[] gradient) {
        float notFinite = 0;
        for (float g : gradient) notFinite += g * 0f;
        if (Float.isNaN(notFinite)) return false;
        step++;
        frozen.keep(parameters);
        shrinkage.gradient(parameters, gradient);
        rule.step(parameters, gradient);
        shrinkage.norms(parameters);
        frozen.putBack(parameters);
        return true;
    }

    /** Changes parameters by one step against a gradient. */
    private interface Rule {
        void step(float[] parameters, float[] gradient);
    }

    /** The rule of each optimiser, with the arrays of state that it needs. */
    private final class Rules implements OptimiserSpec.Cases<Rule> {
        private final int parameters;

        Rules(int parameters) {
            this.parameters = parameters;
        }

        private void keep(String name) {
            state.put(name, new float[parameters]);
        }

        @Override
        public Rule sgd(OptimiserSpec.Sgd sgd) {
            return Optimiser.this::descend;
        }

        @Override
        public Rule momentum(OptimiserSpec.Momentum momentum) {
            keep(VELOCITY);
            return (p, g) -> Optimiser.this.momentum(p, g, momentum);
        }

        @Override
        public Rule adaGrad(OptimiserSpec.AdaGrad adaGrad) {
            keep(SQUARES);
            return Optimiser.this::adaGrad;
        }

        @Override
        public Rule rmsProp(OptimiserSpec.RmsProp rmsProp) {
            keep(MEAN_SQUARE);
            return (p, g) -> Optimiser.this.rmsProp(p, g, (float) rmsProp.decay());
        }

        @Override
        public Rule adam(OptimiserSpec.Adam adam) {
            keep(FIRST);
            keep(SECOND);
            return (p, g) -> Optimiser.this.adam(p, g, adam.weightDecay());
        }
    }

    private void adam(float[] parameters, float[] gradient, double weightDecay) {
        if (weightDecay > 0) shrinkage.scaleWeights(parameters, (float) (1 - learningRate * weightDecay));
        double correction1 = 1 - Math.pow(0.9, step);
        float scale2 = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
        float rate = (float) (learningRate / correction1);
        float[] m = one;
        float[] v = other;
        for (int i = 0; i < m.length; i++) {
            float g = gradient[i];
            float mi = BETA1 * m[i] + (1 - BETA1) * g;
            float vi = BETA2 * v[i] + (1 - BETA2) * g * g;
            m[i] = mi;
            v[i] = vi;
            parameters[i] -= rate * mi / ((float) Math.sqrt(vi) * scale2 + EPSILON);
        }
    }

    private void momentum(float[] parameters, float[] gradient, OptimiserSpec.Momentum settings) {
        float rate = (float) learningRate;
        float mu = (float) settings.momentum();
        boolean nesterov = settings.nesterov();
        float[] v = one;
        for (int i = 0; i < v.length; i++) {
            float vi = mu * v[i] + gradient[i];
            v[i] = vi;
            parameters[i] -= rate * (nesterov ? gradient[i] + mu * vi : vi);
        }
    }

    private void adaGrad(float[] parameters, float[] gradient) {
        float rate = (float) learningRate;
        float[] s = one;
        for (int i = 0; i < s.length; i++) {
            float g = gradient[i];
            s[i] += g * g;
            parameters[i] -= rate * g / ((float) Math.sqrt(s[i]) + ADAGRAD_EPSILON);
        }
    }

    private void rmsProp(float[] parameters, float[] gradient, float decay) {
        float rate = (float) learningRate;
        float[] s = one;
        for (int i = 0; i < s.length; i++) {
            float g = gradient[i];
            s[i] = decay * s[i] + (1 - decay) * g * g;
            parameters[i] -= rate * g / ((float) Math.sqrt(s[i]) + EPSILON);
        }
    }

    private void descend(float[] parameters, float[] gradient) {
        float rate = (float) learningRate;
        for (int i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
    }

    /** Takes state and step count from a network's state; what is absent, such as the state of another optimiser, is zero. */
    public void load(Network network, NetworkState from) {
        step = Counter.read(from, Counter.STEP);
        state.forEach((prefix, values) -> Weights.copyIn(network, from, prefix, values, true));
    }

    /** Adds state and step count to the tensors of a network's state. */
    public void save(Network network, Map<String, NetworkState.Tensor> tensors) {
        state.forEach((prefix, values) -> Weights.copyOut(network, prefix, values, tensors));
        tensors.put(Counter.STEP, Counter.encode(step));
    }
}
