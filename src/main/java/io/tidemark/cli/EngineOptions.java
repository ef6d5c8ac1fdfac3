package io.tidemark.cli;

import io.tidemark.engine.DeviceSpec;
import picocli.CommandLine.Option;

/** Where networks run. */
final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, dl4j or djl. Default: ${DEFAULT-VALUE}.")
    private String engine = "auto";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N. Default: ${DEFAULT-VALUE}.")
    private DeviceSpec device = DeviceSpec.parse("auto");

    /** {@code auto} or an engine's name. */
    String engine() {
        return engine;
    }

    DeviceSpec device() {
        return device;
    }
}
