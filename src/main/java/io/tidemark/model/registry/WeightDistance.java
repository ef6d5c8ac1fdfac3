package io.tidemark.model.registry;

import io.tidemark.net.engine.NetworkState;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the weights of two versions lie apart: the Euclidean length of their difference over the root of the mean of their
 * squared lengths. 0 for equal weights, about 1.4 for unrelated ones of the same length, 2 for opposite ones.
 */
public final class WeightDistance {
    private WeightDistance() {}

    /** For each trained tensor that both have in the same shape. */
    public static Map<String, Double> between(NetworkState a, NetworkState b) {
        Map<String, Double> distances = new TreeMap<>();
        a.tensors().forEach((name, tensor) -> {
            if (comparable(name, tensor, b)) distances.put(name, relative(sums(tensor, b.tensor(name))));
        });
        return distances;
    }

    /** Over all tensors together; NaN when none can be compared. */
    public static double overall(NetworkState a, NetworkState b) {
        double[] all = new double[2];
        boolean any = false;
        for (Map.Entry<String, NetworkState.Tensor> entry : a.tensors().entrySet()) {
            if (!comparable(entry.getKey(), entry.getValue(), b)) continue;
            double[] sums = sums(entry.getValue(), b.tensor(entry.getKey()));
            all[0] += sums[0];
            all[1] += sums[1];
            any = true;
        }
        return any ? relative(all) : Double.NaN;
    }

    private static boolean comparable(String name, NetworkState.Tensor tensor, NetworkState other) {
        NetworkState.Tensor same = other.tensors().get(name);
        return name.startsWith("param/") && same != null && Arrays.equals(tensor.shape(), same.shape());
    }

    private static double[] sums(NetworkState.Tensor a, NetworkState.Tensor b) {
        double difference = 0;
        double lengths = 0;
        for (int i = 0; i < a.values().length; i++) {
            double x = a.values()[i];
            double y = b.values()[i];
            difference += (x - y) * (x - y);
            lengths += (x * x + y * y) / 2;
        }
        return new double[] {difference, lengths};
    }

    private static double relative(double[] sums) {
        return sums[0] == 0 ? 0 : Math.sqrt(sums[0] / sums[1]);
    }
}
