package io.tidemark.app.web;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console in a browser, with the HTTP API that its page uses. It asks nothing of the outside, and what it knows is from topics alone, so any number
 * of them stand beside each other. Safe for any thread.
 */
public final class WebConsole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebConsole.class);
    private static final int THREADS_MAX = 12;
    private static final int HEADER_BYTES_MAX = 8 << 10;
    private static final int CONNECTIONS_MAX = 256;
    private static final long TICK_MS = 500;

    private final Server server;
    private final ServerConnector connector;
    private final ConsoleReader reader;
    private final ConsoleActions actions;
    private final PastIncidents past;
    private final LagView lag;
    private final LiveStreams live = new LiveStreams();
    private final ScheduledExecutorService ticker;

    /**
     * Starts it.
     *
     * @param zoo the networks that streams may name
     * @param port in [0, 65535]; 0 takes a free one
     * @param access where it listens, and who may look and change
     * @throws IOException when the port is taken
     */
    public WebConsole(
            KafkaConnection connection,
            Collection<StreamSpec> streams,
            Zoo zoo,
            int port,
            Access access,
            InstantSource clock)
            throws IOException {
        ConsoleState state = new ConsoleState(new AlertSeverity(streams));
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 2);
        threads.setName("console");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES_MAX);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(access.host());
        connector.setPort(port);
        connector.setIdleTimeout(30_000);
        server.addConnector(connector);
        server.addBean(new org.eclipse.jetty.server.NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        actions = new ConsoleActions(connection, clock);
        lag = new LagView(connection, streams, clock, state::touch);
        past = new PastIncidents(connection, state, clock);
        reader = new ConsoleReader(connection, state, clock);
        ConsoleAnswers answers = new ConsoleAnswers(
                state,
                past,
                new DeclaredView(streams, zoo),
                new ModelsView(connection),
                lag,
                live,
                access.mayChange(),
                clock);
        server.setHandler(new ConsoleHandler(
                access,
                state,
                actions,
                new ModelActions(connection, clock),
                new StreamCheck(connection, streams, zoo, clock),
                answers,
                reader::isReading));
        ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "console-ticker");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server.start();
        } catch (Exception e) {
            reader.close();
            actions.close();
            past.close();
            lag.close();
            ticker.shutdownNow();
            throw new IOException(
                    "the console cannot listen on " + access.host() + ":" + port + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        }
        var unused = ticker.scheduleWithFixedDelay(
                () -> live.tick(state.revision()), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** The port in use. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        live.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the console did not stop cleanly", e);
        }
        reader.close();
        past.close();
        lag.close();
        actions.close();
    }
}
