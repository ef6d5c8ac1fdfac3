package io.tidemark.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
    @Test
    void metersStandOnThePageWithTheirLabels() throws Exception {
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> false)) {
            Meters meters = endpoint.meters();
            meters.counter(MeterName.EVENTS, "pump").increment(3);
            meters.level(MeterName.LOSS, "pump", "dense-ae").set(0.25);

            assertThat(get(endpoint, "/metrics").body())
                    .contains("tidemark_events_total{stream=\"pump\"} 3.0")
                    .contains("tidemark_learner_loss{network=\"dense-ae\",stream=\"pump\"} 0.25");
            assertThat(get(endpoint, "/healthy").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void theSameLevelIsSharedByEveryoneWhoAsksForIt() {
        Meters meters = new Meters(new SimpleMeterRegistry());
        meters.level(MeterName.ALERTS_OPEN, "pump").add(2);
        meters.level(MeterName.ALERTS_OPEN, "pump").add(-1);

        assertThat(meters.level(MeterName.ALERTS_OPEN, "pump").value()).isEqualTo(1);
    }

    @Test
    void aWrongNumberOfLabelsIsRefused() {
        Meters meters = new Meters(new SimpleMeterRegistry());
        assertThatThrownBy(() -> meters.counter(MeterName.OUTCOMES, "pump")).hasMessageContaining("[stream, status]");
    }

    /** 500 clients that send half a request and one byte now and then: a scrape beside them takes no longer. */
    @Test
    void slowClientsDelayNoScrape() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true)) {
            for (int i = 0; i < 500; i++) {
                Socket socket = new Socket("127.0.0.1", endpoint.port());
                slow.add(socket);
                socket.getOutputStream().write("GET /metrics HT".getBytes(UTF_8));
            }
            for (int scrape = 0; scrape < 10; scrape++) {
                for (Socket socket : slow) socket.getOutputStream().write('x');
                long began = System.nanoTime();
                assertThat(get(endpoint, "/metrics").statusCode()).isEqualTo(200);
                assertThat(get(endpoint, "/healthy").body()).isEqualTo("ok\n");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            }
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    @Test
    void halfARequestAndASilentClientAreGivenUp() throws Exception {
        PageServer.Limits limits =
                new PageServer.Limits(4, Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(200));
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true, "", null, limits);
                Socket half = new Socket("127.0.0.1", endpoint.port());
                Socket silent = new Socket("127.0.0.1", endpoint.port())) {
            half.getOutputStream().write("GET / HTTP/1.1\r\nHos".getBytes(UTF_8));
            half.setSoTimeout(20_000);
            silent.setSoTimeout(20_000);
            assertThat(half.getInputStream().read()).isEqualTo(-1);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A client that asks and takes nothing: its answers fill what lies between, and then it is given up. */
    @Test
    void aClientThatTakesNoAnswerIsGivenUp() throws Exception {
        PageServer.Limits limits =
                new PageServer.Limits(4, Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofMinutes(1));
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true, "", null, limits);
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", endpoint.port()));
            byte[] request = "GET /metrics HTTP/1.1\r\n\r\n".getBytes(UTF_8);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000_000; i++)
                            socket.getOutputStream().write(request);
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aClientTooManyTakesThePlaceOfOneThatWaits() throws Exception {
        PageServer.Limits limits =
                new PageServer.Limits(2, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true, "", null, limits);
                Socket first = new Socket("127.0.0.1", endpoint.port());
                Socket second = new Socket("127.0.0.1", endpoint.port())) {
            second.setSoTimeout(20_000);
            first.setSoTimeout(20_000);
            assertThat(get(endpoint, "/healthy").statusCode()).isEqualTo(200);
            assertThat(first.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void oneConnectionCarriesManyRequestsAndALongOneIsRefused() throws Exception {
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true);
                Socket socket = new Socket("127.0.0.1", endpoint.port())) {
            socket.setSoTimeout(20_000);
            String get = "GET /healthy HTTP/1.1\r\nHost: x\r\n\r\n";
            String rest = "POST / HTTP/1.1\r\n\r\nHEAD /metrics HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\n\r\n";
            socket.getOutputStream().write((get + get + rest + "GET /" + "x".repeat(9000)).getBytes(UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(all.split("HTTP/1.1 ", -1))
                    .extracting(answer -> answer.isEmpty() ? "" : answer.substring(0, 3))
                    .containsExactly("", "200", "200", "405", "200", "404", "431");
        }
    }

    @Test
    void aLongPageIsCompressedForWhoTakesIt() throws Exception {
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true)) {
            URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/metrics");
            HttpResponse<byte[]> packed = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .header("Accept-Encoding", "deflate, gzip;q=0.5")
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
            byte[] page = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
            assertThat(new String(page, UTF_8)).contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void metricsWantTheSecretWhereThereIsOneAndHealthDoesNot() throws Exception {
        for (String secret : List.of("ann:pass word", "t0ken")) {
            try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true, secret, null)) {
                String basic = "Basic " + Base64.getEncoder().encodeToString("ann:pass word".getBytes(UTF_8));
                assertThat(get(endpoint, "/metrics").statusCode()).isEqualTo(401);
                assertThat(get(endpoint, "/metrics", "Bearer wrong").statusCode())
                        .isEqualTo(401);
                String right = secret.equals("t0ken") ? "Bearer t0ken" : basic;
                assertThat(get(endpoint, "/metrics", right).statusCode()).isEqualTo(200);
                assertThat(get(endpoint, "/healthy").statusCode()).isEqualTo(200);
            }
        }
    }

    private static HttpResponse<String> get(MetricsEndpoint endpoint, String path, String authorization)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Authorization", authorization)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(MetricsEndpoint endpoint, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
