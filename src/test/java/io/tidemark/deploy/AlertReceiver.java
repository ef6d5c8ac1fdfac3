package io.tidemark.deploy;

import com.sun.net.httpserver.HttpServer;
import io.tidemark.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An Alertmanager with the product's routes, and the pager and the ticket desk at their ends. */
final class AlertReceiver implements AutoCloseable {
    static final Path CONFIG = Path.of("deploy/alertmanager/alertmanager.yml");

    final List<String> pages = new CopyOnWriteArrayList<>();
    final List<String> tickets = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final AutoCloseable process;
    private final int port = Programs.freePort();

    AlertReceiver(Path folder) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        receive("/page", pages);
        receive("/ticket", tickets);
        server.start();
        String desk = "127.0.0.1:" + server.getAddress().getPort();
        String config = Files.readString(CONFIG)
                .replace("group_wait: 30s", "group_wait: 0s")
                .replace("group_interval: 5m", "group_interval: 1s")
                .replace("pager.invalid", desk)
                .replace("tickets.invalid", desk);
        Files.writeString(folder.resolve("alertmanager.yml"), config);
        process = Programs.start(
                folder.resolve("alertmanager.log"),
                "prometheus-alertmanager",
                "--config.file=" + folder.resolve("alertmanager.yml"),
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=");
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/-/ready"))
                .build();
        Eventually.holds(
                Duration.ofSeconds(20),
                "Alertmanager is ready",
                () -> HttpClient.newHttpClient()
                                .send(ready, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    private void receive(String path, List<String> received) {
        server.createContext(path, exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        process.close();
        server.stop(0);
    }
}
