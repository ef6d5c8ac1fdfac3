package io.tidemark.role.retrain;

import io.tidemark.learn.fit.CurvePlot;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.learn.fit.SvgPlot;
import io.tidemark.learn.tuning.Hyperparameters;
import io.tidemark.learn.tuning.SearchResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One run's reports as a page for people: no script, no style sheet, no image from elsewhere. */
public final class HtmlReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;color:#1b2733;max-width:1080px;margin:2em auto;padding:0 1em}
            h1{font-size:1.6em;margin-bottom:.1em}h2{font-size:1.2em;margin-top:2.2em;border-bottom:1px solid #cfd8dc}
            p.note{color:#54656f}table{border-collapse:collapse;margin:.8em 0}
            th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #e3e9ec}
            th:first-child,td:first-child{text-align:left}th{color:#54656f;font-weight:600}
            tr.best td{font-weight:600;background:#eef7f1}td.bad{color:#a4322a}
            figure{display:inline-block;margin:.5em 1.2em .5em 0}
            figcaption{color:#54656f;font-size:.85em}
            """ + SvgPlot.STYLE;

    private HtmlReport() {}

    /**
     * @param run names the run
     * @param reports at least one
     */
    public static String of(String run, List<JobReport> reports) {
        if (reports.isEmpty()) throw new IllegalArgumentException("run " + run + " has no report yet");
        List<JobReport> ranked = new ArrayList<>(reports);
        ranked.sort(Comparator.comparingDouble(HtmlReport::testError)
                .thenComparing(report -> report.job().name().network())
                .thenComparing(report -> report.job().name().trial()));
        StringBuilder page = new StringBuilder(
                        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(SvgPlot.escape("Retraining " + run))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n");
        head(page, run, ranked);
        overview(page, ranked);
        for (JobReport report : ranked) section(page, report);
        return page.append("</body></html>\n").toString();
    }

    private static double testError(JobReport report) {
        Errors errors = report.outcome().fit() == null
                ? null
                : report.outcome().fit().errors().get("test");
        double error = errors == null ? Double.NaN : errors.meanAbsolute();
        return Double.isFinite(error) ? error : Double.POSITIVE_INFINITY;
    }

    private static void head(StringBuilder page, String run, List<JobReport> reports) {
        RetrainJob job = reports.get(0).job();
        long from = reports.stream()
                .mapToLong(report -> report.work().startedMs())
                .min()
                .orElse(0);
        long to = reports.stream()
                .mapToLong(report -> report.work().endedMs())
                .max()
                .orElse(0);
        double cpu = reports.stream()
                .mapToDouble(report -> report.work().cpuSeconds())
                .sum();
        page.append("<h1>Retraining of ")
                .append(SvgPlot.escape(job.name().stream()))
                .append("</h1>\n<p class=note>Run ")
                .append(SvgPlot.escape(run))
                .append(": ")
                .append(reports.size())
                .append(" of ")
                .append(job.jobs())
                .append(" jobs, ")
                .append(duration(to - from))
                .append(" from the first to the last, ")
                .append(String.format(Locale.ROOT, "%.0f", cpu))
                .append(" s of processor time.");
        for (JobReport report : reports) {
            JobReport.Part part = report.outcome().history();
            if (part == null) continue;
            page.append(" History from ")
                    .append(time(part.choice().fromMs()))
                    .append(" to ")
                    .append(time(part.toMs()))
                    .append(": ")
                    .append(number(part.counts().rows()))
                    .append(" rows of ")
                    .append(number(part.counts().series()))
                    .append(" series taught, ")
                    .append(number(part.counts().withheld()))
                    .append(" were withheld. Validation begins at ")
                    .append(time(part.choice().validationFromMs()))
                    .append(", the test part at ")
                    .append(time(part.choice().testFromMs()))
                    .append(". What was published was then trained on everything before ")
                    .append(
                            part.published().holdout() > 0
                                    ? time(part.published().holdoutFromMs())
                                    : "the end")
                    .append('.');
            break;
        }
        page.append("</p>\n");
    }

    private static void overview(StringBuilder page, List<JobReport> reports) {
        page.append("<h2>All networks, best first</h2>\n<table><tr><th>network</th><th>trial</th><th>test error</th>")
                .append("<th>champion's</th><th>validation loss</th><th>parameters</th><th>steps</th><th>CPU s</th>")
                .append("<th>published</th></tr>\n");
        boolean first = true;
        for (JobReport report : reports) {
            FitReport fit = report.outcome().fit();
            page.append(first && fit != null ? "<tr class=best>" : "<tr>")
                    .append("<td>")
                    .append(SvgPlot.escape(report.job().name().network()))
                    .append("</td><td>")
                    .append(report.job().name().trial())
                    .append("</td>");
            if (fit == null) {
                page.append("<td class=bad colspan=7 style=\"text-align:left\">")
                        .append(SvgPlot.escape(report.status() + ": " + report.reason()))
                        .append("</td></tr>\n");
                continue;
            }
            Errors champion = report.outcome().champion();
            Errors validation = fit.errors().get("validation");
            cell(page, figure(testError(report)));
            cell(page, champion == null ? "none" : figure(champion.meanAbsolute()));
            cell(page, validation == null ? "none" : figure(validation.loss()));
            cell(page, number(fit.subject().parameters()));
            cell(page, number(fit.course().steps()));
            cell(page, String.format(Locale.ROOT, "%.1f", report.work().cpuSeconds()));
            cell(page, SvgPlot.escape(report.outcome().version()));
            page.append("</tr>\n");
            first = false;
        }
        page.append(
                        "</table>\n<p class=note>Test error: mean of |expected − actual| in scale units over the newest part of the history, which nothing here was trained or chosen on. ")
                .append(
                        "A champion that learns as rows come has usually learnt these too, and its error is lower for it. ")
                .append("Autoencoders see the row they rebuild and forecasters do not: compare within a kind.</p>\n");
    }

    private static void section(StringBuilder page, JobReport report) {
        FitReport fit = report.outcome().fit();
        if (fit == null) return;
        page.append("<h2>")
                .append(SvgPlot.escape(report.job().name().network()))
                .append(", trial ")
                .append(report.job().name().trial())
                .append("</h2>\n");
        SearchResult search = report.outcome().search();
        page.append("<p class=note>")
                .append(SvgPlot.escape(fit.machine().engine() + " "
                        + fit.machine().build() + " on " + fit.machine().device()))
                .append(", seed ")
                .append(fit.setup().seed())
                .append(", batch ")
                .append(fit.setup().batch())
                .append(", ")
                .append(number(fit.setup().trainExamples()))
                .append(" training and ")
                .append(number(fit.setup().validationExamples()))
                .append(" validation examples, ")
                .append(number(fit.subject().multiplyAdds()))
                .append(" multiply-adds a sample; stopped: ")
                .append(fit.course().stopped().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .append("; best epoch ")
                .append(fit.course().bestEpoch())
                .append(".</p>\n");
        if (fit.course().curve().size() > 1) {
            page.append("<figure>")
                    .append(CurvePlot.of(fit))
                    .append("<figcaption>Loss by optimiser step</figcaption></figure>\n");
        }
        if (search == null) return;
        page.append("<figure>")
                .append(scatter(search))
                .append(
                        "<figcaption>Validation loss by learning rate, every round of the search</figcaption></figure>\n");
        page.append(
                "<table><tr><th>candidate</th><th>round</th><th>steps</th><th>learning rate</th><th>batch</th><th>weight decay</th><th>validation loss</th></tr>\n");
        for (SearchResult.Tried tried : search.tried()) {
            Hyperparameters h = tried.hyperparameters();
            boolean best = h.equals(search.chosen()) && tried.error() == search.error();
            page.append(best ? "<tr class=best><td>" : "<tr><td>")
                    .append(tried.candidate() == 0 ? "declared" : Integer.toString(tried.candidate()))
                    .append("</td>");
            cell(page, Integer.toString(tried.round()));
            cell(page, number(tried.steps()));
            cell(page, figure(h.learningRate()));
            cell(page, Integer.toString(h.batch()));
            cell(page, figure(h.weightDecay()));
            cell(page, figure(tried.error()));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static String scatter(SearchResult search) {
        List<double[]> points = new ArrayList<>();
        for (SearchResult.Tried tried : search.tried()) {
            if (Double.isFinite(tried.error()))
                points.add(new double[] {tried.hyperparameters().learningRate(), tried.error()});
        }
        return new SvgPlot(true).points("tried", "#2f6f9f", points).toString();
    }

    private static void cell(StringBuilder page, String text) {
        page.append("<td>").append(text).append("</td>");
    }

    static String figure(double value) {
        if (!Double.isFinite(value)) return "diverged";
        if (value == 0) return "0";
        return Math.abs(value) >= 0.001 && Math.abs(value) < 10_000
                ? String.format(Locale.ROOT, "%.4g", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    private static String duration(long ms) {
        Duration d = Duration.ofMillis(ms);
        return d.toMinutes() > 0 ? d.toMinutes() + " min " + d.toSecondsPart() + " s" : d.toSeconds() + " s";
    }
}
