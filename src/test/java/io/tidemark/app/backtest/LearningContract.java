package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.learn.evaluation.Ranking;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What learning from a stream must withstand, through the whole flow from event to score; a subclass opens an engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LearningContract {
    private static final int ROWS = 4000;
    private static final int JUDGED_FROM = 3000;
    private static final int ADAPT_AFTER = 200;
    private static final float JUMP = 4;
    private static final int SHIFT = 2000;
    /** Rows after which a shift that has become teachable is learnt. */
    private static final int LEARNT_ROWS = 150;

    @TempDir
    Path folder;

    private Engine engine;

    protected abstract Engine open();

    @BeforeAll
    void openEngine() {
        engine = open();
    }

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    /** With the shipped {@code learning.withhold}, which no stream here declares. */
    @Test
    void fivePercentOfInjectedAnomaliesDoNotBecomeNormal() throws IOException {
        withstandsPoison("small", 8);
    }

    @Test
    void norDoTheyForANetworkWhoseWindowsHardlyEverLackOne() throws IOException {
        withstandsPoison("long", 64);
    }

    private void withstandsPoison(String network, int window) throws IOException {
        boolean[] labels = anomalies(600);
        Taught poisoned = run(network, "poisoned", labels, ROWS);
        Taught clean = run(network, "clean", new boolean[ROWS], ROWS);
        Ranking ranking = Ranking.of(
                Arrays.copyOfRange(poisoned.scores, JUDGED_FROM, ROWS), Arrays.copyOfRange(labels, JUDGED_FROM, ROWS));
        assertThat(ranking.aucRoc()).isGreaterThan(0.97);
        assertThat(ranking.averagePrecision()).isGreaterThan(0.8);
        // without gates it is 1.5: the network rebuilds an anomaly nearly as well as anything else
        assertThat(contrast(network, window, poisoned.model))
                .isGreaterThan(0.5 * contrast(network, window, clean.model));
    }

    @Test
    void trainingThatExplodesGoesBackToGoodWeightsAndSlowsDown() throws IOException {
        Network wild = zoo().spec("wild").bind(2);
        StreamSpec stream = StreamFile.read(stream("wild"));
        List<LearningEvent> events = new ArrayList<>();
        try (StreamLearner learner = new StreamLearner(stream, List.of(wild), engine)) {
            for (int from = 0; from < 1500; from += 8) {
                events.addAll(learner.rows(chunk(stream, from)));
                events.addAll(learner.gate(new Gate("taught", "s", stream.generation(), from, from + 7, true, "")));
            }
        }
        List<Double> rates = new ArrayList<>();
        double error = Double.NaN;
        for (LearningEvent event : events) {
            if (event instanceof LearningEvent.RolledBack undone) rates.add(undone.rate());
            if (event instanceof LearningEvent.Publish publish)
                error = publish.reference().median();
        }
        assertThat(rates).hasSizeGreaterThan(1).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(rates.get(0)).isEqualTo(wild.training().optimisation().learningRate() / 2);
        assertThat(error).as("the held-out error of the last version").isLessThan(1);
    }

    private static TrainingRows chunk(StreamSpec stream, int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("taught", "s", stream.generation(), 2);
        Step step = new Step();
        step.features(2);
        Arrays.fill(step.scale(), 0.1);
        for (int i = from; i < from + 8; i++) {
            step.step = i;
            step.values()[0] = Math.sin(i * 0.2);
            step.values()[1] = Math.cos(i * 0.2);
            chunk.add(step);
        }
        return chunk;
    }

    @Test
    void lastingLevelShiftIsLearntOnceItHasLasted() throws IOException {
        double[] scores = run("small", "shift", new boolean[ROWS], SHIFT).scores;
        assertThat(mean(scores, SHIFT - 200, SHIFT)).isLessThan(0.3);
        assertThat(mean(scores, SHIFT, SHIFT + ADAPT_AFTER)).isGreaterThan(0.8);
        int learnt = SHIFT + ADAPT_AFTER + LEARNT_ROWS;
        assertThat(mean(scores, learnt, learnt + 200)).isLessThan(0.3);
    }

    /** How many times larger a network's error is where one value of a window's last row jumps. */
    private double contrast(String name, int window, NetworkState model) throws IOException {
        Network network = zoo().spec(name).bind(2);
        int windows = 200;
        try (ScoringReplica replica = engine.scoring(network, windows)) {
            replica.load(model);
            return error(replica, windows, window, JUMP) / error(replica, windows, window, 0);
        }
    }

    private static double error(ScoringReplica replica, int windows, int window, float jump) {
        Random noise = new Random(3);
        float[] input = replica.input(Network.WINDOW);
        for (int w = 0; w < windows; w++) {
            for (int r = 0; r < window; r++) {
                input[(w * window + r) * 2] = (float) (Math.sin((w + r) * 0.2) + 0.1 * noise.nextGaussian());
                input[(w * window + r) * 2 + 1] = (float) (Math.cos((w + r) * 0.2) + 0.1 * noise.nextGaussian());
            }
            input[(w * window + window - 1) * 2] += jump;
        }
        replica.forward(windows);
        float[] output = replica.output(Network.RECONSTRUCTION);
        double[] errors = new double[windows];
        for (int w = 0; w < windows; w++) {
            int last = ((w + 1) * window - 1) * 2;
            for (int v = last; v < last + 2; v++) errors[w] += Math.abs(output[v] - input[v]) / 2;
        }
        Arrays.sort(errors);
        return errors[windows / 2];
    }

    private static double mean(double[] scores, int from, int to) {
        return Arrays.stream(scores, from, to).average().orElseThrow();
    }

    /** One row in twenty, at random, from a row on. */
    private static boolean[] anomalies(int from) {
        Random random = new Random(5);
        boolean[] labels = new boolean[ROWS];
        for (int i = 0; i < ROWS; i++) labels[i] = random.nextInt(20) == 0 && i >= from;
        return labels;
    }

    /** Scores of a series of two features that move together, but for labelled rows; and both shift for good at a row. */
    private Taught run(String network, String name, boolean[] labels, int shiftFrom) throws IOException {
        Random noise = new Random(11);
        StringBuilder csv = new StringBuilder("timestamp,a,b\n");
        for (int i = 0; i < ROWS; i++) {
            double a = Math.sin(i * 0.2) + 0.1 * noise.nextGaussian() + (i >= shiftFrom ? 6 : 0);
            double b = Math.cos(i * 0.2) + 0.1 * noise.nextGaussian() + (i >= shiftFrom ? 6 : 0);
            if (labels[i]) a += JUMP;
            csv.append(Instant.ofEpochSecond(1_700_000_000L + 60L * i))
                    .append(',')
                    .append(a)
                    .append(',')
                    .append(b)
                    .append('\n');
        }
        Path data = Files.createDirectories(folder.resolve(network + "-" + name));
        Files.writeString(data.resolve("series.csv"), csv);
        StreamSpec stream = StreamFile.read(stream(network));
        SeriesFile file = SeriesFile.below(data).get(0);
        List<Network> networks = List.of(zoo().spec(network).bind(2));
        RowOutcomes outcomes = new RowOutcomes(stream.input().fields().features());
        try (SeriesFlow flow = new SeriesFlow(stream, networks, engine, "series", true)) {
            flow.run(file, stream, 0, outcomes);
            flow.end();
            return new Taught(
                    outcomes.scores(RowOutcomes.Column.CONTINUOUS), Objects.requireNonNull(flow.model(network)));
        }
    }

    /** What came of a run: the score of each row, and the last version. */
    private record Taught(double[] scores, NetworkState model) {}

    private Path stream(String network) throws IOException {
        return Files.writeString(folder.resolve("stream.yaml"), """
                stream: taught
                input: {topic: taught, series: [series], features: [a, b]}
                step: event
                scaling: {memory: 1000}
                networks: [%s]
                learning: {first-rows: 256, first-steps: 150, rows-per-step: 2, publish-rows: 256, chunk: 8}
                verdict: {adapt-after: %d}
                """.formatted(network, ADAPT_AFTER));
    }

    private Zoo zoo() throws IOException {
        Path zoo = Files.createDirectories(folder.resolve("zoo"));
        String head = """
                summary: A small autoencoder.
                works: In tests.
                fails: Elsewhere.
                cost: Little.
                paper: none
                kind: autoencoder
                window: %d
                """;
        String layers = """
                layers:
                  - flatten
                  - dense: {units: 16, activation: swish}
                  - dense: {units: 6}
                  - dense: {units: 16, activation: swish}
                  - dense: {units: output}
                training: {loss: mse, learning-rate: 0.005, batch: 32}
                """;
        Files.writeString(zoo.resolve("small.yaml"), head.formatted(8) + layers);
        Files.writeString(zoo.resolve("long.yaml"), head.formatted(64) + layers);
        // plain descent on squares of large values, which explodes above a rate of about 0.02
        Files.writeString(zoo.resolve("wild.yaml"), head.formatted(8) + """
                layers:
                  - flatten
                  - dense: {units: output}
                training: {loss: mse, optimiser: sgd, learning-rate: 0.25, batch: 32}
                """);
        return Zoo.load(zoo);
    }
}
