package io.tidemark.role.learner;

import io.tidemark.net.engine.NetworkState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Two states of one network, value by value. */
final class Comparison {
    private final int tensors;
    private long values;
    private long differing;
    private String tensor = "";
    private int index;
    private float first = Float.NaN;
    private float second = Float.NaN;

    private Comparison(int tensors) {
        this.tensors = tensors;
    }

    /** @param tolerance 0 compares bits, so that NaN equals NaN and 0 does not equal -0 */
    static Comparison of(NetworkState published, NetworkState replayed, float tolerance) {
        Comparison comparison = new Comparison(published.tensors().size());
        for (Map.Entry<String, NetworkState.Tensor> entry : published.tensors().entrySet()) {
            NetworkState.Tensor other = replayed.tensors().get(entry.getKey());
            NetworkState.Tensor own = entry.getValue();
            if (other == null || !Arrays.equals(own.shape(), other.shape())) {
                comparison.differs(entry.getKey(), 0, own.values()[0], Float.NaN);
                continue;
            }
            for (int i = 0; i < own.values().length; i++) {
                comparison.values++;
                if (!same(own.values()[i], other.values()[i], tolerance)) {
                    comparison.differs(entry.getKey(), i, own.values()[i], other.values()[i]);
                }
            }
        }
        return comparison;
    }

    private static boolean same(float a, float b, float tolerance) {
        if (Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b)) return true;
        return tolerance > 0 && Math.abs(a - b) <= tolerance;
    }

    private void differs(String name, int at, float published, float replayed) {
        if (differing++ > 0) return;
        tensor = name;
        index = at;
        first = published;
        second = replayed;
    }

    Reproduction.Result result(long records, long rows, List<String> notes) {
        if (differing == 0) return new Reproduction.Same(tensors, values, records, rows);
        return new Reproduction.Parted(tensor, index, first, second, differing, notes);
    }
}
