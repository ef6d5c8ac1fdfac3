package io.tidemark.app.cli;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where networks run. */
final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, dl4j or djl (default: ${DEFAULT-VALUE})")
    private String engine = "auto";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N (default: ${DEFAULT-VALUE})")
    private String device = "auto";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    /**
     * Opens the engine; the caller closes it.
     *
     * @throws ParameterException when the device is none of the three
     */
    Engine open() {
        return LastWords.guard(Engines.open(engine, device()));
    }

    /** {@code auto} or an engine's name. */
    String engine() {
        return engine;
    }

    /** @throws ParameterException when the option is none of the three */
    DeviceSpec device() {
        return device(command, device);
    }

    /** What a value of {@code --device} says. @throws ParameterException when it is none of the three */
    static DeviceSpec device(CommandSpec command, String device) {
        try {
            return DeviceSpec.parse(device);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--device: " + e.getMessage());
        }
    }
}
