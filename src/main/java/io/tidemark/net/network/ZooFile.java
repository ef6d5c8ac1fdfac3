package io.tidemark.net.network;

import io.tidemark.config.Outline;
import io.tidemark.config.Problem;
import io.tidemark.config.Section;
import io.tidemark.config.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one file of the zoo; every mistake is noted with its line, and a file with any gives no entry. */
final class ZooFile {
    private static final int[] IMAGE_SIDES = {28, 64, 96, 192, 224, 256};

    private final List<Problem> problems;
    private final String file;
    private List<Integer> layerLines = List.of();

    private ZooFile(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads a file; its name without {@code .yaml} is the network's. */
    static Optional<Zoo.Entry> read(Path path, List<Problem> problems) {
        Path last = path.getFileName();
        String name = String.valueOf(last).replaceAll("\\.yaml$", "");
        return new ZooFile(path.toString(), problems).read(name, YamlFile.open(path, problems));
    }

    static Optional<Zoo.Entry> parse(String name, String text, List<Problem> problems) {
        String file = name + ".yaml";
        return new ZooFile(file, problems).read(name, YamlFile.parse(file, text, problems));
    }

    /** Lets an outline hear what is asked of a file; what the file says does not matter. */
    static void outline(String text, Outline outline) {
        List<Problem> problems = new ArrayList<>();
        new ZooFile("outline", problems).read("outline", YamlFile.parse("outline", text, problems, outline));
    }

    private Optional<Zoo.Entry> read(String name, Section top) {
        final int before = problems.size();
        Zoo.About about = new Zoo.About(
                top.required("summary"),
                top.required("works"),
                top.required("fails"),
                top.required("cost"),
                top.required("paper"));
        NetworkSpec.Kind kind = top.oneOf("kind", NetworkSpec.Kind.class, NetworkSpec.Kind.AUTOENCODER);
        NetworkSpec.Input input = top.oneOf("input", NetworkSpec.Input.class, NetworkSpec.Input.WINDOW);
        requirePresent(top, "kind", "layers", "training");
        if (input == NetworkSpec.Input.WINDOW) requirePresent(top, "window");
        int window = top.integer("window", 1, 4096, 1);
        int horizon = top.integer("horizon", 1, 512, 0);
        List<Double> quantiles = top.decimals("quantiles");
        Normalisation.Level level = top.oneOf("normalise", Normalisation.Level.class, Normalisation.Level.NONE);
        Normalisation.Scale scale = top.oneOf("normalise-scale", Normalisation.Scale.class, Normalisation.Scale.SERIES);
        layerLines = top.itemLines("layers");
        List<Layer> layers = new LayerFile(file, problems, layerLines).read(top);
        TrainingSpec training = TrainingFile.read(top.section("training"));
        top.finish();
        if (problems.size() > before) return Optional.empty();
        try {
            Normalisation normalisation = new Normalisation(level, scale);
            NetworkSpec spec = new NetworkSpec(
                    name,
                    kind,
                    input,
                    window,
                    new NetworkSpec.Forecast(horizon, quantiles),
                    layers,
                    training,
                    normalisation);
            tryOn(spec);
            return Optional.of(new Zoo.Entry(spec, about));
        } catch (ShapeException e) {
            for (ShapeException.Problem problem : e.problems()) {
                boolean known = problem.layer() >= 0 && problem.layer() < layerLines.size();
                int line = known ? layerLines.get(problem.layer()) : top.lineOf("layers");
                problems.add(new Problem(file, line, problem.sentence()));
            }
        } catch (IllegalArgumentException e) {
            for (String sentence : String.valueOf(e.getMessage()).split("\n")) {
                String key = sentence.substring(0, Math.max(0, sentence.indexOf(' ')));
                String top1 = key.startsWith("training") ? "training" : key;
                problems.add(new Problem(file, top.has(top1) ? top.lineOf(top1) : 0, sentence));
            }
        }
        return Optional.empty();
    }

    /** Binds it to one feature, or to the first of some common image sizes that fits. */
    private static void tryOn(NetworkSpec spec) {
        if (spec.input() == NetworkSpec.Input.WINDOW) {
            spec.bind(1);
            return;
        }
        List<ShapeException> refused = new ArrayList<>();
        for (int channels : new int[] {1, 3}) {
            for (int side : IMAGE_SIDES) {
                try {
                    spec.bind(channels, side, side);
                    return;
                } catch (ShapeException e) {
                    refused.add(e);
                }
            }
        }
        throw refused.get(0);
    }

    private void requirePresent(Section section, String... keys) {
        for (String key : keys) {
            if (!section.has(key)) section.problem(key, "is missing");
        }
    }
}
