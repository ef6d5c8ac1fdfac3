package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.RegistryCommand;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the console's page and its HTTP API, which {@code openapi.json} beside the page describes. */
final class ConsoleHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BODY_BYTES_MAX = 16 << 10;
    /** A character of a checked file takes up to six bytes as JSON. */
    private static final int CHECK_BYTES_MAX = 6 * StreamCheck.CHARS_MAX;
    /** A POST that changes nothing, and shows nothing but what is wrong with what was sent. */
    private static final String CHECK = "check-stream";
    /** It changes nothing either, but shows records, which are for those who have the secret. */
    private static final String TRY = "try-stream";

    private static final String HEALTHY = "/healthy";
    private static final String API = "/api/v1/";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private record Page(String resource, String type) {}

    private static final Map<String, Page> PAGES = Map.ofEntries(
            own("/", "index.html", "text/html; charset=utf-8"),
            own("/console.js", "console.js", SCRIPT),
            own("/views.js", "views.js", SCRIPT),
            own("/charts.js", "charts.js", SCRIPT),
            own("/incident.js", "incident.js", SCRIPT),
            own("/models.js", "models.js", SCRIPT),
            own("/streams.js", "streams.js", SCRIPT),
            own("/console.css", "console.css", "text/css; charset=utf-8"),
            own("/icon.svg", "icon.svg", "image/svg+xml"),
            own(API + "openapi.json", "openapi.json", "application/json"),
            Map.entry("/uplot.js", new Page(UPLOT + "uPlot.iife.min.js", SCRIPT)),
            Map.entry("/uplot.css", new Page(UPLOT + "uPlot.min.css", "text/css; charset=utf-8")));

    private static Map.Entry<String, Page> own(String path, String file, String type) {
        return Map.entry(path, new Page("/console/" + file, type));
    }

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
    private final StreamCheck check;
    private final ConsoleAnswers answers;
    private final BooleanSupplier reads;

    ConsoleHandler(
            Access access,
            ConsoleState state,
            ConsoleActions actions,
            ModelActions models,
            StreamCheck check,
            ConsoleAnswers answers,
            BooleanSupplier reads) {
        this.access = access;
        this.state = state;
        this.actions = actions;
        this.models = models;
        this.check = check;
        this.answers = answers;
        this.reads = reads;
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
            Answer.problem(response, callback, 400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Answer.problem(response, callback, 503, "the console stops");
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be answered", path, e);
            Answer.problem(response, callback, 500, "this cannot be answered; see the log");
        }
        return true;
    }

    private void answer(String path, Request request, Response response, Callback callback)
            throws IOException, InterruptedException {
        if (path.equals(HEALTHY)) {
            healthy(response, callback);
            return;
        }
        if (access.isHostWrong(request)) {
            refuseUnread(request, response, callback, 421, "this address goes by the name localhost only");
            return;
        }
        if (access.isUnknown(request)) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"tidemark\", charset=\"UTF-8\"");
            refuseUnread(request, response, callback, 401, "not authorized");
            return;
        }
        String method = request.getMethod();
        if (method.equals("POST") && path.startsWith(API)) {
            // all of it before the answer, even a refusal: else the connection ends while its owner sends the next
            // request on it
            byte[] sent = Request.asInputStream(request).readNBytes(CHECK_BYTES_MAX + 1);
            if (sent.length > CHECK_BYTES_MAX) response.getHeaders().put(HttpHeader.CONNECTION, "close");
            change(path.substring(API.length()), request, sent, response, callback);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, POST");
            refuseUnread(request, response, callback, 405, "only GET, HEAD, and POST to what changes something");
        } else if (PAGES.containsKey(path)) {
            page(PAGES.getOrDefault(path, new Page("", "")), response, callback);
        } else if (path.startsWith(API)) {
            answers.look(path.substring(API.length()), Request.extractQueryParameters(request), response, callback);
        } else {
            Answer.problem(response, callback, 404, "there is no " + path);
        }
    }

    /** A stranger's body is not read, so that nothing more comes on its connection. */
    private static void refuseUnread(Request request, Response response, Callback callback, int status, String what) {
        if (!request.getMethod().equals("GET")) response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Answer.problem(response, callback, status, what);
    }

    /** For what watches processes: it says nothing of what the topics hold, so it needs no secret. */
    private void healthy(Response response, Callback callback) {
        boolean reads = this.reads.getAsBoolean();
        String said = reads ? "ok\n" : "console: it has not read for a minute; its log says why\n";
        Answer.send(response, callback, reads ? 200 : 503, "text/plain; charset=utf-8", said.getBytes(UTF_8));
    }

    private static void page(Page page, Response response, Callback callback) throws IOException {
        try (InputStream in = ConsoleHandler.class.getResourceAsStream(page.resource())) {
            if (in == null) throw new IOException("the program lacks " + page.resource());
            Answer.send(response, callback, 200, page.type(), in.readAllBytes());
        }
    }

    private void change(String what, Request request, byte[] sent, Response response, Callback callback)
            throws IOException, InterruptedException {
        boolean changes = !what.equals(CHECK);
        if (changes && !access.mayChange()) {
            Answer.problem(
                    response,
                    callback,
                    403,
                    "this console is read-only; start it with --console-auth to change or try something");
            return;
        }
        if (Access.isForeign(request)) {
            Answer.problem(
                    response,
                    callback,
                    403,
                    "a POST must have the header " + Access.OWN_HEADER + " and come from this page");
            return;
        }
        if (!changes) {
            Optional<ObjectNode> checked = check.check(body(request, sent, CHECK_BYTES_MAX));
            if (checked.isPresent()) Answer.json(response, callback, checked.get());
            else Answer.problem(response, callback, 429, "too many are checked at once; try again in a second");
            return;
        }
        if (what.equals(TRY)) {
            attempt(body(request, sent, CHECK_BYTES_MAX), response, callback);
            return;
        }
        JsonNode body = body(request, sent, BODY_BYTES_MAX);
        RegistryCommand.Action decision = DECISIONS.get(what);
        if (decision != null) {
            decide(decision, body, access.user(request), response, callback);
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        switch (what) {
            case "acknowledge" -> {
                String id = body.path("incident").asText();
                if (!state.isOpen(id)) {
                    Answer.problem(response, callback, 404, "there is no such incident that is not over");
                    return;
                }
                actions.acknowledge(body, access.user(request));
            }
            case "feedback" -> actions.feedback(body, access.user(request));
            case "silence" -> answer.put("id", actions.silence(body, access.user(request)));
            default -> {
                Answer.problem(response, callback, 404, "there is no " + API + what);
                return;
            }
        }
        Answer.json(response, callback, answer.put("done", true));
    }

    private void attempt(JsonNode body, Response response, Callback callback) {
        Optional<ObjectNode> tried;
        try {
            tried = check.attempt(body);
        } catch (IllegalStateException e) {
            Answer.problem(response, callback, 503, String.valueOf(e.getMessage()));
            return;
        }
        if (tried.isPresent()) Answer.json(response, callback, tried.get());
        else Answer.problem(response, callback, 429, "another file is tried; try again in a second");
    }

    private void decide(RegistryCommand.Action action, JsonNode body, String who, Response response, Callback callback)
            throws InterruptedException {
        AuditEntry decided;
        try {
            decided = models.ask(action, body, who);
        } catch (IllegalStateException e) {
            Answer.problem(response, callback, 503, String.valueOf(e.getMessage()));
            return;
        }
        answers.forgetModels();
        if (!decided.refused().isEmpty()) {
            Answer.problem(response, callback, 409, decided.refused());
            return;
        }
        ObjectNode answer = JSON.createObjectNode().put("done", true);
        answer.put("champion", decided.change().after())
                .put("before", decided.change().before());
        Answer.json(response, callback, answer);
    }

    private static JsonNode body(Request request, byte[] bytes, int most) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("application/json")) {
            throw new IllegalArgumentException("the content type must be application/json");
        }
        if (bytes.length > most) {
            throw new IllegalArgumentException("a body must have at most " + most + " bytes");
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body != null && body.isObject()) return body;
        } catch (IOException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
        throw new IllegalArgumentException("the body is not a JSON object");
    }
}
