package io.tidemark.engine;

import io.tidemark.network.BoundLayer.Parameter;
import io.tidemark.network.Network;
import java.util.Map;

/**
 * Adam over one flat array of parameters (Kingma and Ba 2015; β₁ 0.9, β₂ 0.999, ε 1e-8, as PyTorch computes it): the same
 * update on every engine, with moments that can be saved. Owned by one thread.
 */
public final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final String FIRST = "optimizer/first/";
    private static final String SECOND = "optimizer/second/";

    private final double learningRate;
    private final float[] first;
    private final float[] second;
    private long step;

    public Adam(double learningRate, int parameters) {
        this.learningRate = learningRate;
        this.first = new float[parameters];
        this.second = new float[parameters];
    }

    /** Optimiser steps taken since the network was untrained. */
    public long step() {
        return step;
    }

    /**
     * Changes the parameters by one step against the gradient.
     *
     * @return false, with nothing changed, when a gradient is NaN or infinite
     */
    public boolean update(float[] parameters, float[] gradient) {
        float notFinite = 0;
        for (float g : gradient) notFinite += g * 0f;
        if (Float.isNaN(notFinite)) return false;
        step++;
        double correction1 = 1 - Math.pow(0.9, step);
        float scale2 = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
        float rate = (float) (learningRate / correction1);
        float[] m = first;
        float[] v = second;
        for (int i = 0; i < m.length; i++) {
            float g = gradient[i];
            float mi = BETA1 * m[i] + (1 - BETA1) * g;
            float vi = BETA2 * v[i] + (1 - BETA2) * g * g;
            m[i] = mi;
            v[i] = vi;
            parameters[i] -= rate * mi / ((float) Math.sqrt(vi) * scale2 + EPSILON);
        }
        return true;
    }

    /** Takes moments and step count from a state; absent moments are zero. */
    public void load(Network network, NetworkState state) {
        step = Counter.read(state, Counter.STEP);
        Weights.copyIn(network, state, FIRST, first, true);
        Weights.copyIn(network, state, SECOND, second, true);
    }

    /** Adds moments and step count to the tensors of a state. */
    public void save(Network network, Map<String, NetworkState.Tensor> tensors) {
        Weights.copyOut(network, FIRST, first, tensors);
        Weights.copyOut(network, SECOND, second, tensors);
        tensors.put(Counter.STEP, Counter.encode(step));
    }

    /** {@code param/1.dense/weight} under another prefix. */
    static String named(String prefix, Parameter parameter) {
        return prefix + parameter.name().substring("param/".length());
    }
}
