package io.tidemark.net.engine.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.sun.jna.Library;
import com.sun.jna.Native;
import io.tidemark.net.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels with which PyTorch computes recurrent layers and convolutions on a processor.
 *
 * <p>oneDNN makes them for the instructions and the caches that the processor names. On an AMD EPYC of family 26 whose hypervisor hides the caches those for AVX and
 * above gave wrong numbers without an error (oneDNN 3.7.1). So where the system shows no caches it may use SSE 4.1 alone, and wherever it computes, it is
 * asked for results that are known before it is used.
 */
final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
    private static final String VARIABLE = "ONEDNN_MAX_CPU_ISA";
    private static final String SAFE = "SSE41";
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final double TOLERANCE = 1e-4;

    private OneDnn() {}

    /** The C library of this process, whose environment natives read. */
    interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }

    /** Before PyTorch is loaded: limits what a person has not chosen. */
    static void choose() {
        boolean chosen = System.getenv(VARIABLE) != null;
        boolean known = Files.isDirectory(CACHES);
        if (chosen || known) return;
        try {
            Native.load("c", Environment.class).setenv(VARIABLE, SAFE, 0);
            LOG.info(
                    "the system does not show its processor's caches: oneDNN is limited to {}, as by {}={}",
                    SAFE,
                    VARIABLE,
                    SAFE);
        } catch (UnsatisfiedLinkError e) {
            LOG.warn("{} could not be set: {}", VARIABLE, e.getMessage());
        }
    }

    /**
     * Whether it computes right: recurrent layers of a few widths, a convolution, and the gradient of its weights.
     *
     * @throws EngineException when a number is wrong
     */
    static void check() {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            for (int units : new int[] {3, 16, 40}) recurrent(manager, units);
            for (int stride = 1; stride <= 2; stride++)
                for (int dilation = 1; dilation <= 2; dilation++)
                    for (int out : new int[] {3, 32})
                        new Convolution(2 + out / 2, out, stride, dilation, stride - 1).check(manager);
        }
    }

    private static void recurrent(NDManager manager, int units) {
        int steps = 6;
        int features = 2;
        float[] x = values(steps * features, 1);
        float[] inputWeights = values(4 * units * features, 2);
        float[] stateWeights = values(4 * units * units, 3);
        float[] bias = values(4 * units, 4);
        NDArray start = manager.zeros(new Shape(1, 1, units));
        NDList parameters = new NDList(
                manager.create(inputWeights, new Shape(4L * units, features)),
                manager.create(stateWeights, new Shape(4L * units, units)),
                manager.create(bias),
                manager.zeros(new Shape(4L * units)));
        NDArray input = manager.create(x, new Shape(1, steps, features));
        NDArray output = input.getNDArrayInternal()
                .lstm(input, new NDList(start, start), parameters, true, 1, 0, false, false, true)
                .get(0);
        double[] state = new double[units];
        double[] cell = new double[units];
        for (int t = 0; t < steps; t++) {
            double[] gates = new double[4 * units];
            for (int g = 0; g < 4 * units; g++) {
                gates[g] = bias[g];
                for (int f = 0; f < features; f++) gates[g] += inputWeights[g * features + f] * x[t * features + f];
                for (int u = 0; u < units; u++) gates[g] += stateWeights[g * units + u] * state[u];
            }
            for (int u = 0; u < units; u++) {
                cell[u] = sigmoid(gates[units + u]) * cell[u] + sigmoid(gates[u]) * Math.tanh(gates[2 * units + u]);
                state[u] = sigmoid(gates[3 * units + u]) * Math.tanh(cell[u]);
            }
        }
        float[] all = output.toFloatArray();
        for (int u = 0; u < units; u++) compare("a recurrent layer", all[(steps - 1) * units + u], state[u]);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** A convolution in one dimension. */
    private record Convolution(int in, int out, int stride, int dilation, int padding) {
        static final int SAMPLES = 6;
        static final int WIDTH = 3;
        static final int LENGTH = 9;

        int places() {
            return (LENGTH + 2 * padding - (WIDTH - 1) * dilation - 1) / stride + 1;
        }

        /** Results, and the gradients of weights and inputs, as PyTorch computes them. */
        float[][] given(NDManager manager, float[] x, float[] weights, float[] rates) {
            NDArray input = manager.create(x, new Shape(SAMPLES, in, LENGTH));
            NDArray kernel = manager.create(weights, new Shape(out, in, WIDTH));
            input.setRequiresGradient(true);
            kernel.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray output = input.getNDArrayInternal()
                        .convolution(
                                input,
                                kernel,
                                manager.zeros(new Shape(out)),
                                new Shape(stride),
                                new Shape(padding),
                                new Shape(dilation),
                                1)
                        .get(0);
                collector.backward(
                        output.mul(manager.create(rates, output.getShape())).sum());
                return new float[][] {
                    output.toFloatArray(),
                    kernel.getGradient().toFloatArray(),
                    input.getGradient().toFloatArray()
                };
            }
        }

        /** The same by its definition. */
        double[][] due(float[] x, float[] weights, float[] rates) {
            double[][] due = {new double[rates.length], new double[weights.length], new double[x.length]};
            for (int o = 0; o < SAMPLES * out * places(); o++) {
                int place = o % places() * stride - padding;
                int channel = o / places() % out;
                int sample = o / places() / out;
                for (int w = 0; w < in * WIDTH; w++) {
                    int t = place + w % WIDTH * dilation;
                    if (t < 0 || t >= LENGTH) continue;
                    int weight = channel * in * WIDTH + w;
                    int value = (sample * in + w / WIDTH) * LENGTH + t;
                    due[0][o] += weights[weight] * x[value];
                    due[1][weight] += rates[o] * x[value];
                    due[2][value] += rates[o] * weights[weight];
                }
            }
            return due;
        }

        void check(NDManager manager) {
            float[] x = values(SAMPLES * in * LENGTH, 5);
            float[] weights = values(out * in * WIDTH, 6);
            float[] rates = values(SAMPLES * out * places(), 7);
            float[][] given = given(manager, x, weights, rates);
            double[][] due = due(x, weights, rates);
            String[] what = {"a convolution", "the gradient of a convolution's weights", "the gradient of a convolution"
            };
            for (int part = 0; part < given.length; part++)
                for (int i = 0; i < given[part].length; i++) compare(what[part], given[part][i], due[part][i]);
        }
    }

    /** Numbers in [-0.5, 0.5), the same in each run. */
    private static float[] values(int count, int seed) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = ((i + 1) * 37 * seed % 101) / 101f - 0.5f;
        return values;
    }

    private static void compare(String what, float given, double due) {
        if (Math.abs(given - due) <= TOLERANCE * Math.max(1, Math.abs(due))) return;
        throw new EngineException(
                "engine djl computes wrongly on this processor: " + what + " gave " + given + ", right is "
                        + (float) due + "; set " + VARIABLE + "=" + SAFE + " in the environment, or use engine: dl4j");
    }
}
