package io.tidemark.app.cli;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where networks run. */
final class EngineOptions extends CliOptions {
    @Mixin
    private EngineOption engine = new EngineOption();

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N (default: ${DEFAULT-VALUE})")
    private String device = "auto";

    /**
     * Opens the engine; the caller closes it.
     *
     * @throws ParameterException when the device is none of the three
     */
    Engine open() {
        return LastWords.guard(Engines.open(engine.name(), device()));
    }

    /** {@code auto} or an engine's name. */
    String engine() {
        return engine.name();
    }

    /** @throws ParameterException when the option is none of the three */
    DeviceSpec device() {
        try {
            return DeviceSpec.parse(device);
        } catch (IllegalArgumentException e) {
            throw wrong("--device: " + e.getMessage());
        }
    }
}
