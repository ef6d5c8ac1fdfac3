package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Initial;
import io.tidemark.net.network.BoundLayer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a layer is bound in: the shape that arrives, the marks before it, and where its parameters, costs and problems go. */
abstract class BindingScope {
    /** The most floats between two layers for one sample. */
    static final int FLOATS_LIMIT = 1 << 22;

    /** The most rows or columns of an image. */
    static final int SIDE_LIMIT = 4096;

    /** The most parameters of a network. */
    static final long PARAMETERS_LIMIT = 1L << 26;

    final NetworkSpec spec;
    final int inputSize;
    final int outputSize;
    final List<ShapeException.Problem> problems = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    final List<Parameter> running = new ArrayList<>();
    final List<Parameter> all = new ArrayList<>();
    int index;
    int[] shape;
    long multiplyAdds;
    long innerFloats;

    /** Set where an image's sides do not divide: whatever does not fit afterwards follows from that. */
    boolean sizesLost;

    /** Rows of the layer at hand that become one sample again, such as noise levels; 1 elsewhere. */
    int copies = 1;

    final Map<String, int[]> marks = new HashMap<>();

    /** Sizes {@code [out, in]} of the dense layer that stands directly behind each mark. */
    final Map<String, int[]> dense = new HashMap<>();

    /**
     * @param input shape of one sample
     * @param outputSize floats of one sample that leave the network
     */
    BindingScope(NetworkSpec spec, int[] input, int outputSize) {
        this.spec = spec;
        this.shape = input;
        this.inputSize = BoundLayer.size(input);
        this.outputSize = outputSize;
    }

    /** Before a layer is asked for its output's shape. */
    void begin() {
        parameters.clear();
        running.clear();
        multiplyAdds = 0;
        innerFloats = 0;
    }

    /** The layer at hand, bound; its output arrives at the next. */
    BoundLayer end(Layer layer, int[] output) {
        int[] input = shape;
        shape = output;
        if (product(shape) > FLOATS_LIMIT) {
            problem("gives " + Arrays.toString(shape) + ", more than the limit of " + FLOATS_LIMIT
                    + " floats a sample; make it narrower");
            shape = new int[] {1};
        }
        return new BoundLayer(index++, layer, input, shape, parameters, running, multiplyAdds, innerFloats);
    }

    /** Floats of all parameters so far. */
    long parameters() {
        long total = 0;
        for (Parameter parameter : all) total += product(parameter.shape());
        return total;
    }

    /** How many outputs fit along one dimension. */
    int places(int length, int reach, int stride) {
        if (length < reach) {
            problem("reaches over " + reach + " of its input's " + length + " places in " + Arrays.toString(shape)
                    + "; make the kernel or size smaller, or pad");
            return 1;
        }
        return (length - reach) / stride + 1;
    }

    int convolution(Units units, Activation activation, int places, int in, int[] kernel) {
        int out = units(units, places);
        int taps = BoundLayer.size(kernel);
        int[] weight = new int[2 + kernel.length];
        weight[0] = out;
        weight[1] = in;
        System.arraycopy(kernel, 0, weight, 2, kernel.length);
        parameter("weight", weight, initial(activation), in * taps, out * taps);
        parameter("bias", new int[] {out}, Initial.ZERO, in * taps, out * taps);
        multiplyAdds = (long) places * in * taps * out;
        return out;
    }

    int[] image() {
        if (shape.length == 3) return shape;
        problem("needs an input of [channel, row, column], but gets " + Arrays.toString(shape)
                + "; put reshape before it");
        return new int[] {1, 1, BoundLayer.size(shape)};
    }

    /** Sizes of the dense layer directly behind a mark, null where there is none. */
    int @Nullable [] denseBehind(String mark) {
        return dense.get(mark);
    }

    int[] shape() {
        return shape;
    }

    /** Multiplications with an addition, and floats that training keeps, of the layer at hand. */
    void costs(long products, long inner) {
        multiplyAdds = products;
        innerFloats = inner;
    }

    /** The shape that an earlier mark named; what arrives here where there is none, with a problem noted. */
    int[] marked(String name) {
        int[] from = marks.get(name);
        if (from != null) return from;
        problem("takes from " + name + ", but no mark before it has that name; put mark: " + name + " where it begins");
        return shape;
    }

    int units(Units units, int rows) {
        if (units instanceof Units.Like like) return BoundLayer.size(marked(like.mark()));
        int whole = outputSize * copies;
        int wanted = whole / rows;
        if (units instanceof Units.Output && wanted * rows != whole) {
            problem("has units: output, but the output's " + outputSize + " floats do not divide into " + rows
                    + " rows; put flatten or last-step before it");
        }
        return units.resolve(inputSize, Math.max(1, wanted));
    }

    /**
     * The place of the newest layer of a kind that lays a sample in rows, which the layer at hand makes one sample of; -1 where there is
     * none. What stands between must treat every row alike and by itself; what does not is noted as a problem.
     */
    int rowsBegin(Class<? extends Layer> kind) {
        int begin = index - 1;
        while (begin >= 0 && !kind.isInstance(spec.layers().get(begin))) begin--;
        if (begin < 0) return begin;
        for (Layer between : spec.layers().subList(begin + 1, index)) {
            boolean apart = between instanceof Layer.Dense
                    || between instanceof Layer.Activate
                    || between instanceof Layer.Dropout
                    || between instanceof Layer.GaussianNoise
                    || between instanceof Attention.LayerNorm
                    || between instanceof Latent.L1Activity
                    || between instanceof Neurons
                    || between instanceof Wiring.Mark
                    || between instanceof Wiring.Skip;
            if (apart) continue;
            problem("needs the rows of " + spec.layers().get(begin).word() + " apart, but " + between.word()
                    + " mixes them; take dense and other layers on the last dimension between the two");
        }
        return begin;
    }

    void requireSteps() {
        if (shape.length != 2) {
            problem("needs an input of [step, feature], but gets " + Arrays.toString(shape)
                    + "; put it before flatten or after repeat");
        }
    }

    void parameter(String suffix, int[] shape, Initial initial, int fanIn, int fanOut) {
        String name = "param/" + index + "." + spec.layers().get(index).word() + "/" + suffix;
        Parameter parameter = new Parameter(name, shape, started(initial), fanIn, fanOut);
        parameters.add(parameter);
        all.add(parameter);
    }

    /** What the training set-up wishes of a weight; everything else starts as its layer says. */
    private Initial started(Initial byLayer) {
        if (byLayer != Initial.XAVIER && byLayer != Initial.HE) return byLayer;
        return switch (spec.training().initial()) {
            case BY_ACTIVATION -> byLayer;
            case XAVIER -> Initial.XAVIER;
            case HE -> Initial.HE;
            case ORTHOGONAL -> Initial.ORTHOGONAL;
        };
    }

    void problem(String sentence) {
        if (sizesLost) return;
        Layer layer = spec.layers().get(index);
        problems.add(new ShapeException.Problem(index, "layer " + index + " (" + layer.word() + ") " + sentence));
    }

    void whole(String sentence) {
        if (sizesLost) return;
        problems.add(new ShapeException.Problem(-1, sentence));
    }

    static long product(int[] shape) {
        long size = 1;
        for (int s : shape) size *= s;
        return size;
    }

    /** How a weight in front of this activation starts. */
    static Initial initial(Activation activation) {
        return switch (activation) {
            case RELU, LEAKY_RELU, ELU, SWISH, SOFTPLUS -> Initial.HE;
            case IDENTITY, TANH, SIGMOID -> Initial.XAVIER;
        };
    }
}
