package io.tidemark.learn.fit;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss curves as a PNG, drawn without a screen: training and validation loss by epoch, on a logarithmic scale where
 * they fall by a factor of ten. */
public final class CurvePlot {
    private static final double DECADE = 10;

    private CurvePlot() {}

    /** Draws a report's curve into a file. */
    public static void write(FitReport report, Path png) throws IOException {
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(520)
                .title(report.subject().network() + ", " + report.machine().engine() + "/"
                        + report.machine().device() + ", seed " + report.setup().seed())
                .xAxisTitle("epoch")
                .yAxisTitle("loss")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotGridLinesColor(new Color(0xDDDDDD));
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        add(chart, report, "training", FitReport.Epoch::trainLoss, new Color(0x4477AA));
        add(chart, report, "validation", FitReport.Epoch::validationLoss, new Color(0xEE6677));
        if (chart.getSeriesMap().isEmpty()) {
            chart.addSeries("in closed form: no epochs", new double[] {0}, new double[] {0});
        } else {
            best(chart, report);
        }
        double least = extreme(chart, -1);
        chart.getStyler().setYAxisLogarithmic(least > 0 && extreme(chart, 1) > DECADE * least);
        BitmapEncoder.saveBitmap(chart, png.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    /** The largest loss, or for direction -1 the least. */
    private static double extreme(XYChart chart, int direction) {
        return direction
                * chart.getSeriesMap().values().stream()
                        .flatMapToDouble(series -> java.util.Arrays.stream(series.getYData()))
                        .map(loss -> direction * loss)
                        .max()
                        .orElse(0);
    }

    private static void add(
            XYChart chart, FitReport report, String name, ToDoubleFunction<FitReport.Epoch> value, Color colour) {
        List<Double> at = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (FitReport.Epoch epoch : report.course().curve()) {
            double loss = value.applyAsDouble(epoch);
            if (!Double.isFinite(loss)) continue;
            at.add((double) epoch.epoch());
            losses.add(loss);
        }
        if (at.isEmpty()) return;
        XYSeries series = chart.addSeries(name, at, losses);
        series.setMarker(at.size() > 40 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        series.setLineColor(colour);
        series.setMarkerColor(colour);
    }

    private static void best(XYChart chart, FitReport report) {
        FitReport.Epoch best = report.course().curve().get(report.course().bestEpoch());
        double loss = Double.isFinite(best.validationLoss()) ? best.validationLoss() : best.trainLoss();
        if (!Double.isFinite(loss)) return;
        String name = String.format(
                Locale.ROOT, "kept: epoch %d, %.4g", report.course().bestEpoch(), loss);
        XYSeries kept = chart.addSeries(name, new double[] {best.epoch()}, new double[] {loss});
        kept.setMarker(SeriesMarkers.DIAMOND);
        kept.setMarkerColor(new Color(0x228833));
        kept.setLineColor(new Color(0x228833));
    }
}
