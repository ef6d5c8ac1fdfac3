package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training replica that is opened anew with half the batch when memory is short. Owned by one thread. */
final class Training implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Training.class);

    private final Engine engine;
    private final Augmentation augmentation;
    private final long seed;
    private Network network;
    private TrainingReplica replica;
    private Set<String> frozen = Set.of();
    private double slowed = 1;
    private int lastCount;

    Training(Engine engine, Network network, Augmentation augmentation, long seed) {
        this.engine = engine;
        this.augmentation = augmentation;
        this.seed = seed;
        this.network = network;
        this.replica = open();
    }

    private TrainingReplica open() {
        while (true) {
            try {
                return engine.training(network);
            } catch (OutOfMemoryException e) {
                halve(e);
            }
        }
    }

    private void halve(OutOfMemoryException cause) {
        int batch = network.training().optimisation().batch();
        if (batch == 1) throw cause;
        network = network.withTraining(network.training().withBatch(batch / 2));
        log.warn("{}; goes on with a batch of {}", cause.getMessage(), batch / 2);
    }

    /** The network as it is trained now, with the batch that fits into memory. */
    Network network() {
        return network;
    }

    void load(NetworkState state) {
        replica.load(state);
    }

    NetworkState state() {
        return replica.state();
    }

    /** Holds parameters in the steps that follow, these and no others; true when there are any. */
    boolean freeze(Set<String> parameters) {
        if (!parameters.equals(frozen)) replica.freeze(parameters);
        frozen = parameters;
        return !parameters.isEmpty();
    }

    /** Halves the rate of all further steps. */
    void slower() {
        slowed /= 2;
    }

    /**
     * Sets the learning rate of the next steps by the network's schedule.
     *
     * @param stepsDone before the next step
     * @param progress share of the training that is done; in [0, 1]
     * @param examples of one epoch
     */
    double rate(FitSettings settings, long stepsDone, double progress, int examples) {
        double base =
                settings.learningRate().orElse(network.training().optimisation().learningRate());
        int batch = network.training().optimisation().batch();
        long stepsPerEpoch = Math.max(1, (examples + batch - 1) / batch);
        long bound =
                Math.min(settings.epochs() * stepsPerEpoch, settings.steps().orElse(Long.MAX_VALUE));
        long total = progress > 0 ? Math.max(stepsDone + 1, Math.round(stepsDone / progress)) : bound;
        double rate = base
                * slowed
                * network.training().optimisation().schedule().factor(stepsDone, Math.min(bound, total), stepsPerEpoch);
        replica.learningRate(rate);
        return rate;
    }

    /**
     * One optimiser step on the examples that come next in an order.
     *
     * @return the loss before the step; not finite when nothing was changed
     */
    float step(ExampleSet examples, int[] order, int from, int epoch) {
        while (true) {
            try {
                return attempt(examples, order, from, epoch);
            } catch (OutOfMemoryException e) {
                NetworkState reached = replica.state();
                replica.close();
                halve(e);
                replica = open();
                replica.load(reached);
                replica.freeze(frozen);
            }
        }
    }

    /** Examples of the last step. */
    int lastCount() {
        return lastCount;
    }

    private float attempt(ExampleSet examples, int[] order, int from, int epoch) {
        int batch = network.training().optimisation().batch();
        int left = order.length - from;
        // A last batch of one would have no variance for batch norm: the one before it takes a sample less.
        lastCount = left == batch + 1 && batch > 2 ? batch - 1 : Math.min(batch, left);
        float[] input = replica.input(Network.WINDOW);
        String output = network.targets().get(0).name();
        float[] target = replica.target(output);
        float[] weight = replica.weight(output);
        for (int k = 0; k < lastCount; k++) {
            int index = order[from + k];
            examples.copy(index, input, target, k);
            examples.weigh(index, weight, k);
            if (augmentation == Augmentation.NONE) continue;
            long draw = (long) epoch * order.length + index;
            augmentation.apply(
                    input,
                    k * examples.inputSize(),
                    target,
                    k * examples.targetSize(),
                    CounterRandom.of(seed, "augmentation", draw));
        }
        return replica.train(lastCount);
    }

    @Override
    public void close() {
        replica.close();
    }
}
