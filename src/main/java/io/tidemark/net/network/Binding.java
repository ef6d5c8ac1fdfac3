package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;
import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Infers the shape of every layer. After a layer that does not fit, inference goes on with the shape the layer would have
 * given to a fitting input, so that one run reports every independent problem.
 */
final class Binding extends BindingScope implements Layer.Cases<int[]> {
    private Binding(NetworkSpec spec, int[] input) {
        super(spec, input, BoundLayer.size(output(spec, input).shape()));
    }

    static Network bind(NetworkSpec spec, int features) {
        if (spec.input() != NetworkSpec.Input.WINDOW) {
            throw unfit(spec, "reads images; bind it to channels, rows and columns, not to " + features + " features");
        }
        if (features < 1 || features > 4096) {
            throw unfit(spec, "features must be in [1, 4096], but was " + features);
        }
        return bind(spec, features, new int[] {spec.window(), features});
    }

    static Network bind(NetworkSpec spec, int channels, int rows, int columns) {
        int[] image = {channels, rows, columns};
        if (spec.input() != NetworkSpec.Input.IMAGE) {
            throw unfit(
                    spec,
                    "reads windows, not images such as " + Arrays.toString(image) + "; choose a network of"
                            + " input: image");
        }
        if (Math.min(channels, Math.min(rows, columns)) < 1
                || channels > 64
                || Math.max(rows, columns) > SIDE_LIMIT
                || product(image) > FLOATS_LIMIT) {
            throw unfit(
                    spec,
                    "an image must have 1 to 64 channels, 1 to " + SIDE_LIMIT + " rows and columns and at most "
                            + FLOATS_LIMIT + " values, but was " + Arrays.toString(image) + "; make it smaller");
        }
        return bind(spec, BoundLayer.size(image), image);
    }

    private static Network bind(NetworkSpec spec, int features, int[] input) {
        Binding binding = new Binding(spec, input);
        List<BoundLayer> layers = binding.layers();
        binding.checkWhole();
        if (!binding.problems.isEmpty()) throw new ShapeException(spec.name(), binding.problems);
        Port output = output(spec, input);
        boolean forecaster = spec.kind() == NetworkSpec.Kind.FORECASTER;
        int[] target = forecaster ? Arrays.copyOf(output.shape(), 2) : output.shape();
        return new Network(
                spec,
                features,
                List.of(new Port(Network.WINDOW, input)),
                List.of(output),
                List.of(new Port(output.name(), target)),
                layers);
    }

    private static ShapeException unfit(NetworkSpec spec, String sentence) {
        return new ShapeException(spec.name(), List.of(new ShapeException.Problem(-1, sentence)));
    }

    private static Port output(NetworkSpec spec, int[] input) {
        return switch (spec.kind()) {
            case AUTOENCODER -> new Port(Network.RECONSTRUCTION, input);
            case SEGMENTER -> new Port(Network.LOGITS, new int[] {1, input[1], input[2]});
            case FORECASTER ->
                new Port(Network.QUANTILES, new int[] {
                    spec.forecast().horizon(),
                    input[1],
                    spec.forecast().quantiles().size()
                });
        };
    }

    private List<BoundLayer> layers() {
        List<BoundLayer> bound = new ArrayList<>();
        for (Layer layer : spec.layers()) {
            begin();
            bound.add(end(layer, layer.match(this)));
        }
        return bound;
    }

    private void checkWhole() {
        if (product(shape) != outputSize) {
            whole("the last layer gives " + Arrays.toString(shape) + ", but the output needs " + outputSize
                    + " floats; end with a dense layer of units: output");
        }
        if (spec.training().pretraining() == TrainingSpec.Pretraining.LAYER_WISE) checkMirror();
        long total = parameters();
        if (total > PARAMETERS_LIMIT) {
            whole("has " + total + " parameters, more than the limit of " + PARAMETERS_LIMIT + "; make it narrower");
        }
    }

    /** Layer-wise pretraining needs dense layers whose widths read the same from both ends. */
    private void checkMirror() {
        List<int[]> shapes = new ArrayList<>();
        for (Parameter parameter : all) if (parameter.isWeight()) shapes.add(parameter.shape());
        for (int i = 0; i < shapes.size() / 2; i++) {
            int[] there = shapes.get(i);
            int[] back = shapes.get(shapes.size() - 1 - i);
            if (there[0] == back[1] && there[1] == back[0]) continue;
            whole("training.pretraining layer-wise needs a decoder that mirrors the encoder, but dense layer " + i
                    + " of " + there[1] + " to " + there[0] + " faces one of " + back[1] + " to " + back[0]);
        }
    }

    @Override
    public int[] flatten(Layer.Flatten layer) {
        return new int[] {BoundLayer.size(shape)};
    }

    @Override
    public int[] dense(Layer.Dense layer) {
        int in = shape[shape.length - 1];
        int rows = BoundLayer.size(shape) / in;
        int out = units(layer.units(), rows);
        parameter("weight", new int[] {out, in}, initial(layer.activation()), in, out);
        parameter("bias", new int[] {out}, Initial.ZERO, in, out);
        multiplyAdds = (long) rows * in * out;
        if (index > 0 && spec.layers().get(index - 1) instanceof Wiring.Mark mark)
            dense.put(mark.name(), new int[] {out, in});
        int[] output = shape.clone();
        output[output.length - 1] = out;
        return output;
    }

    @Override
    public int[] activate(Layer.Activate layer) {
        return shape;
    }

    @Override
    public int[] lstm(Layer.Lstm layer) {
        return new RecurrentBinding(this).lstm(layer);
    }

    @Override
    public int[] bidirectionalLstm(Layer.BidirectionalLstm layer) {
        return new RecurrentBinding(this).bidirectionalLstm(layer);
    }

    @Override
    public int[] recurrence(Recurrence layer) {
        return new RecurrentBinding(this).recurrence(layer);
    }

    @Override
    public int[] attention(Attention layer) {
        return layer.match(new AttentionBinding(this));
    }

    @Override
    public int[] diffusion(Diffusion layer) {
        return layer.match(new DiffusionBinding(this));
    }

    @Override
    public int[] monteCarlo(MonteCarlo layer) {
        return layer.match(new MonteCarloBinding(this));
    }

    @Override
    public int[] discriminator(Discriminator layer) {
        return DiscriminatorBinding.bind(layer, this);
    }

    @Override
    public int[] lastStep(Layer.LastStep layer) {
        requireSteps();
        return new int[] {shape[shape.length - 1]};
    }

    @Override
    public int[] repeat(Layer.Repeat layer) {
        if (shape.length != 1) {
            problem("needs an input of [feature], but gets " + Arrays.toString(shape)
                    + "; put last-step or flatten before it");
        }
        return new int[] {layer.steps(), shape[shape.length - 1]};
    }

    @Override
    public int[] reshape(Layer.Reshape layer) {
        int size = BoundLayer.size(shape);
        long known = 1;
        for (int s : layer.shape()) if (s > 0) known *= s;
        int[] output = new int[layer.shape().size()];
        long total = 1;
        for (int i = 0; i < output.length; i++) {
            int s = layer.shape().get(i);
            output[i] = s > 0 ? s : (int) Math.max(1, size / known);
            total *= output[i];
        }
        if (total != size) {
            problem("asks for " + layer.shape() + ", but its input " + Arrays.toString(shape) + " holds " + size
                    + " floats");
        }
        return output;
    }

    @Override
    public int[] dropout(Layer.Dropout layer) {
        return shape;
    }

    @Override
    public int[] gaussianNoise(Layer.GaussianNoise layer) {
        return shape;
    }

    @Override
    public int[] conv1d(Layer.Conv1d layer) {
        requireSteps();
        int in = shape[shape.length - 1];
        int reach = (layer.kernel() - 1) * layer.dilation() + 1;
        int steps = places(shape[0] + layer.before() + layer.after(), reach, layer.stride());
        int out = convolution(layer.units(), layer.activation(), steps, in, new int[] {layer.kernel()});
        return new int[] {steps, out};
    }

    @Override
    public int[] conv2d(Layer.Conv2d layer) {
        int[] image = image();
        int rows = places(image[1] + 2 * layer.padding(), layer.kernel(), layer.stride());
        int columns = places(image[2] + 2 * layer.padding(), layer.kernel(), layer.stride());
        int[] kernel = {layer.kernel(), layer.kernel()};
        int out = convolution(layer.units(), layer.activation(), rows * columns, image[0], kernel);
        return new int[] {out, rows, columns};
    }

    @Override
    public int[] upsample(Resampling.Upsample layer) {
        if (shape.length == 2) return new int[] {shape[0] * layer.factor(), shape[1]};
        int[] image = image();
        return new int[] {image[0], image[1] * layer.factor(), image[2] * layer.factor()};
    }

    @Override
    public int[] pool(Resampling.Pool layer) {
        int size = layer.size();
        if (shape.length == 2) return new int[] {places(shape[0], size, size), shape[1]};
        int[] image = image();
        return new int[] {image[0], places(image[1], size, size), places(image[2], size, size)};
    }

    @Override
    public int[] batchNorm(Layer.BatchNorm layer) {
        int features = shape.length == 3 ? shape[0] : shape[shape.length - 1];
        int[] size = {features};
        parameter("weight", size, Initial.ONE, 1, 1);
        parameter("bias", size, Initial.ZERO, 1, 1);
        String prefix = "running/" + index + "." + layer.word() + "/";
        running.add(new Parameter(prefix + "mean", size, Initial.ZERO, 1, 1));
        running.add(new Parameter(prefix + "variance", size, Initial.ONE, 1, 1));
        multiplyAdds = BoundLayer.size(shape);
        return shape;
    }

    @Override
    public int[] perFeature(PerFeature layer) {
        int[] output = output(spec, new int[] {spec.window(), inputSize / spec.window()})
                .shape();
        if (spec.kind() != NetworkSpec.Kind.FORECASTER || shape.length != 2 || shape[1] != output[1]) {
            problem(
                    "is for forecasters and needs an input of [step, feature] with every feature of the stream, but gets "
                            + Arrays.toString(shape) + "; take dense");
            return shape;
        }
        int units = BoundLayer.size(output);
        parameter("weight", new int[] {units, shape[0]}, Initial.XAVIER, shape[0], output[0] * output[2]);
        parameter("bias", new int[] {units}, Initial.ZERO, shape[0], units);
        multiplyAdds = (long) units * shape[0];
        return output;
    }

    @Override
    public int[] neurons(Neurons layer) {
        return layer.match(new NeuronBinding(this));
    }

    @Override
    public int[] filters(Filters layer) {
        return layer.match(new FilterBinding(this));
    }

    @Override
    public int[] hidden(Hidden layer) {
        if (shape.length == 1) {
            problem("needs an input of [step, feature] or [channel, row, column], but gets " + Arrays.toString(shape)
                    + "; put it before flatten, or take dropout");
        }
        return shape;
    }

    @Override
    public int[] l1Activity(Latent.L1Activity layer) {
        return shape;
    }

    @Override
    public int[] gaussianLatent(Latent.Gaussian layer) {
        if (shape.length != 1) {
            problem("needs an input of [feature], but gets " + Arrays.toString(shape) + "; put flatten before it");
        }
        int in = BoundLayer.size(shape);
        int units = units(layer.units(), 1);
        for (String of : new String[] {"mean_", "log_variance_"}) {
            parameter(of + "weight", new int[] {units, in}, Initial.XAVIER, in, units);
            parameter(of + "bias", new int[] {units}, Initial.ZERO, in, units);
        }
        multiplyAdds = 2L * in * units;
        innerFloats = 3L * units;
        return new int[] {units};
    }

    @Override
    public int[] spaceToDepth(Pixels.SpaceToDepth layer) {
        int[] image = image();
        int factor = layer.factor();
        if (image[1] % factor != 0 || image[2] % factor != 0) {
            problem("needs rows and columns that " + factor + " divides, but gets " + Arrays.toString(shape)
                    + "; resize or crop the images");
            sizesLost = true;
        }
        return new int[] {image[0] * factor * factor, Math.max(1, image[1] / factor), Math.max(1, image[2] / factor)};
    }

    @Override
    public int[] depthToSpace(Pixels.DepthToSpace layer) {
        int[] image = image();
        int square = layer.factor() * layer.factor();
        if (image[0] % square != 0) {
            problem("needs channels that " + square + " divides, but gets " + Arrays.toString(shape)
                    + "; put conv2d with such units before it");
        }
        return new int[] {Math.max(1, image[0] / square), image[1] * layer.factor(), image[2] * layer.factor()};
    }

    @Override
    public int[] mark(Wiring.Mark layer) {
        if (marks.put(layer.name(), shape) != null) {
            problem("is the second of name " + layer.name() + "; give it another");
        }
        return shape;
    }

    @Override
    public int[] skip(Wiring.Skip layer) {
        if (!marks.containsKey(layer.from())) return marked(layer.from());
        int[] from = marked(layer.from());
        boolean concat = layer.join() == Wiring.Skip.Join.CONCAT;
        int axis = shape.length == 3 ? 0 : shape.length - 1;
        int[] joined = shape.clone();
        if (concat && from.length == shape.length) joined[axis] = from[axis];
        if (!Arrays.equals(from, joined)) {
            problem("joins " + Arrays.toString(from) + " from " + layer.from() + " to " + Arrays.toString(shape)
                    + ", which must agree" + (concat ? " but for their " + (axis == 0 ? "channels" : "features") : "")
                    + "; change the layers between them");
            return shape;
        }
        if (concat) joined[axis] += shape[axis];
        return joined;
    }

    @Override
    public int[] unflatten(Wiring.Unflatten layer) {
        int[] from = marked(layer.from());
        if (BoundLayer.size(from) != BoundLayer.size(shape)) {
            problem("gives the shape " + Arrays.toString(from) + " of " + layer.from() + ", but its input "
                    + Arrays.toString(shape) + " holds " + BoundLayer.size(shape)
                    + " floats; put dense: {units: {like: "
                    + layer.from() + "}} before it");
        }
        return from;
    }
}
