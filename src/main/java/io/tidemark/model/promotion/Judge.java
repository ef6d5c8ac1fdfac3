package io.tidemark.model.promotion;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.calibration.CalibrationSpec;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.judge.outcome.Forecast;
import io.tidemark.judge.outcome.Outcomes;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.judge.outcome.SeriesVerdict;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.judge.outcome.VerdictScratch;
import io.tidemark.learn.evaluation.Ranking;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Compares a challenger with the champion on what was recorded, rows or frames, and neither has trained on.
 *
 * <p>Each model in turn judges the steps as they were, through the classes that worker and verdict run on and with no other
 * network beside it: alerts and tails come from there. Then it judges the same steps with anomalies of each kind put into their
 * second half: the ranking is that of its own error over the series' median error, so that what plain value signals find
 * is not counted for it. The recorded locations and scales stay. Rows that people have called anomalies are ranked the same way
 * among the rows as they were, and neither an alert nor a tail at them is held against a model.
 *
 * <p>At most {@link #SERIES_MAX} series of {@link #ROWS_MAX} steps are judged. Same recordings, models and seed: same decision, but
 * for the time. One thread.
 */
public final class Judge {
    /** Series judged; further ones are left out, those with labelled anomalies and then the longest are taken. */
    public static final int SERIES_MAX = 16;
    /** Rows of a series, the newest. */
    public static final int ROWS_MAX = 4000;

    private final StreamSpec stream;
    private final Network network;
    private final Engine engine;
    private final Criteria criteria;
    private final long seed;
    private final LabelledRows labels;

    /**
     * @param network bound to what the stream gives its networks
     * @throws IllegalArgumentException when the stream keeps too few frames to compare anything
     */
    public Judge(StreamSpec stream, Network network, Engine engine, Criteria criteria, long seed) {
        this(stream, network, engine, criteria, seed, LabelledRows.NONE);
        stream.input().image().ifPresent(image -> checkRoom(stream, image, criteria));
    }

    private Judge(
            StreamSpec stream, Network network, Engine engine, Criteria criteria, long seed, LabelledRows labels) {
        this.stream = stream;
        this.network = network;
        this.engine = engine;
        this.criteria = criteria;
        this.seed = seed;
        this.labels = labels;
    }

    /** The same, with what people said of the stream's rows. */
    public Judge with(LabelledRows said) {
        return new Judge(stream, network, engine, criteria, seed, said);
    }

    /** A comparison needs so many frames, and so much room for them. */
    private static void checkRoom(StreamSpec stream, ImageSpec image, Criteria criteria) {
        int most = RecentFrames.most(image);
        int needed = criteria.stepsMin() + CalibrationSpec.DEFAULT.samplesNeeded();
        if (most >= needed) return;
        long keepMiB = ((long) needed * image.values() >> 20) + 1;
        throw new IllegalArgumentException("stream " + stream.name() + " cannot be judged: image.keep holds " + most
                + " frames, a trial needs " + needed + "; set image.keep to at least " + keepMiB
                + "MiB, or make the frames smaller");
    }

    /** Decides whether the challenger may take the champion's place. */
    public Decision judge(List<? extends Recording> recorded, NetworkState champion, NetworkState challenger) {
        List<Recording> taken = recorded.stream()
                .<Recording>map(series -> series.newest(ROWS_MAX))
                .sorted(Comparator.comparing((Recording series) -> labels.anomalies(series) > 0)
                        .thenComparingInt(Recording::rows)
                        .reversed())
                .limit(SERIES_MAX)
                .filter(series -> series.rows() > 2 * network.spec().rowsToScore())
                .toList();
        return criteria.decide(contender(taken, champion), contender(taken, challenger));
    }

    /** How a model does on the rows. */
    public Contender contender(List<? extends Recording> rows, NetworkState state) {
        Tally tally = new Tally(labels);
        List<double[]> clean = new ArrayList<>();
        Map<String, Double> ranking = new TreeMap<>();
        try (PacedScorer scorer = new PacedScorer(engine, stream, network, state)) {
            VerdictPlan plan = new VerdictPlan(stream);
            VerdictScratch scratch = new VerdictScratch(plan);
            for (Recording series : rows) {
                SeriesVerdict own = plan.open(series.series(), scratch);
                double[] errors = new double[series.rows()];
                int[] all = IntStream.range(0, errors.length).toArray();
                replay(scorer, series, all, errors, inference -> own.judge(inference, 0, tally));
                clean.add(errors);
            }
            for (String kind : rows.isEmpty() ? List.<String>of() : rows.get(0).kinds()) {
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
                    scorer.nanosPerSample());
        }
    }

    /** How well the errors on the rows as they were rank the labelled anomalies; NaN without any. */
    private double labelled(List<? extends Recording> rows, List<double[]> clean) {
        int count = rows.stream().mapToInt(Recording::rows).sum();
        double[] scores = new double[count];
        boolean[] anomalous = new boolean[count];
        int at = 0;
        for (int s = 0; s < rows.size(); s++) {
            Recording series = rows.get(s);
            double usual = Math.max(1e-9, median(List.of(clean.get(s))));
            for (int i = 0; i < series.rows(); i++, at++) {
                double error = clean.get(s)[i];
                scores[at] = Double.isNaN(error) ? 0 : error / usual;
                anomalous[at] = labels.isAnomaly(series.series(), series.timeMs(i));
            }
        }
        return Ranking.of(scores, anomalous).averagePrecision();
    }

    private double ranking(PacedScorer scorer, List<? extends Recording> rows, List<double[]> clean, String kind) {
        List<Double> scores = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        for (int s = 0; s < rows.size(); s++) {
            Recording series = rows.get(s);
            int half = series.rows() / 2;
            Recording.Injected<?> injected = series.injected(kind, half, seed + s);
            double[] errors = clean.get(s).clone();
            replay(scorer, injected.series(), reached(injected.anomalous()), errors, inference -> {});
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

    /** The rows that a network sees an anomaly in or before: the others keep their errors. */
    private int[] reached(boolean[] anomalous) {
        int window = network.spec().rowsToScore();
        IntStream.Builder rows = IntStream.builder();
        for (int i = 0, end = 0; i < anomalous.length; i++) {
            if (anomalous[i]) end = i + window;
            if (i < end) rows.add(i);
        }
        return rows.build().toArray();
    }

    /**
     * Scores some rows of a series.
     *
     * @param errors receives the aggregated error of each of them; NaN where there is none
     * @param heard is given what the network says of each, in their order; the object is used again
     */
    private void replay(PacedScorer scorer, Recording series, int[] rows, double[] errors, Consumer<Inference> heard) {
        int window = network.spec().rowsToScore();
        Inference inference = new Inference();
        List<PendingSample> block = new ArrayList<>();
        for (int from = 0; from < rows.length; from += scorer.block()) {
            int to = Math.min(rows.length, from + scorer.block());
            block.clear();
            for (int i = from; i < to; i++) {
                block.add(new PendingSample().read(series.sample(rows[i], stream, window)));
            }
            scorer.score(block);
            for (int i = from; i < to; i++) {
                inference.decode(block.get(i - from).inference);
                errors[rows[i]] = error(inference);
                heard.accept(inference);
            }
        }
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
            if (alert.state() == Alert.State.OPEN
                    && !labels.isAnomaly(alert.subject().series(), alert.timeMs())) alerts++;
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
