package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Where a receiver's messages go, with its secrets read. One thread. */
final class Destination {
    private static final int REASON_CHARS_MAX = 200;

    private final NotifyFile.Receiver receiver;
    private final URI uri;
    private final String key;
    private final String signature;
    private final String bearer;
    private final Optional<MessageTemplate> template;
    private final HttpClient client;
    private final InstantSource clock;

    /** What came of an attempt. */
    sealed interface Result {
        record Delivered() implements Result {}

        /** @param afterMs how long the receiver asks to wait; empty where it does not say */
        record TryAgain(String reason, OptionalLong afterMs) implements Result {}

        record Refused(String reason) implements Result {}
    }

    /**
     * Reads the secrets and the template.
     *
     * @param environment variables by name
     * @throws IllegalArgumentException naming the one that is missing, or what is wrong with the template
     */
    Destination(NotifyFile.Receiver receiver, Map<String, String> environment, InstantSource clock) {
        this.receiver = receiver;
        this.clock = clock;
        String url = receiver.target().secretUrl().isDeclared()
                ? secret(receiver, "url", receiver.target().secretUrl(), environment)
                : receiver.target().url();
        uri = uri(receiver, receiver.type() == NotifyFile.Type.ALERTMANAGER ? alertmanager(url) : url);
        key = secret(receiver, "key", receiver.target().key(), environment);
        signature = secret(receiver, "hmac", receiver.target().signature(), environment);
        bearer = secret(receiver, "bearer", receiver.target().bearer(), environment);
        template = receiver.template().isEmpty() ? Optional.empty() : Optional.of(template(receiver, clock));
        client = HttpClient.newBuilder()
                .connectTimeout(receiver.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private static String alertmanager(String url) {
        return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + "/api/v2/alerts";
    }

    private static URI uri(NotifyFile.Receiver receiver, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null) return uri;
        } catch (IllegalArgumentException e) {
            // the message below covers it and tells nothing of a secret
        }
        throw new IllegalArgumentException("receiver " + receiver.name() + ": its url is none");
    }

    private static String secret(
            NotifyFile.Receiver receiver, String what, NotifyFile.Secret from, Map<String, String> environment) {
        if (!from.isDeclared()) return "";
        String value = "";
        if (!from.environment().isEmpty()) {
            value = environment.getOrDefault(from.environment(), "").strip();
        } else {
            try {
                value = Secrets.firstLine(Path.of(from.file()));
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "receiver " + receiver.name() + ": " + what + "-file " + from.file() + " cannot be read: " + e,
                        e);
            }
        }
        if (!value.isEmpty()) return value;
        throw new IllegalArgumentException("receiver " + receiver.name() + ": " + what
                + (from.environment().isEmpty()
                        ? "-file " + from.file() + " has an empty first line"
                        : "-env " + from.environment() + " is not set in the environment"));
    }

    private static MessageTemplate template(NotifyFile.Receiver receiver, InstantSource clock) {
        try {
            MessageTemplate template = new MessageTemplate(receiver.template());
            for (String state : TestIncident.STATES) template.check(TestIncident.in(state, clock.instant()));
            return template;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("receiver " + receiver.name() + ": its template " + e.getMessage(), e);
        }
    }

    /** What it is sent of an incident; an Alertmanager is sent alerts instead. */
    String message(JsonNode incident) {
        return template.map(declared -> declared.of(incident))
                .orElseGet(() -> Messages.of(receiver.type(), incident, key));
    }

    /**
     * Sends a message once.
     *
     * @param once the same for each attempt at the same message, and for no other
     */
    Result send(String body, String once) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(receiver.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "tidemark")
                .header("Idempotency-Key", once)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!bearer.isEmpty()) request.header("Authorization", Secrets.bearer(bearer));
        if (!signature.isEmpty()) {
            request.header("X-Tidemark-Signature", Signatures.header(signature, clock.millis() / 1000, body));
        }
        try {
            return result(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return new Result.TryAgain(
                    e.getClass().getSimpleName() + reason(String.valueOf(e.getMessage())), OptionalLong.empty());
        }
    }

    private static Result result(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status / 100 == 2) return new Result.Delivered();
        String reason = "status " + status + reason(answer.body());
        if (status != 429 && status != 408 && status / 100 != 5) return new Result.Refused(reason);
        OptionalLong after = answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(text -> OptionalLong.of(1000 * Long.parseLong(text)))
                .orElse(OptionalLong.empty());
        return new Result.TryAgain(reason, after);
    }

    private static String reason(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        if (line.isEmpty() || line.equals("null")) return "";
        return ": " + line.substring(0, Math.min(REASON_CHARS_MAX, line.length()));
    }
}
