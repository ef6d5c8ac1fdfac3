package io.tidemark.net.network;

import io.tidemark.config.Problem;
import io.tidemark.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the {@code layers} of a file of the zoo: a word alone, or a word with its settings. */
final class LayerFile {
    static final List<String> PLAIN =
            List.of("batch-norm", "flatten", "last-step", "layer-norm", "per-feature", "position", "prelu");

    static final List<String> WORDS = List.of(
            "activation",
            "batch-norm",
            "bidirectional-lstm",
            "conv1d",
            "conv2d",
            "cross-attention",
            "dense",
            "depth-to-space",
            "drop-connect",
            "dropout",
            "flatten",
            "gaussian-latent",
            "gaussian-noise",
            "gru",
            "hidden",
            "l1-activity",
            "last-step",
            "layer-norm",
            "lstm",
            "mark",
            "maxout",
            "per-feature",
            "pool",
            "position",
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
            case "maxout" -> "maxout: {units: 16, pieces: 2}";
            case "drop-connect" -> "drop-connect: {units: 32, rate: 0.3, activation: relu}";
            case "tied" -> "tied: {from: wide, activation: tanh}";
            case "hidden" -> "hidden: {share: 0.25, block: 4}";
            case "pool" -> "pool: {kind: max, size: 2}";
            case "upsample" -> "upsample: 2";
            case "activation" -> "activation: tanh";
            case "reshape" -> "reshape: [8, 0]";
            case "repeat" -> "repeat: 24";
            case "self-attention" -> "self-attention: {heads: 4, causal: true}";
            case "gaussian-latent" -> "gaussian-latent: {units: 16}";
            case "space-to-depth", "depth-to-space" -> word + ": 2";
            case "mark", "unflatten" -> word + ": wide";
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
                require(pool, "kind", "size");
                Layer pooled = new Resampling.Pool(
                        pool.oneOf("kind", Resampling.Pool.Kind.class, Resampling.Pool.Kind.MAX),
                        pool.integer("size", 2, 64, 2));
                pool.finish();
                return pooled;
            case "upsample":
                return new Resampling.Upsample(item.integer(word, 2, 64, 2));
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
                return furtherLayer(item, word);
        }
    }

    private Layer furtherLayer(Section item, String word) {
        switch (word) {
            case "l1-activity":
                return new Latent.L1Activity(item.decimal(word, 0, 100, 0));
            case "gaussian-latent":
                Section latent = item.section(word);
                Layer code = new Latent.Gaussian(units(latent), latent.decimal("weight", 0, 100, 1));
                latent.finish();
                return code;
            case "self-attention":
                Section attention = item.section(word);
                require(attention, "heads");
                Layer heads = new Attention.SelfAttention(
                        attention.integer("heads", 1, 64, 1), attention.bool("causal", false));
                attention.finish();
                return heads;
            case "space-to-depth":
                return new Pixels.SpaceToDepth(item.integer(word, 2, 16, 2));
            case "depth-to-space":
                return new Pixels.DepthToSpace(item.integer(word, 2, 16, 2));
            case "mark":
                return new Wiring.Mark(item.string(word, ""));
            case "unflatten":
                return new Wiring.Unflatten(item.string(word, ""));
            case "skip":
                Section skip = item.section(word);
                require(skip, "from", "join");
                Layer joined = new Wiring.Skip(
                        skip.string("from", ""), skip.oneOf("join", Wiring.Skip.Join.class, Wiring.Skip.Join.ADD));
                skip.finish();
                return joined;
            case "cross-attention":
                Section cross = item.section(word);
                require(cross, "heads", "from");
                Layer looks = new Attention.CrossAttention(cross.integer("heads", 1, 64, 1), cross.string("from", ""));
                cross.finish();
                return looks;
            case "hidden":
                Section hidden = item.section(word);
                require(hidden, "share", "block");
                Layer hides = new Hidden(hidden.decimal("share", 0, 0.95, 0), hidden.integer("block", 1, 256, 1));
                hidden.finish();
                return hides;
            default:
                Optional<Layer> more = neurons(item, word).or(() -> filters(item, word));
                if (more.isPresent()) return more.get();
                throw new IllegalArgumentException(
                        PLAIN.contains(word) ? "has no settings; write '- " + word + "'" : unknown(word));
        }
    }

    private Optional<Layer> neurons(Section item, String word) {
        switch (word) {
            case "gru":
                return Optional.of(recurrence(item.section(word), Recurrence.Kind.GRU));
            case "simple-recurrent":
                return Optional.of(recurrence(item.section(word), Recurrence.Kind.SIMPLE));
            case "maxout":
                Section maxout = item.section(word);
                require(maxout, "pieces");
                Layer largest = new Neurons.Maxout(units(maxout), maxout.integer("pieces", 2, 16, 2));
                maxout.finish();
                return Optional.of(largest);
            case "radial":
                Section radial = item.section(word);
                Layer bells = new Neurons.Radial(units(radial));
                radial.finish();
                return Optional.of(bells);
            case "drop-connect":
                Section sparse = item.section(word);
                require(sparse, "rate");
                Layer dropped = new Neurons.DropConnect(
                        units(sparse),
                        sparse.decimal("rate", 0, 0.9, 0),
                        sparse.oneOf("activation", Activation.class, Activation.IDENTITY));
                sparse.finish();
                return Optional.of(dropped);
            case "tied":
                Section tied = item.section(word);
                require(tied, "from");
                Layer mirrored = new Neurons.Tied(
                        tied.string("from", ""), tied.oneOf("activation", Activation.class, Activation.IDENTITY));
                tied.finish();
                return Optional.of(mirrored);
            default:
                return Optional.empty();
        }
    }

    private Layer recurrence(Section section, Recurrence.Kind kind) {
        Layer made = new Recurrence(kind, units(section));
        section.finish();
        return made;
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
        Activation activation = section.oneOf("activation", Activation.class, Activation.IDENTITY);
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
        Activation activation = section.oneOf("activation", Activation.class, Activation.IDENTITY);
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
        Activation activation = section.oneOf("activation", Activation.class, Activation.IDENTITY);
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
