package io.tidemark.learn.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A small plot as SVG: lines or points, the vertical axis logarithmic where the values span more than a decade. Drawn without fonts of
 * this machine, so it needs none.
 */
public final class SvgPlot {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 58;
    private static final int BOTTOM = 28;
    private static final int TOP = 22;
    private static final int RIGHT = 28;
    /** Height of the title of a file. */
    private static final int TITLE = 26;

    private record Row(String name, String colour, List<double[]> points, boolean joined) {}

    /** The look of texts; a page that has plots within it may give it once for all. */
    public static final String STYLE = "svg text{font:11px system-ui,sans-serif;fill:#54656f}";

    private final boolean logarithmicX;
    private final List<Row> rows = new ArrayList<>();

    /** @param logarithmicX whether the horizontal axis is logarithmic where all values are above 0 */
    public SvgPlot(boolean logarithmicX) {
        this.logarithmicX = logarithmicX;
    }

    /** @param points x and y each, ascending by x; finite */
    public SvgPlot line(String name, String colour, List<double[]> points) {
        rows.add(new Row(name, colour, points, true));
        return this;
    }

    /** @param points x and y each; finite */
    public SvgPlot points(String name, String colour, List<double[]> points) {
        rows.add(new Row(name, colour, points, false));
        return this;
    }

    /** The plot as a file of its own, with a title. */
    public String document(String title) {
        String plot = toString();
        String body = plot.substring(plot.indexOf('>') + 1);
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 %d %d %d\">"
                                + "<style>%s</style><rect y=\"%d\" width=\"100%%\" height=\"100%%\" fill=\"white\"/>"
                                + "<text x=\"%d\" y=\"-8\">%s</text>",
                        WIDTH,
                        HEIGHT + TITLE,
                        -TITLE,
                        WIDTH,
                        HEIGHT + TITLE,
                        STYLE,
                        -TITLE,
                        LEFT,
                        escape(title))
                + body
                + "\n";
    }

    /** A text within XML or HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** The plot as an element of a page. */
    @Override
    public String toString() {
        double[] x = range(0);
        double[] y = range(1);
        boolean logX = logarithmicX && x[0] > 0;
        boolean logY = y[0] > 0 && y[1] > 10 * y[0];
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        for (int i = 0; i <= 4; i++) {
            double share = i / 4.0;
            double py = HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
            double px = LEFT + share * (WIDTH - LEFT - RIGHT);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e3e9ec\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    py,
                    py));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 6,
                    py + 4,
                    brief(at(y, share, logY))));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    px,
                    HEIGHT - 8,
                    brief(at(x, share, logX))));
        }
        int legend = LEFT;
        for (Row row : rows) {
            if (row.points.isEmpty()) continue;
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%d\" cy=\"10\" r=\"4\" fill=\"%s\"/><text x=\"%d\" y=\"14\">%s</text>",
                    legend + 4,
                    row.colour,
                    legend + 12,
                    escape(row.name)));
            legend += 30 + 7 * row.name.length();
            if (row.joined)
                svg.append("<polyline fill=\"none\" stroke-width=\"1.6\" stroke=\"")
                        .append(row.colour)
                        .append("\" points=\"");
            for (double[] point : row.points) {
                double px = LEFT + share(x, point[0], logX) * (WIDTH - LEFT - RIGHT);
                double py = HEIGHT - BOTTOM - share(y, point[1], logY) * (HEIGHT - BOTTOM - TOP);
                svg.append(
                        row.joined
                                ? String.format(Locale.ROOT, "%.1f,%.1f ", px, py)
                                : String.format(
                                        Locale.ROOT,
                                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"%s\" fill-opacity=\".7\"/>",
                                        px,
                                        py,
                                        row.colour));
            }
            if (row.joined) svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }

    private static String brief(double value) {
        if (value == 0) return "0";
        double size = Math.abs(value);
        if (size < 0.001 || size >= 100_000) return String.format(Locale.ROOT, "%.1e", value);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private double[] range(int axis) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Row row : rows) {
            for (double[] point : row.points) {
                low = Math.min(low, point[axis]);
                high = Math.max(high, point[axis]);
            }
        }
        if (!(low <= high)) return new double[] {0, 1};
        return low < high
                ? new double[] {low, high}
                : new double[] {low - Math.abs(low) / 2 - 1e-9, high + Math.abs(high) / 2 + 1e-9};
    }

    private static double at(double[] range, double share, boolean logarithmic) {
        if (!logarithmic) return range[0] + share * (range[1] - range[0]);
        return Math.exp(Math.log(range[0]) + share * Math.log(range[1] / range[0]));
    }

    private static double share(double[] range, double value, boolean logarithmic) {
        if (!logarithmic) return (value - range[0]) / (range[1] - range[0]);
        return Math.log(value / range[0]) / Math.log(range[1] / range[0]);
    }
}
