package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.backtest.Labels;
import io.tidemark.learn.evaluation.Ranking;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

/**
 * How each network of a stream ranks labelled rows by itself, best first, between all of them together, their mean and uniform random
 * numbers; means over the series.
 */
final class MemberTable {
    /** The name of all networks together. */
    static final String ALL = "all together";

    private final Map<String, List<Ranking>> rankings = new LinkedHashMap<>();
    private final List<Ranking> random = new ArrayList<>();

    /**
     * @param name of a network, or {@link #ALL}
     * @param scores one for each row of a series
     * @param labels which of the rows are anomalous
     */
    void add(String name, double[] scores, boolean[] labels) {
        rankings.computeIfAbsent(name, n -> new ArrayList<>()).add(Ranking.of(scores, labels));
        if (name.equals(ALL)) random.add(Labels.random(labels, 1));
    }

    void print(PrintWriter out, boolean json) {
        Map<String, Ranking> means = new LinkedHashMap<>();
        rankings.forEach((name, of) -> means.put(name, Labels.mean(of)));
        Ranking all = means.remove(ALL);
        if (all == null) return;
        if (!json) {
            out.printf(Locale.ROOT, "%n%-28s %8s %8s %8s%n", "networks, mean over series", "AP", "AUC-ROC", "best F1");
        }
        line(out, json, ALL, all);
        means.entrySet().stream()
                .sorted(Entry.comparingByValue((a, b) -> Double.compare(b.averagePrecision(), a.averagePrecision())))
                .forEach(member -> line(out, json, member.getKey(), member.getValue()));
        if (!means.isEmpty()) line(out, json, "mean of the networks", Labels.mean(List.copyOf(means.values())));
        line(out, json, "random numbers", Labels.mean(random));
    }

    private static void line(PrintWriter out, boolean json, String name, Ranking ranking) {
        if (json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("networks", name)
                    .put("ap", ranking.averagePrecision())
                    .put("auc_roc", ranking.aucRoc())
                    .put("best_f1", ranking.bestF1());
            out.println(node);
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-28s %8.3f %8.3f %8.3f%n",
                name,
                ranking.averagePrecision(),
                ranking.aucRoc(),
                ranking.bestF1());
    }
}
