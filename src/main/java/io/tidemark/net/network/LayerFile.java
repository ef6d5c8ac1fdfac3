package io.tidemark.net.network;

import io.tidemark.config.Problem;
import io.tidemark.config.Section;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the {@code layers} of a file of the zoo: a word alone, or a word with its settings. */
final class LayerFile {
    static final List<String> PLAIN = List.of(
            "batch-norm", "flatten", "last-step", "layer-norm", "per-feature", "position", "predictive", "prelu");

    static final List<String> WORDS = List.of(
            "activation",
            "batch-norm",
            "bidirectional-lstm",
            "conv1d",
            "conv2d",
            "cross-attention",
            "denoised",
            "dense",
            "depth-to-space",
            "discriminator",
            "drop-connect",
            "dropout",
            "flatten",
            "gaussian-latent",
            "gaussian-noise",
            "graph-attention",
            "gru",
            "hidden",
            "l1-activity",
            "last-step",
            "layer-norm",
            "lstm",
            "mark",
            "maxout",
            "monte-carlo-dropout",
            "noise-levels",
            "per-feature",
            "pool",
            "position",
            "predictive",
            "prelu",
            "radial",
            "repeat",
            "reshape",
            "self-attention",
            "separable-conv1d",
            "separable-conv2d",
            "simple-recurrent",
            "skip",
            "space-to-depth",
            "tied",
            "transposed-conv1d",
            "transposed-conv2d",
            "unflatten",
            "upsample");

    private final String file;
    private final List<Problem> problems;
    private final List<Integer> layerLines;
    private int layersRead;

    /** @param layerLines the line of each layer */
    LayerFile(String file, List<Problem> problems, List<Integer> layerLines) {
        this.file = file;
        this.problems = problems;
        this.layerLines = layerLines;
    }

    /** Every layer, a wrong one replaced by flatten. */
    List<Layer> read(Section top) {
        return top.items("layers", this::plainLayer, this::layer);
    }

    private static void require(Section section, String... keys) {
        for (String key : keys) {
            if (!section.has(key)) section.problem(key, "is missing");
        }
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
            case "layer-norm":
                return new Attention.LayerNorm();
            case "per-feature":
                return new PerFeature();
            case "position":
                return new Attention.Position();
            case "predictive":
                return new MonteCarlo.Predictive();
            case "prelu":
                return new Neurons.Prelu();
            default:
                String remedy =
                        WORDS.contains(word) ? "needs its settings, such as '" + example(word) + "'" : unknown(word);
                problems.add(new Problem(file, layerLines.get(index), "layers[" + index + "] " + word + " " + remedy));
                return new Layer.Flatten();
        }
    }

    /** How a layer with settings is written. */
    static String example(String word) {
        return switch (word) {
            case "dense" -> "dense: {units: 32, activation: swish}";
            case "lstm", "bidirectional-lstm", "gru", "simple-recurrent", "radial" -> word + ": {units: 32}";
            case "conv1d", "separable-conv1d" -> word + ": {units: 16, kernel: 5, padding: causal, activation: relu}";
            case "conv2d", "separable-conv2d" -> word + ": {units: 16, kernel: 3, padding: 1, activation: relu}";
            case "transposed-conv1d", "transposed-conv2d" -> word + ": {units: 16, kernel: 4, stride: 2, padding: 1}";
            case "cross-attention" -> "cross-attention: {heads: 4, from: wide}";
            case "graph-attention" -> "graph-attention: {units: 32, neighbours: 8}";
            case "monte-carlo-dropout" -> "monte-carlo-dropout: {rate: 0.2, passes: 8}";
            case "maxout" -> "maxout: {units: 16, pieces: 2}";
            case "drop-connect" -> "drop-connect: {units: 32, rate: 0.3, activation: relu}";
            case "tied" -> "tied: {from: wide, activation: tanh}";
            case "discriminator" -> "discriminator: {units: 32, weight: 0.1, from: clean}";
            case "hidden" -> "hidden: {share: 0.25, block: 4}";
            case "pool" -> "pool: {kind: max, size: 2}";
            case "upsample" -> "upsample: 2";
            case "activation" -> "activation: tanh";
            case "reshape" -> "reshape: [8, 0]";
            case "repeat" -> "repeat: 24";
            case "self-attention" -> "self-attention: {heads: 4, causal: true}";
            case "gaussian-latent" -> "gaussian-latent: {units: 16}";
            case "space-to-depth", "depth-to-space" -> word + ": 2";
            case "noise-levels" -> "noise-levels: [0.2, 0.4, 0.8]";
            case "mark", "unflatten", "denoised" -> word + ": wide";
            case "skip" -> "skip: {from: wide, join: concat}";
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
        return switch (word) {
            case "dense" -> read(item, word, of -> new Layer.Dense(units(of), activation(of)));
            case "lstm" -> read(item, word, of -> new Layer.Lstm(units(of)));
            case "bidirectional-lstm" -> read(item, word, of -> new Layer.BidirectionalLstm(units(of)));
            case "conv1d" -> conv1d(item.section(word));
            case "conv2d" -> conv2d(item.section(word));
            case "pool" ->
                read(
                        item,
                        word,
                        of -> new Resampling.Pool(
                                of.oneOf("kind", Resampling.Pool.Kind.class, Resampling.Pool.Kind.MAX),
                                of.integer("size", 2, 64, 2)),
                        "kind",
                        "size");
            case "upsample" -> new Resampling.Upsample(item.integer(word, 2, 64, 2));
            case "activation" -> new Layer.Activate(item.oneOf(word, Activation.class, Activation.IDENTITY));
            case "repeat" -> new Layer.Repeat(item.integer(word, 1, 4096, 1));
            case "reshape" ->
                new Layer.Reshape(
                        item.strings(word).stream().map(Integer::parseInt).toList());
            case "dropout" -> new Layer.Dropout(item.decimal(word, 0, 0.9, 0));
            case "gaussian-noise" -> new Layer.GaussianNoise(item.decimal(word, 0, 10, 0));
            default -> furtherLayer(item, word);
        };
    }

    private Layer furtherLayer(Section item, String word) {
        return switch (word) {
            case "l1-activity" -> new Latent.L1Activity(item.decimal(word, 0, 100, 0));
            case "gaussian-latent" ->
                read(item, word, of -> new Latent.Gaussian(units(of), of.decimal("weight", 0, 100, 1)));
            case "self-attention" ->
                read(
                        item,
                        word,
                        of -> new Attention.SelfAttention(of.integer("heads", 1, 64, 1), of.bool("causal", false)),
                        "heads");
            case "space-to-depth" -> new Pixels.SpaceToDepth(item.integer(word, 2, 16, 2));
            case "depth-to-space" -> new Pixels.DepthToSpace(item.integer(word, 2, 16, 2));
            case "noise-levels" -> new Diffusion.NoiseLevels(item.decimals(word));
            case "denoised" -> new Diffusion.Denoised(item.string(word, ""));
            case "mark" -> new Wiring.Mark(item.string(word, ""));
            case "unflatten" -> new Wiring.Unflatten(item.string(word, ""));
            case "skip" ->
                read(
                        item,
                        word,
                        of -> new Wiring.Skip(
                                of.string("from", ""), of.oneOf("join", Wiring.Skip.Join.class, Wiring.Skip.Join.ADD)),
                        "from",
                        "join");
            case "cross-attention" ->
                read(
                        item,
                        word,
                        of -> new Attention.CrossAttention(of.integer("heads", 1, 64, 1), of.string("from", "")),
                        "heads",
                        "from");
            case "graph-attention" ->
                read(
                        item,
                        word,
                        of -> new Attention.GraphAttention(units(of), of.integer("neighbours", 1, 64, 1)),
                        "neighbours");
            case "discriminator" ->
                read(
                        item,
                        word,
                        of -> new Discriminator(
                                of.integer("units", 1, 4096, 1),
                                of.decimal("weight", 1e-6, 100, 1),
                                of.string("from", "")),
                        "units",
                        "weight",
                        "from");
            case "monte-carlo-dropout" ->
                read(
                        item,
                        word,
                        of -> new MonteCarlo.Dropout(
                                of.decimal("rate", 0.01, 0.9, 0.2), of.integer("passes", 2, 64, 8)),
                        "rate",
                        "passes");
            case "hidden" ->
                read(
                        item,
                        word,
                        of -> new Hidden(of.decimal("share", 0, 0.95, 0), of.integer("block", 1, 256, 1)),
                        "share",
                        "block");
            default ->
                neurons(item, word)
                        .or(() -> filters(item, word))
                        .orElseThrow(() -> new IllegalArgumentException(
                                PLAIN.contains(word) ? "has no settings; write '- " + word + "'" : unknown(word)));
        };
    }

    private Optional<Layer> neurons(Section item, String word) {
        return switch (word) {
            case "gru" -> Optional.of(read(item, word, of -> new Recurrence(Recurrence.Kind.GRU, units(of))));
            case "simple-recurrent" ->
                Optional.of(read(item, word, of -> new Recurrence(Recurrence.Kind.SIMPLE, units(of))));
            case "maxout" ->
                Optional.of(read(
                        item, word, of -> new Neurons.Maxout(units(of), of.integer("pieces", 2, 16, 2)), "pieces"));
            case "radial" -> Optional.of(read(item, word, of -> new Neurons.Radial(units(of))));
            case "drop-connect" ->
                Optional.of(read(
                        item,
                        word,
                        of -> new Neurons.DropConnect(units(of), of.decimal("rate", 0, 0.9, 0), activation(of)),
                        "rate"));
            case "tied" ->
                Optional.of(read(item, word, of -> new Neurons.Tied(of.string("from", ""), activation(of)), "from"));
            default -> Optional.empty();
        };
    }

    /** A layer with settings of its own, of which some must be given. */
    private static Layer read(Section item, String word, Function<Section, Layer> made, String... required) {
        Section section = item.section(word);
        require(section, required);
        Layer layer = made.apply(section);
        section.finish();
        return layer;
    }

    private static Activation activation(Section section) {
        return section.oneOf("activation", Activation.class, Activation.IDENTITY);
    }

    private Optional<Layer> filters(Section item, String word) {
        return switch (word) {
            case "separable-conv1d" -> Optional.of(new Filters.Separable1d(conv1d(item.section(word))));
            case "separable-conv2d" -> Optional.of(new Filters.Separable2d(conv2d(item.section(word))));
            case "transposed-conv1d" -> Optional.of(transposed(1, item.section(word)));
            case "transposed-conv2d" -> Optional.of(transposed(2, item.section(word)));
            default -> Optional.empty();
        };
    }

    private Layer transposed(int dimensions, Section section) {
        require(section, "kernel", "stride");
        Units units = units(section);
        int kernel = section.integer("kernel", 1, 64, 1);
        int stride = section.integer("stride", 1, 64, 1);
        int padding = section.integer("padding", 0, 63, 0);
        Activation activation = activation(section);
        section.finish();
        return new Filters.Transposed(dimensions, units, kernel, stride, padding, activation);
    }

    private static String unknown(String word) {
        if (word.contains("transpose") || word.startsWith("deconv")) {
            return "is not a layer: take transposed-conv1d or transposed-conv2d, or upsample and then a convolution, which"
                    + " leave no chequerboard";
        }
        return "is not a layer; known: " + String.join(", ", WORDS);
    }

    private Layer.Conv1d conv1d(Section section) {
        require(section, "kernel");
        Units units = units(section);
        int kernel = section.integer("kernel", 1, 512, 1);
        int stride = section.integer("stride", 1, 512, 1);
        int dilation = section.integer("dilation", 1, 512, 1);
        boolean causal = section.has("padding") && section.string("padding", "").equals("causal");
        int padding = causal ? 0 : section.integer("padding", 0, 4096, 0);
        Activation activation = activation(section);
        section.finish();
        int before = causal ? (kernel - 1) * dilation : padding;
        return new Layer.Conv1d(units, kernel, stride, dilation, before, causal ? 0 : padding, activation);
    }

    private Layer.Conv2d conv2d(Section section) {
        require(section, "kernel");
        Units units = units(section);
        int kernel = section.integer("kernel", 1, 64, 1);
        int stride = section.integer("stride", 1, 64, 1);
        int padding = section.integer("padding", 0, 64, 0);
        Activation activation = activation(section);
        section.finish();
        return new Layer.Conv2d(units, kernel, stride, padding, activation);
    }

    private Units units(Section section) {
        if (!section.has("units")) {
            section.problem(
                    "units", "is missing: a number, output, {share, least, most} of the input, or {like: MARK}");
            section.string("units", "");
            return new Units.Count(1);
        }
        if (section.isMapping("units")) {
            Section share = section.section("units");
            if (share.has("like")) {
                Units like = new Units.Like(share.string("like", ""));
                share.finish();
                return like;
            }
            double of = share.decimal("share", 1e-4, 16, 1);
            int least = share.integer("least", 1, Units.LIMIT, 1);
            int most = share.integer("most", 1, Units.LIMIT, Units.LIMIT);
            require(share, "share", "most");
            share.finish();
            return new Units.Share(of, Math.min(least, most), most);
        }
        if (section.string("units", "").equals("output")) return new Units.Output();
        return new Units.Count(section.integer("units", 1, Units.LIMIT, 1));
    }
}
