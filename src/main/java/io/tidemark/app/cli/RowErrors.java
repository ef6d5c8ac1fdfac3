package io.tidemark.app.cli;

import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.fit.SeriesExamples;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The error of each row of the series that test, and its exponentially weighted mean. */
final class RowErrors {
    private RowErrors() {}

    /**
     * Errors by series, one for each row; NaN where a row has no window.
     *
     * @param errors one for each example
     */
    static Map<String, double[]> bySeries(ExampleSet test, double[] errors) {
        if (!(test instanceof SeriesExamples examples)) {
            throw new IllegalArgumentException("errors by row are of series, not of images");
        }
        Map<String, double[]> rows = new LinkedHashMap<>();
        for (int e = 0; e < errors.length; e++) {
            int count = examples.series(e).rows();
            double[] of = rows.computeIfAbsent(examples.series(e).name(), name -> {
                double[] none = new double[count];
                Arrays.fill(none, Double.NaN);
                return none;
            });
            of[examples.row(e)] = errors[e];
        }
        return rows;
    }

    /**
     * Exponentially weighted mean of the errors so far, each weighing {@code 2 / (span + 1)}; a row without an error repeats the
     * one before it.
     *
     * @param span rows that it looks back over, roughly; 1 leaves the errors as they are
     */
    static double[] smoothed(double[] errors, int span) {
        double weight = 2.0 / (span + 1);
        double[] smoothed = new double[errors.length];
        double mean = Double.NaN;
        for (int r = 0; r < errors.length; r++) {
            if (!Double.isNaN(errors[r])) {
                mean = Double.isNaN(mean) ? errors[r] : mean + weight * (errors[r] - mean);
            }
            smoothed[r] = mean;
        }
        return smoothed;
    }

    /** Writes {@code row,error,score}; empty cells where there is none. */
    static void write(Path file, double[] errors, double[] smoothed) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("row,error,score\n");
            for (int r = 0; r < errors.length; r++) {
                out.write(r + "," + cell(errors[r]) + "," + cell(smoothed[r]) + "\n");
            }
        }
    }

    private static String cell(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
    }
}
