package io.tidemark.app.cli;

import picocli.CommandLine.Option;

/** Where the metrics page listens. */
final class MetricsPortOption {
    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "9464",
            description = "port of the metrics page; 0 takes a free one (default: ${DEFAULT-VALUE})")
    private int port;

    int port() {
        return port;
    }
}
