package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless Chromium with one page, driven through its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final long ANSWER_S = 20;

    private final Process process;
    private final Path folder;
    private final WebSocket socket;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    /** What the page said to its console as errors, and requests that failed or were refused by its policy. */
    public final List<String> errors = new CopyOnWriteArrayList<>();
    /** Addresses that the page asked for. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** Whether there is one; a reason is printed where there is none. */
    public static boolean isThere() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, "chromium"))) return true;
        }
        System.err.println("skipped: chromium is not on the PATH; .ci/run installs it");
        return false;
    }

    public Browser(int width, int height, boolean dark) throws Exception {
        folder = KafkaForTests.temporaryFolder();
        process = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--window-size=" + width + "," + height,
                        "--user-data-dir=" + folder,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Path portFile = folder.resolve("DevToolsActivePort");
        String port = Eventually.gives(
                START_WITHIN,
                "Chromium's port",
                () -> Files.exists(portFile)
                        ? Files.readAllLines(portFile).stream().findFirst().orElse("")
                        : "",
                text -> !text.isEmpty());
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        String address = Eventually.gives(
                START_WITHIN,
                "a page",
                () -> page(http.send(list, HttpResponse.BodyHandlers.ofString()).body()),
                text -> !text.isEmpty());
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Answers())
                .get(ANSWER_S, TimeUnit.SECONDS);
        ask("Page.enable", JSON.createObjectNode());
        ask("Runtime.enable", JSON.createObjectNode());
        ask("Network.enable", JSON.createObjectNode());
        ask("Log.enable", JSON.createObjectNode());
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        ask("Emulation.setEmulatedMedia", media);
        resize(width, height);
    }

    /** Sets the size of the page's window; below 600 pixels of width it is a phone's. */
    public void resize(int width, int height) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
    }

    private static String page(String targets) throws IOException {
        for (JsonNode target : JSON.readTree(targets)) {
            if (target.path("type").asText().equals("page"))
                return target.path("webSocketDebuggerUrl").asText();
        }
        return "";
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void take(String text) {
        try {
            JsonNode message = JSON.readTree(text);
            CompletableFuture<JsonNode> waiting =
                    asked.remove(message.path("id").asInt(-1));
            if (waiting != null) waiting.complete(message);
            String method = message.path("method").asText();
            if (method.equals("Network.requestWillBeSent"))
                requests.add(message.at("/params/request/url").asText());
            boolean error = method.equals("Runtime.exceptionThrown")
                    || (method.equals("Log.entryAdded")
                            && message.at("/params/entry/level").asText().equals("error"));
            if (error) errors.add(message.get("params").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode ask(String method, ObjectNode parameters) throws Exception {
        int id = next.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true);
        return answer.get(ANSWER_S, TimeUnit.SECONDS);
    }

    public void open(String url) throws Exception {
        ask("Page.navigate", JSON.createObjectNode().put("url", url));
    }

    /** The value of an expression in the page; a promise is awaited. */
    public JsonNode value(String expression) throws Exception {
        ObjectNode parameters = JSON.createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true);
        JsonNode answer = ask("Runtime.evaluate", parameters);
        if (answer.at("/result/exceptionDetails").isObject()) throw new AssertionError(answer.toString());
        return answer.at("/result/result/value");
    }

    /** The text that a reader sees. */
    public String text() throws Exception {
        return value("document.body.innerText").asText();
    }

    /** Clicks the first element of a CSS selector, once it is there. */
    public void click(String selector) throws Exception {
        String element = "document.querySelector('" + selector + "')";
        Eventually.holds(START_WITHIN, selector, () -> value("!!" + element).asBoolean());
        value(element + ".click()");
    }

    public void screenshot(Path file) throws Exception {
        capture(file, JSON.createObjectNode());
    }

    /** The whole page, also what lies below the window. */
    public void screenshotOfAll(Path file) throws Exception {
        JsonNode size = ask("Page.getLayoutMetrics", JSON.createObjectNode()).at("/result/cssContentSize");
        ObjectNode clip = ((ObjectNode) size).put("x", 0).put("y", 0).put("scale", 1);
        capture(file, JSON.createObjectNode().put("captureBeyondViewport", true).set("clip", clip));
    }

    private void capture(Path file, ObjectNode what) throws Exception {
        String png = ask("Page.captureScreenshot", what.put("format", "png"))
                .at("/result/data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(png));
    }

    /** Sends one key as a keyboard does. */
    public void key(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = JSON.createObjectNode().put("type", type).put("key", key);
            if (key.length() == 1 && type.equals("keyDown")) event.put("text", key);
            ask("Input.dispatchKeyEvent", event);
        }
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        List<ProcessHandle> helpers = process.descendants().toList(); // they write into the folder too, and outlive it
        process.destroyForcibly().waitFor();
        helpers.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle helper : helpers) helper.onExit().get(ANSWER_S, TimeUnit.SECONDS);
        KafkaForTests.delete(folder);
    }
}
