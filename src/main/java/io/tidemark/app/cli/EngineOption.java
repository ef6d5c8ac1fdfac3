package io.tidemark.app.cli;

import picocli.CommandLine.Option;

/** Which library computes networks. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, dl4j or djl (default: ${DEFAULT-VALUE})")
    private String name = "auto";

    /** {@code auto} or an engine's name. */
    String name() {
        return name;
    }
}
