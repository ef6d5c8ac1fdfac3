package io.tidemark.learn.learning;

import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.List;

/** The training loss since the last version, as means of equal stretches of steps; when full, neighbours are joined. */
final class LossCurve {
    static final int POINTS_MAX = 64;

    private final List<Float> points = new ArrayList<>();
    private int stretch = 1;
    private int steps;
    private double sum;

    void add(float loss) {
        sum += loss;
        if (++steps < stretch) return;
        points.add((float) (sum / steps));
        steps = 0;
        sum = 0;
        if (points.size() < POINTS_MAX) return;
        for (int i = 0; i < POINTS_MAX / 2; i++) points.set(i, (points.get(2 * i) + points.get(2 * i + 1)) / 2);
        points.subList(POINTS_MAX / 2, POINTS_MAX).clear();
        stretch *= 2;
    }

    List<Float> points() {
        List<Float> all = new ArrayList<>(points);
        if (steps > 0) all.add((float) (sum / steps));
        return List.copyOf(all);
    }

    void clear() {
        points.clear();
        stretch = 1;
        steps = 0;
        sum = 0;
    }

    void copy(LossCurve other) {
        clear();
        points.addAll(other.points);
        stretch = other.stretch;
        steps = other.steps;
        sum = other.sum;
    }

    void write(Wire wire) {
        wire.i32(stretch).i32(steps).f64(sum).u8(points.size());
        for (float point : points) wire.f32(point);
    }

    void read(Wire wire) {
        clear();
        stretch = wire.i32();
        steps = wire.i32();
        sum = wire.f64();
        for (int left = wire.u8(); left > 0; left--) points.add(wire.f32());
    }
}
