package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.backtest.Labels;
import io.tidemark.app.backtest.Truth;
import io.tidemark.learn.evaluation.Ranking;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How well scores rank labelled rows, one line for each series and their mean, with uniform random numbers beside them. */
final class RankingTable {
    /** Column of the labels in files that have a header. */
    private static final String LABELS = "label";

    private final List<String> names = new ArrayList<>();
    private final List<Ranking> ours = new ArrayList<>();
    private final List<Ranking> random = new ArrayList<>();

    /** @param scores one for each row of the series */
    void add(Path labels, String series, double[] scores) throws IOException {
        add(series, scores, Truth.read(labels, LABELS).labels(series, scores.length));
    }

    /**
     * @param scores one for each row of the series
     * @param truth which of the rows are anomalous
     */
    void add(String series, double[] scores, boolean[] truth) {
        names.add(series);
        ours.add(Ranking.of(scores, truth));
        random.add(Labels.random(truth, 1));
    }

    void print(PrintWriter out, boolean json) {
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%n%-28s %8s %8s %8s   %8s %8s %8s%n",
                    "series",
                    "AP",
                    "AUC-ROC",
                    "best F1",
                    "random",
                    "AUC-ROC",
                    "best F1");
        }
        for (int i = 0; i < names.size(); i++) line(out, json, names.get(i), ours.get(i), random.get(i));
        line(out, json, "mean", Labels.mean(ours), Labels.mean(random));
    }

    private static void line(PrintWriter out, boolean json, String name, Ranking ours, Ranking random) {
        if (json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("series", name);
            node.put("ap", ours.averagePrecision())
                    .put("auc_roc", ours.aucRoc())
                    .put("best_f1", ours.bestF1());
            node.put("random_ap", random.averagePrecision())
                    .put("random_auc_roc", random.aucRoc())
                    .put("random_best_f1", random.bestF1());
            out.println(node);
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-28s %8.3f %8.3f %8.3f   %8.3f %8.3f %8.3f%n",
                name,
                ours.averagePrecision(),
                ours.aucRoc(),
                ours.bestF1(),
                random.averagePrecision(),
                random.aucRoc(),
                random.bestF1());
    }
}
