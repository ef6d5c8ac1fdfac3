package io.tidemark.app.backtest;

import io.tidemark.learn.evaluation.AlertsFound;
import io.tidemark.learn.evaluation.LabelledIncident;
import io.tidemark.learn.evaluation.Ranking;
import io.tidemark.learn.evaluation.TailCalibration;
import io.tidemark.learn.evaluation.VolumeUnderSurface;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How one series was judged, held against what is known of it.
 *
 * @param alerts what its alerts found
 * @param ranking how its continuous score ranks its rows
 * @param vusPr {@link VolumeUnderSurface#pr} of the same; NaN without anomalies
 * @param tails of the rows outside incidents
 */
public record Judgement(AlertsFound alerts, Ranking ranking, double vusPr, TailCalibration tails) {
    /** Holds a scored series against its incidents. */
    public static Judgement of(ScoredRows rows, List<LabelledIncident> incidents, AlertsFound.Rule rule) {
        return of(rows, rows.weeks(), incidents, rule);
    }

    private static Judgement of(
            ScoredRows rows, double weeks, List<LabelledIncident> incidents, AlertsFound.Rule rule) {
        int count = rows.scores().length;
        boolean[] labels = new boolean[count];
        for (LabelledIncident incident : incidents) Arrays.fill(labels, incident.from(), incident.to() + 1, true);
        double[] quiet = IntStream.range(0, count)
                .filter(i -> !labels[i])
                .mapToDouble(i -> rows.tails()[i])
                .toArray();
        return new Judgement(
                AlertsFound.of(count, weeks, incidents, rows.openings(), rule),
                Ranking.of(rows.scores(), labels),
                VolumeUnderSurface.pr(rows.scores(), labels, VolumeUnderSurface.BUFFER_ROWS),
                TailCalibration.of(quiet));
    }

    /** The same for uniform random scores, with as many alerts at uniformly random rows: what a figure must be held against. */
    public static Judgement random(
            ScoredRows rows, List<LabelledIncident> incidents, AlertsFound.Rule rule, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = rows.scores().length;
        double[] scores = random.doubles(count).toArray();
        double[] tails = Arrays.stream(scores).map(score -> 1 - score).toArray();
        int[] openings = count == 0
                ? new int[0]
                : random.ints(rows.openings().length, 0, count).sorted().toArray();
        ScoredRows uniform = new ScoredRows(rows.times(), scores, tails, openings);
        return of(uniform, rows.weeks(), incidents, rule);
    }

    /** Of several series: alerts and rows added up, rankings as their mean over series that have anomalies. */
    public static Judgement of(List<Judgement> series) {
        long rows = series.stream().mapToLong(s -> s.tails.rows()).sum();
        return new Judgement(
                AlertsFound.sum(series.stream().map(Judgement::alerts).toList()),
                Labels.mean(series.stream().map(Judgement::ranking).toList()),
                series.stream()
                        .mapToDouble(Judgement::vusPr)
                        .filter(v -> !Double.isNaN(v))
                        .average()
                        .orElse(Double.NaN),
                new TailCalibration(
                        rows,
                        weighed(series, rows, TailCalibration::tenth),
                        weighed(series, rows, TailCalibration::hundredth),
                        weighed(series, rows, TailCalibration::thousandth)));
    }

    private static double weighed(
            List<Judgement> series, long rows, java.util.function.ToDoubleFunction<TailCalibration> share) {
        double sum = 0;
        for (Judgement one : series) if (one.tails.rows() > 0) sum += one.tails.rows() * share.applyAsDouble(one.tails);
        return rows == 0 ? Double.NaN : sum / rows;
    }
}
