package io.tidemark.app.cli;

import io.tidemark.app.web.Access;
import io.tidemark.app.web.WebConsole;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the console in a browser is, and who may use it. */
public final class ConsoleOptions extends CliOptions {
    /** The port where no other is named. */
    static final int PORT = 9474;

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "port of the console in a browser; 0 takes a free one; run shows none unless a port is given")
    private @Nullable Integer port;

    @Option(
            names = "--console-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "address of the console (default: ${DEFAULT-VALUE})")
    private String host = "127.0.0.1";

    @Option(
            names = "--console-auth",
            paramLabel = "FILE",
            description =
                    "file whose first line people must give to the console: USER:PASSWORD (basic) or a token (bearer); without it everybody"
                            + " who reaches the port may look, and nobody may change anything")
    private @Nullable Path auth;

    @Option(
            names = "--console-user-header",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "header in which a sign-on proxy names the person, such as X-Forwarded-User; changes are then recorded under that name;"
                            + " the proxy shows the secret of --console-auth")
    private String userHeader = "";

    /** Starts it where a port was given. */
    Optional<WebConsole> start(KafkaConnection kafka, Collection<StreamSpec> streams, Zoo zoo, InstantSource clock)
            throws IOException {
        Integer given = port;
        return given == null ? Optional.empty() : Optional.of(open(kafka, streams, zoo, clock, given));
    }

    /** Starts it at the port that was given, or else at the usual one; where that is taken, at a free one. */
    WebConsole startAnyway(KafkaConnection kafka, Collection<StreamSpec> streams, Zoo zoo, InstantSource clock)
            throws IOException {
        Integer given = port;
        if (given != null) return open(kafka, streams, zoo, clock, given);
        try {
            return open(kafka, streams, zoo, clock, PORT);
        } catch (IOException taken) {
            return open(kafka, streams, zoo, clock, 0);
        }
    }

    private WebConsole open(KafkaConnection kafka, Collection<StreamSpec> streams, Zoo zoo, InstantSource clock, int at)
            throws IOException {
        if (at < 0 || at > 65_535) throw wrong("--console-port must be in [0, 65535], but was " + at);
        if (!userHeader.isEmpty() && auth == null) {
            throw wrong("--console-user-header needs --console-auth: without a secret anybody could send that header");
        }
        if (!userHeader.matches("[A-Za-z0-9-]*")) {
            throw wrong("--console-user-header must be the name of a header, but was " + userHeader);
        }
        Access access = new Access(host, secret("--console-auth", auth), userHeader);
        return new WebConsole(kafka, streams, zoo, at, access, clock);
    }

    /** For people. */
    String address(WebConsole console) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + console.port() + "/";
    }
}
