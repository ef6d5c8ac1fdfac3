package io.tidemark.promotion;

import io.tidemark.calibration.Ranking;
import io.tidemark.config.StreamSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.NetworkState;
import io.tidemark.inference.BatchScorer;
import io.tidemark.inference.PendingSample;
import io.tidemark.network.Network;
import io.tidemark.outcome.Alert;
import io.tidemark.outcome.Forecast;
import io.tidemark.outcome.Outcomes;
import io.tidemark.outcome.Score;
import io.tidemark.outcome.ScoreStatus;
import io.tidemark.outcome.SeriesVerdict;
import io.tidemark.outcome.StreamVerdict;
import io.tidemark.sample.Gate;
import io.tidemark.sample.Inference;
import io.tidemark.sample.Label;
import io.tidemark.sample.Sample;
import io.tidemark.sample.Step;
import io.tidemark.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a challenger with the champion on recorded rows that neither has trained on.
 *
 * <p>Each model in turn judges the rows as they were, through the classes that worker and verdict run on and with no other
 * network beside it: alerts and tails come from there. Then it judges the same rows with anomalies of each kind put into their
 * second half: the ranking is that of its own error over the series' median error, so that what plain value signals find
 * is not counted for it. The recorded locations and scales stay. Rows that people have called anomalies are ranked the same way
 * among the rows as they were, and neither an alert nor a tail at them is held against a model.
 *
 * <p>At most {@link #SERIES_MAX} series of {@link #ROWS_MAX} rows are judged. Same rows, models and seed: same decision, but
 * for the time. One thread. Frames are not judged.
 */
public final class Judge {
    /** Series judged; further ones are left out, those with labelled anomalies and then the longest are taken. */
    public static final int SERIES_MAX = 16;
    /** Rows of a series, the newest. */
    public static final int ROWS_MAX = 4000;

    private static final int BLOCK = 256;

    private final StreamSpec stream;
    private final Network network;
    private final Engine engine;
    private final Criteria criteria;
    private final long seed;
    private final LabelledRows labels;

    /** @param network bound to the stream's features */
    public Judge(StreamSpec stream, Network network, Engine engine, Criteria criteria, long seed) {
        this(stream, network, engine, criteria, seed, LabelledRows.NONE);
    }

    /** @param labels what people said of the stream's rows */
    public Judge(StreamSpec stream, Network network, Engine engine, Criteria criteria, long seed, LabelledRows labels) {
        if (stream.input().image().isPresent()) {
            throw new IllegalArgumentException(
                    "stream " + stream.name() + " watches frames, which cannot be judged; compare its shadow figures");
        }
        this.stream = stream;
        this.network = network;
        this.engine = engine;
        this.criteria = criteria;
        this.seed = seed;
        this.labels = labels;
    }

    /** Decides whether the challenger may take the champion's place. */
    public Decision judge(List<ReplayedSeries> rows, NetworkState champion, NetworkState challenger) {
        List<ReplayedSeries> taken = rows.stream()
                .sorted(java.util.Comparator.comparing((ReplayedSeries series) -> labels.anomalies(series) > 0)
                        .thenComparingInt(ReplayedSeries::rows)
                        .reversed())
                .limit(SERIES_MAX)
                .filter(series -> series.rows() > 2 * network.spec().rowsToScore())
                .map(Judge::newest)
                .toList();
        return criteria.decide(contender(taken, champion), contender(taken, challenger));
    }

    private static ReplayedSeries newest(ReplayedSeries s) {
        int from = Math.max(0, s.rows() - ROWS_MAX);
        return new ReplayedSeries(
                s.series(),
                Arrays.copyOfRange(s.timesMs(), from, s.rows()),
                Arrays.copyOfRange(s.values(), from, s.rows()),
                Arrays.copyOfRange(s.locations(), from, s.rows()),
                Arrays.copyOfRange(s.scales(), from, s.rows()));
    }

    /** How a model does on the rows. */
    public Contender contender(List<ReplayedSeries> rows, NetworkState state) {
        List<Long> nanos = new ArrayList<>();
        Tally tally = new Tally(labels);
        List<double[]> clean = new ArrayList<>();
        Map<Injection, Double> ranking = new EnumMap<>(Injection.class);
        try (BatchScorer scorer = new BatchScorer(
                engine, List.of(network), stream.features(), BLOCK, (name, spent) -> nanos.add(spent))) {
            scorer.swap(network.spec().name(), 1, state);
            StreamVerdict verdict = new StreamVerdict(stream);
            for (ReplayedSeries series : rows) {
                clean.add(replay(scorer, series, verdict.open(series.series()), tally));
            }
            for (Injection kind : Injection.values()) {
                double found = ranking(scorer, rows, clean, kind);
                if (!Double.isNaN(found)) ranking.put(kind, found);
            }
            int labelledRows = rows.stream().mapToInt(labels::anomalies).sum();
            return new Contender(
                    tally.steps,
                    tally.alerts,
                    tally.tails(),
                    median(clean),
                    ranking,
                    labelled(rows, clean),
                    labelledRows,
                    perSample(nanos));
        }
    }

    /** How well the errors on the rows as they were rank the labelled anomalies; NaN without any. */
    private double labelled(List<ReplayedSeries> rows, List<double[]> clean) {
        int count = rows.stream().mapToInt(ReplayedSeries::rows).sum();
        double[] scores = new double[count];
        boolean[] anomalous = new boolean[count];
        int at = 0;
        for (int s = 0; s < rows.size(); s++) {
            ReplayedSeries series = rows.get(s);
            double usual = Math.max(1e-9, median(List.of(clean.get(s))));
            for (int i = 0; i < series.rows(); i++, at++) {
                scores[at] = clean.get(s)[i] / usual;
                anomalous[at] = labels.isAnomaly(series.series(), series.timesMs()[i]);
            }
        }
        return Ranking.of(scores, anomalous).averagePrecision();
    }

    /** Of the middle one of all blocks, since the first ones run before the machine code is there. */
    private static double perSample(List<Long> nanos) {
        if (nanos.isEmpty()) return Double.NaN;
        return (double) nanos.stream().sorted().toList().get(nanos.size() / 2) / BLOCK;
    }

    private double ranking(BatchScorer scorer, List<ReplayedSeries> rows, List<double[]> clean, Injection kind) {
        List<Double> scores = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        for (int s = 0; s < rows.size(); s++) {
            ReplayedSeries series = rows.get(s);
            int half = series.rows() / 2;
            Injection.Injected injected = kind.into(series, half, seed + s);
            double[] errors = replay(scorer, injected.series(), null, null);
            double usual = Math.max(1e-9, median(List.of(clean.get(s))));
            for (int i = half; i < errors.length; i++) {
                scores.add(Double.isNaN(errors[i]) ? 0 : errors[i] / usual);
                labels.add(injected.anomalous()[i]);
            }
        }
        double[] all = scores.stream().mapToDouble(v -> v).toArray();
        boolean[] anomalous = new boolean[all.length];
        for (int i = 0; i < all.length; i++) anomalous[i] = labels.get(i);
        return Ranking.of(all, anomalous).averagePrecision();
    }

    /** The aggregated error of each row; NaN where there is none. */
    private double[] replay(
            BatchScorer scorer,
            ReplayedSeries series,
            @org.jspecify.annotations.Nullable SeriesVerdict verdict,
            @org.jspecify.annotations.Nullable Tally tally) {
        double[] errors = new double[series.rows()];
        Inference inference = new Inference();
        List<PendingSample> block = new ArrayList<>();
        for (int from = 0; from < series.rows(); from += BLOCK) {
            int to = Math.min(series.rows(), from + BLOCK);
            block.clear();
            for (int i = from; i < to; i++) block.add(new PendingSample().read(sample(series, i)));
            scorer.score(block);
            for (int i = from; i < to; i++) {
                inference.decode(block.get(i - from).inference);
                errors[i] = error(inference);
                if (verdict != null && tally != null) verdict.judge(inference, 0, tally);
            }
        }
        return errors;
    }

    private byte[] sample(ReplayedSeries series, int row) {
        int features = stream.features();
        Step step = new Step();
        step.stream = stream.name();
        step.series = series.series();
        step.generation = stream.generation();
        step.step = row;
        step.timeMs = series.timesMs()[row];
        step.features(features);
        for (int f = 0; f < features; f++) {
            step.values()[f] = series.values()[row][f];
            step.location()[f] = series.locations()[row][f];
            step.scale()[f] = series.scales()[row][f];
        }
        int rows = Math.min(row + 1, network.spec().rowsToScore());
        float[] window = new float[rows * features];
        float clip = (float) stream.scaling().clip();
        for (int r = 0; r < rows; r++) {
            for (int f = 0; f < features; f++) {
                window[r * features + f] = Step.scaled(
                        series.values()[row - rows + 1 + r][f],
                        series.locations()[row][f],
                        series.scales()[row][f],
                        clip);
            }
        }
        return Sample.encode(Wire.writer(64 + 4 * window.length), step, window, rows);
    }

    private double error(Inference inference) {
        Inference.Member member = inference.member(0);
        if (member.status != Inference.Status.SCORED) return Double.NaN;
        double sum = 0;
        for (int f = 0; f < stream.features(); f++) sum += member.error[f];
        return sum / stream.features();
    }

    private static double median(List<double[]> errors) {
        double[] all = errors.stream()
                .flatMapToDouble(Arrays::stream)
                .filter(v -> !Double.isNaN(v))
                .sorted()
                .toArray();
        return all.length == 0 ? Double.NaN : all[all.length / 2];
    }

    /** Counts what the verdict says of the rows as they were. */
    private static final class Tally implements Outcomes {
        private final LabelledRows labels;
        private long steps;
        private long beyond;
        private int alerts;

        Tally(LabelledRows labels) {
            this.labels = labels;
        }

        @Override
        public void score(Score score) {
            if (score.status != ScoreStatus.SCORED || labels.isAnomaly(score.series, score.timeMs)) return;
            steps++;
            if (score.tailProbability < 0.05) beyond++;
        }

        @Override
        public void forecast(Forecast forecast) {}

        @Override
        public void alert(Alert alert) {
            if (alert.state() == Alert.State.OPEN && !labels.isAnomaly(alert.series(), alert.timeMs())) alerts++;
        }

        @Override
        public void gate(Gate gate) {}

        @Override
        public void label(Label label) {}

        double tails() {
            return steps == 0 ? Double.NaN : (double) beyond / steps;
        }
    }
}
