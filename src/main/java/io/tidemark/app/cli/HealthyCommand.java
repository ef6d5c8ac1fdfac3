package io.tidemark.app.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark healthy}: whether running processes do their work, by their own word. */
@Command(
        name = "healthy",
        header = "Asks running processes whether they do their work.",
        description = {
            "Asks the metrics page of running processes whether they do their work: each address that the name in the URL",
            "stands for. Exit code 0 when all say so. It needs neither Kafka nor, in an image, a shell."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark healthy                                         the process on this machine",
            "  tidemark healthy http://tidemark-metrics:9464/healthy --least 5 --within 60s"
        })
final class HealthyCommand extends CliCommand {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 1000;
    private static final int OK = 200;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9464/healthy",
            description = "the page that is asked, http or https (default: ${DEFAULT-VALUE})")
    private String page = "";

    @Option(
            names = "--least",
            paramLabel = "N",
            defaultValue = "1",
            description = "processes that must be healthy; in [1, 10000] (default: ${DEFAULT-VALUE})")
    private int least = 1;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "ask again and again for so long, such as 60s (default: ${DEFAULT-VALUE}, once)")
    private Duration within = Duration.ZERO;

    @Override
    public Integer call() throws InterruptedException {
        if (least < 1 || least > 10_000) throw wrong("--least must be in [1, 10000], but was " + least);
        URI asked = asked();
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();
        long began = System.nanoTime();
        while (true) {
            List<String> healthy = new ArrayList<>();
            List<String> problems = new ArrayList<>();
            ask(client, asked, healthy, problems);
            if (problems.isEmpty() && healthy.size() >= least) {
                out().println("healthy: " + String.join(", ", healthy));
                out().flush();
                return 0;
            }
            if (System.nanoTime() - began >= within.toNanos()) {
                problems.forEach(this::say);
                if (healthy.size() < least)
                    say(healthy.size() + " processes are healthy, but at least " + least + " were expected");
                return 1;
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    private URI asked() {
        try {
            URI uri = new URI(page);
            String scheme = uri.getScheme();
            if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) return uri;
        } catch (URISyntaxException e) {
            // the message below covers it
        }
        throw wrong("URL must be an http or https address such as http://127.0.0.1:9464/healthy, but was " + page);
    }

    private static void ask(HttpClient client, URI asked, List<String> healthy, List<String> problems)
            throws InterruptedException {
        for (URI one : addresses(asked, problems)) {
            HttpRequest request =
                    HttpRequest.newBuilder(one).timeout(ANSWER_WITHIN).build();
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == OK) healthy.add(one.toString());
                else
                    problems.add(
                            one + " answers " + status + ": a role has not started or has failed; its log says which");
            } catch (IOException e) {
                problems.add(one + " does not answer: " + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ", " + e.getMessage()));
            }
        }
    }

    /** Each address of the name; the name itself with https, whose certificate is for the name. */
    private static List<URI> addresses(URI asked, List<String> problems) {
        if (asked.getScheme().equals("https")) return List.of(asked);
        List<URI> each = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(asked.getHost())) {
                each.add(new URI(
                        asked.getScheme(),
                        null,
                        address.getHostAddress(),
                        asked.getPort(),
                        asked.getPath(),
                        null,
                        null));
            }
        } catch (UnknownHostException | URISyntaxException e) {
            problems.add("no address is known of " + asked.getHost());
        }
        return each;
    }
}
