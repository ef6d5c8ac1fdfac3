package io.tidemark.net.engine.djl;

import ai.djl.Device;
import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.engine.NormalisedScoring;
import io.tidemark.net.engine.NormalisedTraining;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * DJL with PyTorch, on a CPU or an NVIDIA card. A CPU replica computes on its caller's thread alone, and the library stays
 * loaded until the process ends.
 */
public final class DjlEngine implements Engine {
    static final String NAME = "djl";

    private final Device device;
    private final EngineInfo info;

    /** @throws EngineException when PyTorch cannot be loaded or the device cannot be used */
    public DjlEngine(DeviceSpec spec) {
        device = Devices.open(spec);
        info = new EngineInfo(NAME, PyTorch.build(), device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu");
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public ScoringReplica scoring(Network network, int batchCapacity) {
        Engine.requireCapacity(batchCapacity);
        return allocated(
                network,
                batchCapacity,
                () -> NormalisedScoring.of(network, new DjlScoringReplica(network, batchCapacity, device)));
    }

    @Override
    public TrainingReplica training(Network network) {
        return allocated(
                network,
                network.training().optimisation().batch(),
                () -> NormalisedTraining.of(network, new DjlTrainingReplica(network, device)));
    }

    @Override
    public Optional<BareLoop> bare(Network network, int batch) {
        return allocated(network, batch, () -> DjlBareLoop.open(network, batch, device));
    }

    private <T> T allocated(Network network, int batch, Supplier<T> replica) {
        try {
            return replica.get();
        } catch (ai.djl.engine.EngineException | OutOfMemoryError | ArithmeticException e) {
            throw new OutOfMemoryException(
                    "not enough memory on " + info.device() + " for network "
                            + network.spec().name() + " at a batch of " + batch + "; make the batch smaller ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    @Override
    public void close() {}
}
