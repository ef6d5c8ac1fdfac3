package io.tidemark.learn.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Loss curves of a training: training and validation loss by optimiser step, and the epoch whose weights are kept. */
public final class CurvePlot {
    private static final String BLUE = "#2f6f9f";
    private static final String ORANGE = "#c2672b";
    private static final String GREEN = "#228833";

    private CurvePlot() {}

    /** The curves of a report; without a line where the weights came in closed form. */
    public static SvgPlot of(FitReport report) {
        List<double[]> train = new ArrayList<>();
        List<double[]> validation = new ArrayList<>();
        for (FitReport.Epoch epoch : report.course().curve()) {
            add(train, epoch.steps(), epoch.trainLoss());
            add(validation, epoch.steps(), epoch.validationLoss());
        }
        SvgPlot plot = new SvgPlot(false).line("training", BLUE, train).line("validation", ORANGE, validation);
        int kept = report.course().bestEpoch();
        if (kept < 0 || kept >= report.course().curve().size()) return plot;
        FitReport.Epoch best = report.course().curve().get(kept);
        List<double[]> point = new ArrayList<>();
        add(point, best.steps(), Double.isFinite(best.validationLoss()) ? best.validationLoss() : best.trainLoss());
        return plot.points(String.format(Locale.ROOT, "kept: epoch %d", kept), GREEN, point);
    }

    private static void add(List<double[]> points, double at, double loss) {
        if (Double.isFinite(loss)) points.add(new double[] {at, loss});
    }
}
