package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers of the console over HTTP. */
final class Answer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answer() {}

    static void found(Response response, Callback callback, Optional<? extends JsonNode> found) {
        if (found.isPresent()) json(response, callback, found.get());
        else problem(response, callback, 404, "the console does not know it");
    }

    static void json(Response response, Callback callback, JsonNode json) {
        send(response, callback, 200, "application/json", json.toString().getBytes(UTF_8));
    }

    static void problem(Response response, Callback callback, int status, String what) {
        ObjectNode problem = JSON.createObjectNode().put("status", status).put("detail", what);
        send(
                response,
                callback,
                status,
                "application/problem+json",
                problem.toString().getBytes(UTF_8));
    }

    static void send(Response response, Callback callback, int status, String type, byte[] bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
