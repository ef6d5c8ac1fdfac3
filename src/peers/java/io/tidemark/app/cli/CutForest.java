package io.tidemark.app.cli;

import com.amazon.randomcutforest.config.Precision;
import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.AnomalyDescriptor;
import com.amazon.randomcutforest.parkservices.ThresholdedRandomCutForest;
import io.tidemark.app.backtest.FileText;
import io.tidemark.config.InputSpec;
import io.tidemark.series.table.Cells;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Random cut forest 4.4 with its own threshold (Guha and others 2016), set up as the anomaly detection of OpenSearch sets it up. */
final class CutForest {
    private static final InputSpec.Csv CSV = new InputSpec.Csv(List.of(), true, ',');
    private static final int SHINGLE = 8;

    private CutForest() {}

    private static ThresholdedRandomCutForest forest(int features) {
        return ThresholdedRandomCutForest.builder()
                .dimensions(features * SHINGLE)
                .shingleSize(SHINGLE)
                .internalShinglingEnabled(true)
                .sampleSize(256)
                .numberOfTrees(30)
                .timeDecay(0.0001)
                .outputAfter(32)
                .initialAcceptFraction(0.125)
                .parallelExecutionEnabled(false)
                .compact(true)
                .precision(Precision.FLOAT_32)
                .boundingBoxCacheFraction(0)
                .anomalyRate(0.005)
                .transformMethod(TransformMethod.NORMALIZE)
                .alertOnce(true)
                .autoAdjust(true)
                .randomSeed(42)
                .build();
    }

    /**
     * Judges a file, and writes what {@code tidemark rate} reads: an alert is a run of rows with a grade above 0.
     *
     * @return rows
     */
    static long judge(Path file, Path into) throws IOException {
        long rows = 0;
        long alerts = 0;
        boolean open = false;
        try (Cells cells = new Cells(FileText.open(file, StandardCharsets.UTF_8), CSV);
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(into))) {
            List<String> header = cells.next();
            if (header == null) return 0;
            int features = header.size() - 1;
            ThresholdedRandomCutForest forest = forest(features);
            out.println("timestamp,score,alert,alert_id,tail_probability");
            for (List<String> row = cells.next(); row != null; row = cells.next()) {
                double[] point = new double[features];
                boolean whole = true;
                for (int i = 0; i < features; i++) {
                    String cell = row.get(i + 1);
                    whole &= !cell.isEmpty();
                    point[i] = cell.isEmpty() ? 0 : Double.parseDouble(cell);
                }
                AnomalyDescriptor said = whole ? forest.process(point, rows) : null;
                boolean alert = said != null && said.getAnomalyGrade() > 0;
                if (alert && !open) alerts++;
                open = alert;
                out.println(row.get(0) + "," + (said == null ? 0 : said.getRCFScore()) + "," + (alert ? 1 : 0) + ","
                        + (alert ? alerts : "") + ",");
                rows++;
            }
            if (out.checkError()) throw new IOException(into + " cannot be written");
        }
        return rows;
    }
}
