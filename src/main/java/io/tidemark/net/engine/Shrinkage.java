package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Regularisation;
import java.util.ArrayList;
import java.util.List;

/** Applies a network's {@link Regularisation} to its flat gradient before a step, and to its flat parameters after it. */
final class Shrinkage {
    private final Regularisation settings;
    private final List<Span> weights = new ArrayList<>();

    /** @param rows units that the weights lead into, one row of weights each */
    private record Span(int from, int to, int rows) {}

    Shrinkage(Network network) {
        settings = network.training().regularisation();
        int at = 0;
        for (Parameter parameter : network.parameters()) {
            int size = parameter.size();
            if (parameter.isWeight())
                weights.add(new Span(at, at + size, parameter.shape()[0]));
            at += size;
        }
    }

    /** Clips the gradient as a whole, then adds the slopes of l1 and l2. */
    void gradient(float[] parameters, float[] gradient) {
        if (settings.clipNorm() > 0) clip(gradient, settings.clipNorm());
        if (settings.l1() == 0 && settings.l2() == 0) return;
        float l1 = (float) settings.l1();
        float l2 = (float) settings.l2();
        for (Span span : weights) {
            for (int i = span.from(); i < span.to(); i++) {
                gradient[i] += l1 * Math.signum(parameters[i]) + l2 * parameters[i];
            }
        }
    }

    private static void clip(float[] values, double most) {
        double norm = norm(values, 0, values.length);
        if (norm <= most) return;
        float scale = (float) (most / norm);
        for (int i = 0; i < values.length; i++) values[i] *= scale;
    }

    private static double norm(float[] values, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) squares += (double) values[i] * values[i];
        return Math.sqrt(squares);
    }

    void scaleWeights(float[] parameters, float scale) {
        for (Span span : weights) {
            for (int i = span.from(); i < span.to(); i++) parameters[i] *= scale;
        }
    }

    /** Scales the weights into a unit down to the largest norm. */
    void norms(float[] parameters) {
        double most = settings.maxNorm();
        if (most == 0) return;
        for (Span span : weights) {
            int row = (span.to() - span.from()) / span.rows();
            for (int from = span.from(); from < span.to(); from += row) {
                double norm = norm(parameters, from, from + row);
                if (norm <= most) continue;
                float scale = (float) (most / norm);
                for (int i = from; i < from + row; i++) parameters[i] *= scale;
            }
        }
    }
}
