package io.tidemark.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.config.Secrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page that Prometheus scrapes: {@code /metrics}, and {@code /healthy}, which answers 200 while the process does its work
 * and 503 when a role has failed. Slow clients delay nobody ({@link PageServer}).
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final PageServer server;
    private final BooleanSupplier healthy;
    private final byte @Nullable [] authorization;

    /** As below, for everybody. */
    public MetricsEndpoint(String host, int port, BooleanSupplier healthy) throws IOException {
        this(host, port, healthy, "", null);
    }

    /**
     * Opens the page.
     *
     * @param host the address to listen on, loopback unless a person says otherwise
     * @param port in [0, 65535]; 0 takes a free one
     * @param healthy asked for every {@code /healthy}; must not wait
     * @param secret what {@code /metrics} wants to be shown: {@code USER:PASSWORD} for basic authentication, a token without a colon
     *     for bearer authentication, empty for nothing
     * @param tls null: what is sent is not encrypted
     * @throws IOException when the port is taken
     */
    public MetricsEndpoint(String host, int port, BooleanSupplier healthy, String secret, @Nullable SSLContext tls)
            throws IOException {
        this(host, port, healthy, secret, tls, tls == null ? PageServer.Limits.DEFAULT : PageServer.Limits.ENCRYPTED);
    }

    MetricsEndpoint(
            String host,
            int port,
            BooleanSupplier healthy,
            String secret,
            @Nullable SSLContext tls,
            PageServer.Limits limits)
            throws IOException {
        this.healthy = healthy;
        authorization = secret.isEmpty() ? null : Secrets.authorization(secret).getBytes(StandardCharsets.UTF_8);
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        Build build = Build.current();
        meters().level(MeterName.BUILD_INFO, build.version(), build.commit()).set(1);
        server = new PageServer(new InetSocketAddress(host, port), this::answer, limits, tls);
    }

    private ByteBuffer answer(PageRequest request) {
        try {
            return page(request);
        } catch (RuntimeException e) { // a meter of a library may fail; the page stays
            LOG.warn("the page {} cannot be made", request.path(), e);
            return PageServer.answer(request, 500, TEXT, "", "the page cannot be made; see the log\n");
        }
    }

    private ByteBuffer page(PageRequest request) {
        if (request.refused() != 0) {
            return PageServer.answer(request, request.refused(), TEXT, "", "this request cannot be answered\n");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return PageServer.answer(request, 405, TEXT, "Allow: GET, HEAD\r\n", "only GET and HEAD\n");
        }
        if (request.path().equals("/healthy")) {
            boolean up = healthy.getAsBoolean();
            return PageServer.answer(
                    request, up ? 200 : 503, TEXT, "", up ? "ok\n" : "a role has failed; see the log\n");
        }
        if (!request.path().equals("/metrics")) {
            return PageServer.answer(request, 404, TEXT, "", "there are /metrics and /healthy\n");
        }
        if (!isAuthorized(request)) {
            return PageServer.answer(request, 401, TEXT, "WWW-Authenticate: Basic, Bearer\r\n", "not authorized\n");
        }
        return PageServer.answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", "", registry.scrape());
    }

    private boolean isAuthorized(PageRequest request) {
        byte[] due = authorization;
        byte[] shown = request.headers().getOrDefault("authorization", "").getBytes(StandardCharsets.UTF_8);
        return due == null || MessageDigest.isEqual(due, shown);
    }

    /** Meters that this page shows. */
    public Meters meters() {
        return new Meters(registry);
    }

    /** The port in use. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        gc.close();
        registry.close();
    }
}
