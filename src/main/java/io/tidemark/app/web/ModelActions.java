package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * What a person does with versions on the page: asked of the registrar, which decides it, as {@code tidemark models} does. Safe for any thread; at
 * most {@value #AT_ONCE} wait for their answer at a time.
 */
final class ModelActions {
    private static final int AT_ONCE = 2;
    private static final int WHY_CHARS_MAX = 500;
    private static final Duration WITHIN = Duration.ofSeconds(15);

    private final KafkaConnection connection;
    private final InstantSource clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    ModelActions(KafkaConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /**
     * Waits for the registrar's decision.
     *
     * @param body {@code stream}, {@code network}, {@code version} (0 or missing: the champion, where the action allows it) and {@code why}
     * @return what was decided; it may be a refusal
     * @throws IllegalArgumentException naming what is wrong with it
     * @throws IllegalStateException when no registrar answers in time, others still wait for theirs, or the console may not write to
     *     {@code models}
     */
    AuditEntry ask(RegistryCommand.Action action, JsonNode body, String who) throws InterruptedException {
        String why = body.path("why").asText().strip();
        if (why.isEmpty() || why.length() > WHY_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "why must have 1 to " + WHY_CHARS_MAX + " characters: it is for the audit");
        }
        JsonNode version = body.path("version");
        if (!version.isMissingNode() && !version.canConvertToInt() || version.asInt() < 0) {
            throw new IllegalArgumentException("version must be a whole number, at least 0");
        }
        if (action == RegistryCommand.Action.PROMOTE && version.asInt() == 0) {
            throw new IllegalArgumentException("say which version");
        }
        RegistryCommand command = new RegistryCommand(
                action + "-" + UUID.randomUUID(),
                action,
                new ModelId(body.path("stream").asText(), body.path("network").asText()),
                version.asInt(),
                body.path("force").asBoolean(),
                new Request(who, why, clock.millis()),
                Map.of());
        if (!places.tryAcquire()) throw new IllegalStateException("others wait for the registrar; try again");
        try {
            return RegistryClient.ask(connection, command, WITHIN);
        } catch (AuthorizationException e) {
            throw new IllegalStateException(
                    "the console may not write to " + connection.names().models()
                            + "; grant its principal WRITE there, or use tidemark models",
                    e);
        } finally {
            places.release();
        }
    }
}
