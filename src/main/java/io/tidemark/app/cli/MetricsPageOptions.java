package io.tidemark.app.cli;

import io.tidemark.metrics.MetricsEndpoint;
import io.tidemark.metrics.PemIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the metrics page is, who may read it, and whether it is encrypted. */
public final class MetricsPageOptions extends CliOptions {
    @Option(
            names = "--metrics-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "address of the metrics page (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Mixin
    private MetricsPortOption port = new MetricsPortOption();

    @Option(
            names = "--metrics-secret",
            paramLabel = "FILE",
            description =
                    "file whose first line must be given for /metrics: USER:PASSWORD (basic) or a token (bearer); /healthy stays open")
    private @Nullable Path secret;

    @Option(
            names = "--metrics-certificate",
            paramLabel = "FILE",
            description = "PEM file of the page's certificate, with those that it is signed by: the page speaks TLS")
    private @Nullable Path certificate;

    @Option(
            names = "--metrics-key",
            paramLabel = "FILE",
            description = "PEM file of the certificate's private key: PKCS #8, without a password")
    private @Nullable Path key;

    /** Opens the page. */
    MetricsEndpoint open(BooleanSupplier healthy) throws IOException {
        SSLContext tls = tls();
        String due = secret("--metrics-secret", secret);
        try {
            return new MetricsEndpoint(host, port.port(), healthy, due, tls);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the metrics page cannot listen on " + host + ":" + port.port() + ": " + e.getMessage()
                            + "; name another address with --metrics-host or --metrics-port",
                    e);
        }
    }

    /** For people. */
    String address(MetricsEndpoint page) {
        return (certificate == null ? "http://" : "https://") + host + ":" + page.port() + "/metrics";
    }

    private @Nullable SSLContext tls() throws IOException {
        Path chain = certificate;
        Path own = key;
        if (chain == null && own == null) return null;
        if (chain == null || own == null) {
            throw wrong("--metrics-certificate and --metrics-key belong together; give both, or none");
        }
        try {
            return PemIdentity.context(chain, own);
        } catch (IllegalArgumentException e) {
            throw wrong("--metrics-certificate, --metrics-key: " + e.getMessage());
        }
    }
}
