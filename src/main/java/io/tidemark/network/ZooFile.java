package io.tidemark.network;

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

    private static final List<String> WORDS = List.of(
            "activation",
            "batch-norm",
            "bidirectional-lstm",
            "conv1d",
            "conv2d",
            "dense",
            "dropout",
            "flatten",
            "gaussian-noise",
            "last-step",
            "lstm",
            "pool",
            "repeat",
            "reshape",
            "upsample");

    private final List<Problem> problems;
    private final String file;
    private List<Integer> layerLines = List.of();
    private int layersRead;

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
        List<Double> quantiles = quantiles(top);
        layerLines = top.itemLines("layers");
        List<Layer> layers = top.items("layers", this::plainLayer, this::layer);
        TrainingSpec training = training(top.section("training"));
        top.finish();
        if (problems.size() > before) return Optional.empty();
        try {
            NetworkSpec spec = new NetworkSpec(name, kind, input, window, horizon, quantiles, layers, training);
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

    private static List<Double> quantiles(Section top) {
        List<Double> quantiles = new ArrayList<>();
        for (String text : top.strings("quantiles")) {
            try {
                quantiles.add(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                top.problem("quantiles", "must be numbers, but one was " + text);
            }
        }
        return quantiles;
    }

    private TrainingSpec training(Section section) {
        requirePresent(section, "loss", "learning-rate", "batch");
        TrainingSpec.Loss loss = section.oneOf("loss", TrainingSpec.Loss.class, TrainingSpec.Loss.SMOOTH_L1);
        double rate = section.decimal("learning-rate", 1e-7, 1, 1e-3);
        int batch = section.integer("batch", 1, 4096, 1);
        section.finish();
        return new TrainingSpec(loss, rate, batch);
    }

    private Layer plainLayer(String word) {
        int index = layersRead++;
        switch (word) {
            case "flatten":
                return new Layer.Flatten();
            case "batch-norm":
                return new Layer.BatchNorm();
            case "last-step":
                return new Layer.LastStep();
            default:
                String remedy = WORDS.contains(word)
                        ? "needs its settings, such as '" + example(word) + "'"
                        : "is not a layer; known: " + String.join(", ", WORDS);
                problems.add(new Problem(file, layerLines.get(index), "layers[" + index + "] " + word + " " + remedy));
                return new Layer.Flatten();
        }
    }

    private static String example(String word) {
        return switch (word) {
            case "dense" -> "dense: {units: 32, activation: swish}";
            case "lstm", "bidirectional-lstm" -> word + ": {units: 32}";
            case "conv1d" -> "conv1d: {units: 16, kernel: 5, padding: causal, activation: relu}";
            case "conv2d" -> "conv2d: {units: 16, kernel: 3, padding: 1, activation: relu}";
            case "pool" -> "pool: {kind: max, size: 2}";
            case "upsample" -> "upsample: 2";
            case "activation" -> "activation: tanh";
            case "reshape" -> "reshape: [8, 0]";
            case "repeat" -> "repeat: 24";
            default -> word + ": 0.1";
        };
    }

    private Layer layer(Section item) {
        layersRead++;
        List<String> keys = item.keys();
        String word = keys.isEmpty() ? "" : keys.get(0);
        if (keys.size() > 1) item.problem(keys.get(1), "starts a second layer in one item; put '- ' before it");
        try {
            return layer(item, word);
        } catch (IllegalArgumentException e) {
            item.problem(word, String.valueOf(e.getMessage()));
            return new Layer.Flatten();
        }
    }

    private Layer layer(Section item, String word) {
        switch (word) {
            case "dense":
                Section dense = item.section(word);
                Layer made =
                        new Layer.Dense(units(dense), dense.oneOf("activation", Activation.class, Activation.IDENTITY));
                dense.finish();
                return made;
            case "lstm":
                Section lstm = item.section(word);
                Layer recurrent = new Layer.Lstm(units(lstm));
                lstm.finish();
                return recurrent;
            case "bidirectional-lstm":
                Section both = item.section(word);
                Layer twice = new Layer.BidirectionalLstm(units(both));
                both.finish();
                return twice;
            case "conv1d":
                return conv1d(item.section(word));
            case "conv2d":
                return conv2d(item.section(word));
            case "pool":
                Section pool = item.section(word);
                requirePresent(pool, "kind", "size");
                Layer pooled = new Layer.Pool(
                        pool.oneOf("kind", Layer.Pool.Kind.class, Layer.Pool.Kind.MAX), pool.integer("size", 2, 64, 2));
                pool.finish();
                return pooled;
            case "upsample":
                return new Layer.Upsample(item.integer(word, 2, 64, 2));
            case "activation":
                return new Layer.Activate(item.oneOf(word, Activation.class, Activation.IDENTITY));
            case "repeat":
                return new Layer.Repeat(item.integer(word, 1, 4096, 1));
            case "reshape":
                List<Integer> sizes = new ArrayList<>();
                for (String size : item.strings(word)) sizes.add(Integer.parseInt(size));
                return new Layer.Reshape(sizes);
            case "dropout":
                return new Layer.Dropout(item.decimal(word, 0, 0.9, 0));
            case "gaussian-noise":
                return new Layer.GaussianNoise(item.decimal(word, 0, 10, 0));
            default:
                throw new IllegalArgumentException("is not a layer with settings; known: " + String.join(", ", WORDS));
        }
    }

    private Layer conv1d(Section section) {
        requirePresent(section, "kernel");
        Units units = units(section);
        int kernel = section.integer("kernel", 1, 512, 1);
        int stride = section.integer("stride", 1, 512, 1);
        int dilation = section.integer("dilation", 1, 512, 1);
        boolean causal = section.has("padding") && section.string("padding", "").equals("causal");
        int padding = causal ? 0 : section.integer("padding", 0, 4096, 0);
        Activation activation = section.oneOf("activation", Activation.class, Activation.IDENTITY);
        section.finish();
        int before = causal ? (kernel - 1) * dilation : padding;
        return new Layer.Conv1d(units, kernel, stride, dilation, before, causal ? 0 : padding, activation);
    }

    private Layer conv2d(Section section) {
        requirePresent(section, "kernel");
        Units units = units(section);
        int kernel = section.integer("kernel", 1, 64, 1);
        int stride = section.integer("stride", 1, 64, 1);
        int padding = section.integer("padding", 0, 64, 0);
        Activation activation = section.oneOf("activation", Activation.class, Activation.IDENTITY);
        section.finish();
        return new Layer.Conv2d(units, kernel, stride, padding, activation);
    }

    private Units units(Section section) {
        if (!section.has("units")) {
            section.problem("units", "is missing: a number, output, or {share, least, most} of the input");
            section.string("units", "");
            return new Units.Count(1);
        }
        if (section.isMapping("units")) {
            Section share = section.section("units");
            double of = share.decimal("share", 1e-4, 16, 1);
            int least = share.integer("least", 1, Units.LIMIT, 1);
            int most = share.integer("most", 1, Units.LIMIT, Units.LIMIT);
            requirePresent(share, "share", "most");
            share.finish();
            return new Units.Share(of, Math.min(least, most), most);
        }
        if (section.string("units", "").equals("output")) return new Units.Output();
        return new Units.Count(section.integer("units", 1, Units.LIMIT, 1));
    }
}
