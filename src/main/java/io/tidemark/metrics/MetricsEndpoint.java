package io.tidemark.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The page that Prometheus scrapes: {@code /metrics}, and {@code /healthy}, which answers 200 while the process does its work
 * and 503 when a role has failed. One thread serves it.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final HttpServer server;
    private final ExecutorService thread;

    /**
     * Opens the page.
     *
     * @param host the address to listen on, loopback unless a person says otherwise
     * @param port in [0, 65535]; 0 takes a free one
     * @param healthy asked for every {@code /healthy}
     * @throws IOException when the port is taken
     */
    public MetricsEndpoint(String host, int port, BooleanSupplier healthy) throws IOException {
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        server = HttpServer.create(new InetSocketAddress(host, port), 16);
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, registry.scrape(), "text/plain; version=0.0.4; charset=utf-8"));
        server.createContext("/healthy", exchange -> {
            boolean up = healthy.getAsBoolean();
            answer(
                    exchange,
                    up ? 200 : 503,
                    up ? "ok\n" : "a role has failed; see the log\n",
                    "text/plain; charset=utf-8");
        });
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread t = new Thread(task, "metrics-endpoint");
            t.setDaemon(true);
            return t;
        });
        server.setExecutor(thread);
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text, String type) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Meters that this page shows. */
    public Meters meters() {
        return new Meters(registry);
    }

    /** The port in use. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        gc.close();
        registry.close();
    }
}
