package io.tidemark.series.window;

import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import org.jspecify.annotations.Nullable;

/** Room in which the pipelines of one stream work, one after the other: what is in it means nothing between two calls. Owned by one thread. */
public final class WindowScratch {
    /** The step that closes. */
    final Step step = new Step();
    /** A step of which nothing came. */
    final Step filled = new Step();

    final Wire wire = Wire.writer(1024);
    /** {@code [row, feature]}, scaled, oldest first. */
    final float[] window;
    /** The newest row, {@code [feature]}. */
    final double[] row;
    /** The frame of the step that closes; null for rows. */
    @Nullable
    Frame frame;

    public WindowScratch(WindowPlan plan) {
        step.features(plan.features);
        filled.features(plan.features);
        window = new float[plan.context * plan.features];
        row = new double[plan.features];
    }
}
