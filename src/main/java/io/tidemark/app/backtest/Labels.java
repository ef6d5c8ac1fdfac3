package io.tidemark.app.backtest;

import io.tidemark.learn.evaluation.Ranking;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Labelled rows: below a folder, for each series, a text file of the same name with one line for each row, {@code 1} where the row is
 * anomalous.
 */
public final class Labels {
    private Labels() {}

    /**
     * The labels of a series.
     *
     * @param rows how many there must be
     * @throws IOException when the file is missing or has another number of rows
     */
    public static boolean[] of(Path folder, String series, int rows) throws IOException {
        SeriesFile file = Backtest.partner(folder, new SeriesFile(folder, series));
        boolean[] labels = new boolean[rows];
        int count = 0;
        try (BufferedReader reader = Files.newBufferedReader(file.path(), StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank()) continue;
                if (count < rows) labels[count] = line.strip().startsWith("1");
                count++;
            }
        }
        if (count != rows)
            throw new IOException(file.path() + " has " + count + " labels, but the series has " + rows + " rows");
        return labels;
    }

    /** How uniform random numbers rank the same rows: what a figure must be held against. */
    public static Ranking random(boolean[] labels, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[labels.length];
        Arrays.setAll(scores, i -> random.nextDouble());
        return Ranking.of(scores, labels);
    }

    /** The mean of several rankings; NaN ones, of files without anomalies, are passed over. */
    public static Ranking mean(List<Ranking> rankings) {
        List<Ranking> known = rankings.stream()
                .filter(r -> !Double.isNaN(r.averagePrecision()))
                .toList();
        return new Ranking(
                known.stream().mapToInt(Ranking::rows).sum(),
                known.stream().mapToInt(Ranking::anomalies).sum(),
                known.stream().mapToDouble(Ranking::averagePrecision).average().orElse(Double.NaN),
                known.stream().mapToDouble(Ranking::aucRoc).average().orElse(Double.NaN),
                known.stream().mapToDouble(Ranking::bestF1).average().orElse(Double.NaN));
    }
}
