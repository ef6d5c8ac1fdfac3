package io.tidemark.engine.djl;

import ai.djl.Device;
import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineException;
import io.tidemark.engine.EngineInfo;
import io.tidemark.engine.ScoringReplica;
import io.tidemark.engine.TrainingReplica;
import io.tidemark.network.Network;
import java.util.List;

/**
 * DJL with PyTorch, on a CPU or an NVIDIA card. A CPU replica computes on its caller's thread alone, and the library stays
 * loaded until the process ends.
 */
public final class DjlEngine implements Engine {
    static final String NAME = "djl";
    private static final int CAPACITY_LIMIT = 65_536;

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
    public List<String> unsupported(Network network) {
        return List.of();
    }

    @Override
    public ScoringReplica scoring(Network network, int batchCapacity) {
        if (batchCapacity < 1 || batchCapacity > CAPACITY_LIMIT) {
            throw new EngineException("batchCapacity must be in [1, " + CAPACITY_LIMIT + "], but was " + batchCapacity);
        }
        return new DjlScoringReplica(network, batchCapacity, device);
    }

    @Override
    public TrainingReplica training(Network network) {
        return new DjlTrainingReplica(network, device);
    }

    @Override
    public void close() {}
}
