package io.tidemark.app.cli;

import io.tidemark.net.engine.Neighbours;
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
        int features = columns.size();
        Neighbours neighbours = new Neighbours(features, embedding.length / features, graph.neighbours());
        int[] chosen = neighbours.of(embedding);
        for (int i = 0; i < features; i++) {
            List<Edge> others = new ArrayList<>();
            for (int k = i * neighbours.count(); k < (i + 1) * neighbours.count(); k++) {
                int j = chosen[k];
                if (j != i) others.add(new Edge(columns.get(i), columns.get(j), neighbours.cosine(embedding, i, j)));
            }
            others.sort(Comparator.comparingDouble(Edge::cosine).reversed());
            edges.addAll(others);
        }
        return edges;
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
