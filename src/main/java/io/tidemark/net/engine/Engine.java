package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * Turns bound networks into replicas that score or train on one device.
 *
 * <ol>
 *   <li>Arrays are row-major float32 in PyTorch's canonical layout; an engine with another layout converts inside.
 *   <li>Initial weights, dropout masks and noise come from one counter-based generator in Java, so that every engine draws the
 *       same ones; the generator's counters are part of {@link NetworkState}.
 *   <li>On a CPU with one thread, the same state and the same batches give the same bits.
 *   <li>An engine is safe to share between threads; a replica belongs to one thread at a time.
 * </ol>
 */
public interface Engine extends AutoCloseable {
    /** The most samples in one call of any replica. */
    int CAPACITY_MAX = 65_536;

    /** Name, build and device, as every score and model version names them. */
    EngineInfo info();

    /** Why this engine cannot run the network, a sentence for each layer it lacks; empty when it can. */
    default List<String> unsupported(Network network) {
        return List.of();
    }

    /** The state of an untrained network, drawn from the seed; the same for every engine. */
    default NetworkState initialState(Network network, long seed) {
        return Initializer.initialState(network, seed);
    }

    /**
     * A replica that only runs forward.
     *
     * @param batchCapacity the most samples in one call; in [1, {@value #CAPACITY_MAX}]
     * @throws EngineException when {@link #unsupported} is not empty or memory is short
     */
    ScoringReplica scoring(Network network, int batchCapacity);

    /** @throws EngineException when no replica can be so large */
    static void requireCapacity(int batchCapacity) {
        if (batchCapacity >= 1 && batchCapacity <= CAPACITY_MAX) return;
        throw new EngineException("batchCapacity must be in [1, " + CAPACITY_MAX + "], but was " + batchCapacity);
    }

    /**
     * A replica that trains, with the network's own batch size as its capacity.
     *
     * @throws EngineException when {@link #unsupported} is not empty or memory is short
     */
    TrainingReplica training(Network network);

    /**
     * The network on the engine's library alone, as a reference to measure against.
     *
     * @param batch samples of every call
     * @return empty when the reference knows none of the library's own layers for one of the network's
     */
    default Optional<BareLoop> bare(Network network, int batch) {
        return Optional.empty();
    }

    @Override
    void close();
}
