package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Columns;
import io.tidemark.learn.fit.CurvePlot;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What {@code networks fit} leaves behind: files, and lines for people or programs. */
final class FitOutput {
    private FitOutput() {}

    /** Writes {@code NETWORK.safetensors}, {@code report.json} and {@code curves.svg} into a folder. */
    static void write(Path folder, NetworkState weights, FitReport report) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(report.subject().network() + ".safetensors"), Safetensors.write(weights));
        Files.writeString(folder.resolve("report.json"), report.toJsonText());
        String title = report.subject().network() + ", " + report.machine().engine() + "/"
                + report.machine().device() + ", seed " + report.setup().seed() + ": loss by optimiser step";
        Files.writeString(folder.resolve("curves.svg"), CurvePlot.of(report).document(title));
    }

    static ObjectNode json(FitReport report, String label) {
        ObjectNode node = report.toJson();
        if (!label.isEmpty()) node.put("series", label);
        return node;
    }

    static void print(PrintWriter out, FitReport report, String label, Path folder) {
        if (!label.isEmpty()) out.println(label);
        out.printf(
                Locale.ROOT,
                "%s on %s/%s (%s): %,d parameters, %,d multiply-adds a sample%n",
                report.subject().network(),
                report.machine().engine(),
                report.machine().device(),
                report.machine().build(),
                report.subject().parameters(),
                report.subject().multiplyAdds());
        int last = report.course().curve().isEmpty()
                ? 0
                : report.course()
                        .curve()
                        .get(report.course().curve().size() - 1)
                        .epoch();
        out.printf(
                Locale.ROOT,
                "%,d examples taught in %,d steps of %d; epoch %d of %d kept (%,d examples chose it); %s; %.1f s of processor time%n",
                report.setup().trainExamples(),
                report.course().steps(),
                report.setup().batch(),
                report.course().bestEpoch(),
                last,
                report.setup().validationExamples(),
                ended(report.course().stopped()),
                report.course().cpuSeconds());
        FitReport.Origin from = report.setup().from();
        if (from != null) began(out, report, from);
        Columns columns = new Columns(
                Columns.text("part", 20),
                Columns.text("", 26),
                Columns.number("examples", 10),
                Columns.number("squared error", 13),
                Columns.number("absolute error", 14),
                Columns.number("loss", 10));
        out.println(columns.header());
        for (Map.Entry<String, Errors> part : report.errors().entrySet()) {
            out.println(columns.line(line(part.getKey(), report.subject().network(), part.getValue())));
            String prefix = part.getKey() + "/";
            for (Map.Entry<String, Errors> reference : report.references().entrySet()) {
                if (!reference.getKey().startsWith(prefix)) continue;
                String rule = reference.getKey().substring(prefix.length());
                out.println(columns.line(line(part.getKey(), rule, reference.getValue())));
            }
        }
        out.println("wrote " + folder.resolve(report.subject().network() + ".safetensors")
                + ", report.json and curves.svg");
    }

    private static void began(PrintWriter out, FitReport report, FitReport.Origin from) {
        out.printf(
                Locale.ROOT,
                "began with %s of %s%s; its encoder stayed as it was for %,d steps%n",
                String.join(", ", layers(from.carried())),
                from.model(),
                from.anew().isEmpty() ? "" : ", and anew with " + String.join(", ", layers(from.anew())),
                report.course().frozenSteps());
    }

    /** {@code 0.lstm} of {@code param/0.lstm/bias}, each once. */
    private static Set<String> layers(List<String> tensors) {
        Set<String> layers = new LinkedHashSet<>();
        for (String tensor : tensors) layers.add(tensor.substring(tensor.indexOf('/') + 1, tensor.lastIndexOf('/')));
        return layers;
    }

    private static List<String> line(String part, String who, Errors errors) {
        return List.of(
                part,
                who,
                String.format(Locale.ROOT, "%,d", errors.examples()),
                number(errors.meanSquared()),
                number(errors.meanAbsolute()),
                number(errors.loss()));
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.5f", value) : "";
    }

    private static String ended(FitReport.Stopped stopped) {
        return switch (stopped) {
            case EPOCHS -> "all epochs done";
            case STEPS -> "ended by the number of steps";
            case CPU -> "ended by processor time";
            case NO_PROGRESS -> "stopped as the validation loss went down no more";
            case DIVERGED -> "stopped as the loss was not finite again and again";
            case ASKED -> "stopped when asked";
            case CLOSED_FORM -> "in closed form";
        };
    }
}
