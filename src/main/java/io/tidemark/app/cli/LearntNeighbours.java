package io.tidemark.app.cli;

import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Attention;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import io.tidemark.series.table.CellWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which features a network with {@link Attention.GraphAttention} on its window has learnt to look at. */
final class LearntNeighbours {
    private LearntNeighbours() {}

    /**
     * One feature that another looks at.
     *
     * @param cosine between their vectors; in [-1, 1]
     */
    record Edge(String feature, String neighbour, double cosine) {}

    /**
     * The edges of every feature, its nearest first; empty for a network without such a layer.
     *
     * @param columns names of the features
     */
    static List<Edge> of(Network network, NetworkState state, List<String> columns) {
        BoundLayer first = network.layers().get(0);
        List<Edge> edges = new ArrayList<>();
        if (!(first.layer() instanceof Attention.GraphAttention graph)) return edges;
        float[] embedding = state.tensor(first.parameter("embedding").name()).values();
        int units = embedding.length / columns.size();
        for (int i = 0; i < columns.size(); i++) {
            List<Edge> others = new ArrayList<>();
            for (int j = 0; j < columns.size(); j++) {
                double cosine = product(embedding, units, i, j)
                        / Math.sqrt(product(embedding, units, i, i) * product(embedding, units, j, j));
                if (j != i) others.add(new Edge(columns.get(i), columns.get(j), cosine));
            }
            others.sort(Comparator.comparingDouble(Edge::cosine).reversed());
            edges.addAll(others.subList(0, Math.min(graph.neighbours(), others.size())));
        }
        return edges;
    }

    private static double product(float[] embedding, int units, int one, int other) {
        double sum = 0;
        for (int u = 0; u < units; u++) sum += (double) embedding[one * units + u] * embedding[other * units + u];
        return sum;
    }

    /** Writes {@code feature,neighbour,cosine}. */
    static void write(Path file, List<Edge> edges) throws IOException {
        try (CellWriter csv = new CellWriter(Files.newBufferedWriter(file))) {
            csv.row(List.of("feature", "neighbour", "cosine"));
            for (Edge edge : edges) {
                String cosine = String.format(Locale.ROOT, "%.4f", edge.cosine());
                csv.row(List.of(edge.feature(), edge.neighbour(), cosine));
            }
        }
    }
}
