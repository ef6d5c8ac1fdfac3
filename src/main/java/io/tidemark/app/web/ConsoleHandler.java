package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.RegistryCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the console's page and its HTTP API, which {@code openapi.json} beside the page describes. */
final class ConsoleHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BODY_BYTES_MAX = 16 << 10;
    private static final String API = "/api/v1/";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private record Page(String resource, String type) {}

    private static final Map<String, Page> PAGES = Map.of(
            "/",
            new Page("/console/index.html", "text/html; charset=utf-8"),
            "/console.js",
            new Page("/console/console.js", "text/javascript; charset=utf-8"),
            "/views.js",
            new Page("/console/views.js", "text/javascript; charset=utf-8"),
            "/console.css",
            new Page("/console/console.css", "text/css; charset=utf-8"),
            "/icon.svg",
            new Page("/console/icon.svg", "image/svg+xml"),
            "/uplot.js",
            new Page(UPLOT + "uPlot.iife.min.js", "text/javascript; charset=utf-8"),
            "/uplot.css",
            new Page(UPLOT + "uPlot.min.css", "text/css; charset=utf-8"),
            API + "openapi.json",
            new Page("/console/openapi.json", "application/json"));

    /** Changes that the registrar decides. */
    private static final Map<String, RegistryCommand.Action> DECISIONS = Map.of(
            "promote", RegistryCommand.Action.PROMOTE,
            "rollback", RegistryCommand.Action.ROLLBACK,
            "pin", RegistryCommand.Action.PIN,
            "unpin", RegistryCommand.Action.UNPIN);

    private final Access access;
    private final ConsoleState state;
    private final ConsoleActions actions;
    private final ModelActions models;
    private final DeclaredView declared;
    private final LiveStreams live;
    private final InstantSource clock;

    ConsoleHandler(
            Access access,
            ConsoleState state,
            ConsoleActions actions,
            ModelActions models,
            DeclaredView declared,
            LiveStreams live,
            InstantSource clock) {
        this.access = access;
        this.state = state;
        this.actions = actions;
        this.models = models;
        this.declared = declared;
        this.live = live;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        String path = request.getHttpURI().getCanonicalPath();
        try {
            answer(path == null ? "" : path, request, response, callback);
        } catch (IllegalArgumentException e) {
            problem(response, callback, 400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem(response, callback, 503, "the console stops");
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be answered", path, e);
            problem(response, callback, 500, "this cannot be answered; see the log");
        }
        return true;
    }

    private void answer(String path, Request request, Response response, Callback callback)
            throws IOException, InterruptedException {
        if (access.isHostWrong(request)) {
            problem(response, callback, 421, "this address goes by the name localhost only");
            return;
        }
        if (access.isUnknown(request)) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"tidemark\", charset=\"UTF-8\"");
            problem(response, callback, 401, "not authorized");
            return;
        }
        String method = request.getMethod();
        if (method.equals("POST") && path.startsWith(API)) {
            change(path.substring(API.length()), request, response, callback);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, POST");
            problem(response, callback, 405, "only GET, HEAD, and POST to what changes something");
        } else if (PAGES.containsKey(path)) {
            page(PAGES.getOrDefault(path, new Page("", "")), response, callback);
        } else if (path.startsWith(API)) {
            look(path.substring(API.length()), Request.extractQueryParameters(request), response, callback);
        } else {
            problem(response, callback, 404, "there is no " + path);
        }
    }

    private static void page(Page page, Response response, Callback callback) throws IOException {
        try (InputStream in = ConsoleHandler.class.getResourceAsStream(page.resource())) {
            if (in == null) throw new IOException("the program lacks " + page.resource());
            send(response, callback, 200, page.type(), in.readAllBytes());
        }
    }

    private void look(String what, Fields query, Response response, Callback callback) throws InterruptedException {
        long nowMs = clock.millis();
        String stream = text(query, "stream");
        String series = text(query, "series");
        switch (what) {
            case "now" -> json(response, callback, state.now(nowMs).put("may_change", access.mayChange()));
            case "series" -> json(response, callback, state.series(stream, text(query, "q")));
            case "points" -> found(response, callback, state.points(stream, series));
            case "incidents" -> json(response, callback, state.incidents());
            case "incident" -> found(response, callback, state.incident(text(query, "id")));
            case "streams" -> json(response, callback, declared.streams(state.streams(nowMs)));
            case "models" -> json(response, callback, declared.models(nowMs));
            case "frames" -> json(response, callback, state.frames());
            case "frame" -> {
                byte[] png = state.image(text(query, "kind"), stream, series);
                if (png == null) problem(response, callback, 404, "there is no such picture");
                else send(response, callback, 200, "image/png", png);
            }
            case "events" -> {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
                if (!live.add(response, callback)) problem(response, callback, 503, "too many consoles are open");
            }
            default -> problem(response, callback, 404, "there is no " + API + what);
        }
    }

    private static String text(Fields query, String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    private void change(String what, Request request, Response response, Callback callback)
            throws IOException, InterruptedException {
        if (!access.mayChange()) {
            problem(
                    response,
                    callback,
                    403,
                    "this console is read-only; start it with --console-auth to change something");
            return;
        }
        if (Access.isForeign(request)) {
            problem(
                    response,
                    callback,
                    403,
                    "a change must have the header " + Access.OWN_HEADER + " and come from this page");
            return;
        }
        JsonNode body = body(request);
        RegistryCommand.Action decision = DECISIONS.get(what);
        if (decision != null) {
            decide(decision, body, response, callback);
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        switch (what) {
            case "acknowledge" -> {
                String id = body.path("incident").asText();
                boolean open = state.incident(id).filter(i -> !i.has("until")).isPresent();
                if (!open) {
                    problem(response, callback, 404, "there is no such incident that is not over");
                    return;
                }
                actions.acknowledge(body, access.user());
            }
            case "feedback" -> actions.feedback(body, access.user());
            case "silence" -> answer.put("id", actions.silence(body, access.user()));
            default -> {
                problem(response, callback, 404, "there is no " + API + what);
                return;
            }
        }
        json(response, callback, answer.put("done", true));
    }

    private void decide(RegistryCommand.Action action, JsonNode body, Response response, Callback callback)
            throws InterruptedException {
        AuditEntry decided;
        try {
            decided = models.ask(action, body, access.user());
        } catch (IllegalStateException e) {
            problem(response, callback, 503, String.valueOf(e.getMessage()));
            return;
        }
        declared.forgetModels();
        if (!decided.refused().isEmpty()) {
            problem(response, callback, 409, decided.refused());
            return;
        }
        ObjectNode answer = JSON.createObjectNode().put("done", true);
        answer.put("champion", decided.change().after())
                .put("before", decided.change().before());
        json(response, callback, answer);
    }

    private static JsonNode body(Request request) throws IOException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("application/json")) {
            throw new IllegalArgumentException("the content type must be application/json");
        }
        byte[] bytes = Request.asInputStream(request).readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new IllegalArgumentException("a body must have at most " + BODY_BYTES_MAX + " bytes");
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body != null && body.isObject()) return body;
        } catch (IOException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
        throw new IllegalArgumentException("the body is not a JSON object");
    }

    private static void found(Response response, Callback callback, Optional<? extends JsonNode> found) {
        if (found.isPresent()) json(response, callback, found.get());
        else problem(response, callback, 404, "the console does not know it");
    }

    private static void json(Response response, Callback callback, JsonNode json) {
        send(response, callback, 200, "application/json", json.toString().getBytes(UTF_8));
    }

    private static void problem(Response response, Callback callback, int status, String what) {
        ObjectNode problem = JSON.createObjectNode().put("status", status).put("detail", what);
        send(
                response,
                callback,
                status,
                "application/problem+json",
                problem.toString().getBytes(UTF_8));
    }

    private static void send(Response response, Callback callback, int status, String type, byte[] bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
