package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.backtest.Judgement;
import io.tidemark.app.backtest.ScoredRows;
import io.tidemark.app.backtest.Truth;
import io.tidemark.learn.evaluation.AlertsFound;
import io.tidemark.learn.evaluation.Bootstrap;
import io.tidemark.learn.evaluation.LabelledIncident;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What alerts found of labelled incidents and how scores rank labelled rows, one line for each folder of outcomes and one for uniform
 * random numbers.
 */
final class JudgementTable {
    private static final String RANDOM = "uniform random";
    private static final long SEED = 1;

    private final Truth truth;
    private final List<String> series;
    private final Map<String, List<Judgement>> lines = new LinkedHashMap<>();
    private final List<Judgement> random = new ArrayList<>();

    /** @param series that are judged: a file for each lies in every folder */
    JudgementTable(Truth truth, List<String> series) {
        this.truth = truth;
        this.series = List.copyOf(series);
    }

    /** Judges what {@code backtest} wrote into a folder. */
    void add(String name, Path out) throws IOException {
        List<Judgement> judged = new ArrayList<>();
        boolean first = lines.isEmpty();
        for (String one : series) {
            Path file = out.resolve(one + ".csv");
            if (!Files.isRegularFile(file)) throw new IOException(out + " has no outcomes of series " + one);
            ScoredRows rows = ScoredRows.read(file);
            List<LabelledIncident> incidents = truth.of(one, rows.times());
            judged.add(Judgement.of(rows, incidents, truth.rule()));
            if (first) random.add(Judgement.random(rows, incidents, truth.rule(), SEED));
        }
        lines.put(name, judged);
    }

    void print(PrintWriter out, boolean json) {
        Map<String, Judgement> all = new LinkedHashMap<>();
        lines.forEach((name, judged) -> all.put(name, Judgement.of(judged)));
        all.put(RANDOM, Judgement.of(random));
        if (json) {
            all.forEach((name, judgement) -> out.println(node(name, judgement)));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n%-20s %13s %6s %9s %11s %11s %6s  %6s %6s %6s %6s  %6s %6s %6s%n",
                "alerts",
                "found",
                "share",
                "precision",
                "false/10^4",
                "false/week",
                "delay",
                "AP",
                "AUC",
                "VUS-PR",
                "F1",
                "p<.1",
                "p<.01",
                "p<.001");
        all.forEach((name, judgement) -> line(out, name, judgement));
        kinds(out, all);
    }

    private static void line(PrintWriter out, String name, Judgement judgement) {
        AlertsFound alerts = judgement.alerts();
        AlertsFound.Kind found = alerts.all();
        out.printf(
                Locale.ROOT,
                "%-20s %13s %6.3f %9.3f %11.2f %11.2f %6.1f  %6.3f %6.3f %6.3f %6.3f  %6.4f %6.4f %6.4f%n",
                name,
                found.found() + " of " + found.incidents(),
                alerts.recall(),
                alerts.precision(),
                alerts.falseInTenThousandRows(),
                alerts.falseInSeriesWeek(),
                found.medianDelay(),
                judgement.ranking().averagePrecision(),
                judgement.ranking().aucRoc(),
                judgement.vusPr(),
                judgement.ranking().bestF1(),
                judgement.tails().tenth(),
                judgement.tails().hundredth(),
                judgement.tails().thousandth());
    }

    private static void kinds(PrintWriter out, Map<String, Judgement> all) {
        all.forEach((name, judgement) -> {
            if (judgement.alerts().kinds().size() < 2) return;
            out.printf(Locale.ROOT, "%n%s, by kind%n", name);
            judgement
                    .alerts()
                    .kinds()
                    .forEach((kind, found) -> out.printf(
                            Locale.ROOT,
                            "  %-20s %3d of %3d   median delay %.1f rows%n",
                            kind,
                            found.found(),
                            found.incidents(),
                            found.medianDelay()));
        });
    }

    private static ObjectNode node(String name, Judgement judgement) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        AlertsFound alerts = judgement.alerts();
        node.put("judged", name)
                .put("rows", alerts.rows())
                .put("incidents", alerts.all().incidents())
                .put("found", alerts.all().found())
                .put("alerts", alerts.alerts())
                .put("false_alerts", alerts.falseAlerts());
        number(node, "precision", alerts.precision());
        number(node, "false_in_10000_rows", alerts.falseInTenThousandRows());
        number(node, "false_in_series_week", alerts.falseInSeriesWeek());
        number(node, "median_delay_rows", alerts.all().medianDelay());
        number(node, "ap", judgement.ranking().averagePrecision());
        number(node, "auc_roc", judgement.ranking().aucRoc());
        number(node, "vus_pr", judgement.vusPr());
        number(node, "best_f1", judgement.ranking().bestF1());
        number(node, "tails_below_tenth", judgement.tails().tenth());
        number(node, "tails_below_hundredth", judgement.tails().hundredth());
        number(node, "tails_below_thousandth", judgement.tails().thousandth());
        ObjectNode kinds = node.putObject("kinds");
        alerts.kinds().forEach((kind, found) -> {
            ObjectNode one = kinds.putObject(kind);
            one.put("incidents", found.incidents()).put("found", found.found());
            number(one, "median_delay_rows", found.medianDelay());
        });
        return node;
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) node.put(name, value);
        else node.putNull(name);
    }

    /** Prints by how much one folder's figures lie above another's, as means over series with bootstrap intervals. */
    void printDifference(PrintWriter out, boolean json, String name, String other, long seed) {
        Map<String, ToDoubleFunction<Judgement>> figures = new LinkedHashMap<>();
        figures.put("found", one -> one.alerts().recall());
        figures.put("false_in_10000_rows", one -> one.alerts().falseInTenThousandRows());
        figures.put("ap", one -> one.ranking().averagePrecision());
        figures.put("auc_roc", one -> one.ranking().aucRoc());
        figures.put("vus_pr", Judgement::vusPr);
        figures.put("best_f1", one -> one.ranking().bestF1());
        List<Judgement> ours = lines.getOrDefault(name, List.of());
        List<Judgement> theirs = lines.getOrDefault(other, List.of());
        if (!json) out.printf(Locale.ROOT, "%n%s less %s, mean over series (95 %% of resampled means)%n", name, other);
        figures.forEach((figure, of) -> {
            double[] differences = new double[series.size()];
            for (int i = 0; i < differences.length; i++)
                differences[i] = of.applyAsDouble(ours.get(i)) - of.applyAsDouble(theirs.get(i));
            Bootstrap mean = Bootstrap.of(differences, seed);
            if (json) {
                ObjectNode node = new ObjectMapper().createObjectNode();
                node.put("difference", figure).put("series", mean.series());
                number(node, "mean", mean.mean());
                number(node, "low", mean.low());
                number(node, "high", mean.high());
                out.println(node);
            } else {
                out.printf(
                        Locale.ROOT,
                        "  %-22s %+8.3f (%+.3f to %+.3f) over %d series%n",
                        figure,
                        mean.mean(),
                        mean.low(),
                        mean.high(),
                        mean.series());
            }
        });
    }
}
