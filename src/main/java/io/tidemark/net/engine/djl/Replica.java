package io.tidemark.net.engine.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tidemark.net.engine.Confinement;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.RunningStatistics;
import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What scoring and training share: weights in one block, operations, buffers, and the native memory behind them.
 *
 * <p>Every array of a batch belongs to a manager that is closed with the batch; everything else belongs to {@link #device} and
 * {@link #host}, which are closed with the replica. No native memory waits for the garbage collector.
 */
final class Replica implements AutoCloseable {
    final NDManager device;
    final NDManager host;
    final WeightBlock weights;
    final float[] output;
    final RunningStatistics running;
    private final Network network;
    private final int capacity;
    private final boolean trains;
    private final int outputSize;
    private final List<String> parameters;
    private final List<Operation> operations;
    private final HostBuffer window;
    private final Confinement confinement;
    private boolean open = true;

    /** Opens a replica; when it does not fit into memory, what was taken is returned. */
    static Replica open(Network network, int capacity, Device on, boolean trains) {
        JniUtils.setGradMode(false);
        NDManager device = PyTorch.start().newBaseManager(on);
        NDManager host = PyTorch.start().newBaseManager(Device.cpu());
        try {
            return new Replica(network, capacity, device, host, trains);
        } catch (RuntimeException | OutOfMemoryError e) {
            device.close();
            host.close();
            throw e;
        }
    }

    private Replica(Network network, int capacity, NDManager device, NDManager host, boolean trains) {
        this.network = network;
        this.capacity = capacity;
        this.device = device;
        this.host = host;
        this.trains = trains;
        confinement = new Confinement((trains ? "the training replica of " : "the scoring replica of ")
                + network.spec().name());
        List<Parameter> declared = network.parameters();
        parameters = declared.stream().map(Parameter::name).toList();
        weights = new WeightBlock(
                device, host, declared.stream().map(Parameter::shape).toList());
        running = new RunningStatistics(network);
        operations = Translation.of(network, device, host, capacity, trains, running);
        window = new HostBuffer(host, capacity, network.inputs().get(0).shape());
        outputSize = network.outputs().get(0).size();
        output = new float[Math.multiplyExact(capacity, outputSize)];
    }

    float[] input(String name) {
        checkName(name, Network.WINDOW, "input");
        return window.values;
    }

    void checkName(String name, String known, String what) {
        if (name.equals(known)) return;
        throw new IllegalArgumentException(
                network.spec().name() + " has no " + what + " '" + name + "'; it has " + known);
    }

    private void check(int samples) {
        checkOpen();
        if (samples < 1 || samples > capacity) {
            throw new EngineException("samples must be in [1, " + capacity + "], but was " + samples);
        }
    }

    void checkOpen() {
        if (!open) throw new EngineException("a replica of " + network.spec().name() + " is used after close");
    }

    /** What the operations of a batch share; in a training replica its weights collect gradients. */
    Batch batch(NDManager manager, int samples, long seed, long step) {
        Map<String, NDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            named.put(parameters.get(i), trains ? weights.leaf(manager, i) : weights.view(manager, i));
        }
        return new Batch(manager, samples, named, seed, step, new ArrayList<>(), new HashMap<>(), new ArrayList<>());
    }

    /** Runs the operations over the first samples of the input; the result has the shape of the network's output. */
    NDArray forward(Batch batch) {
        NDArray x = window.batch(batch.manager(), batch.samples());
        for (Operation operation : operations) x = operation.apply(batch, x);
        return x;
    }

    /** Copies what {@link #forward} gave into {@link #output}. */
    void read(NDArray result, int samples) {
        read(result, samples, outputSize, output);
    }

    /** Copies the first samples of an array of so many values each. */
    static void read(NDArray result, int samples, int size, float[] into) {
        result.toByteBuffer(true).asFloatBuffer().get(into, 0, samples * size);
    }

    /** Runs something that only one thread may be in. */
    void guarded(Runnable body) {
        confinement.enter();
        try {
            checkOpen();
            body.run();
        } finally {
            confinement.leave();
        }
    }

    /**
     * Runs a batch, whose native arrays are gone afterwards.
     *
     * @param what is done, for the message that memory was short
     */
    void compute(String what, int samples, Consumer<NDManager> batch) {
        check(samples);
        guarded(() -> {
            try (NDManager manager = device.newSubManager()) {
                batch.accept(manager);
            } catch (ai.djl.engine.EngineException e) {
                if (!String.valueOf(e.getMessage()).contains("out of memory")) throw e;
                throw new OutOfMemoryException(
                        "not enough memory to " + what + " network "
                                + network.spec().name() + " on " + samples + " samples; make the batch smaller",
                        e);
            }
        });
    }

    int nativeArrays() {
        return device.getManagedArrays().size() + host.getManagedArrays().size();
    }

    @Override
    public void close() {
        if (!open) return;
        open = false;
        device.close();
        host.close();
    }
}
