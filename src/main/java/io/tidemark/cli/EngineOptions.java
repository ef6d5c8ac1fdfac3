package io.tidemark.cli;

import io.tidemark.engine.DeviceSpec;
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
            description = "auto, dl4j or djl. Default: ${DEFAULT-VALUE}.")
    private String engine = "auto";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N. Default: ${DEFAULT-VALUE}.")
    private String device = "auto";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    /** {@code auto} or an engine's name. */
    String engine() {
        return engine;
    }

    /** @throws ParameterException when the option is none of the three */
    DeviceSpec device() {
        try {
            return DeviceSpec.parse(device);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--device: " + e.getMessage());
        }
    }
}
