package io.tidemark.model.registry;

import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Asks the registrar and waits for its answer. */
public final class RegistryClient {
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    private RegistryClient() {}

    /**
     * Sends a command; {@link Registrar} decides it.
     *
     * @return the decision, which may be a refusal ({@link AuditEntry#refused})
     * @throws IllegalArgumentException when the network has no version at all
     * @throws IllegalStateException when no registrar answers in time, naming the remedy
     */
    public static AuditEntry ask(KafkaConnection connection, RegistryCommand command, Duration within)
            throws InterruptedException {
        send(connection, command);
        return await(
                connection,
                within,
                command.model(),
                log -> log.audit(command.model()).stream()
                        .filter(entry -> entry.id().equals(command.id()))
                        .findFirst()
                        .orElse(null));
    }

    /**
     * Sends a command without waiting for its decision.
     *
     * @throws KafkaException when it could not be written; one that can be tried again is a {@link
     *     org.apache.kafka.common.errors.RetriableException}
     */
    public static void send(KafkaConnection connection, RegistryCommand command) throws InterruptedException {
        byte[] key = command.key().getBytes(StandardCharsets.UTF_8);
        try {
            AcknowledgedSend.send(
                    connection, new ProducerRecord<>(connection.names().models(), 0, key, RegistryJson.write(command)));
        } catch (BrokerException e) {
            if (e.getCause() instanceof KafkaException kafka) throw kafka;
            throw e;
        }
    }

    static ModelVersion awaitJob(KafkaConnection connection, ModelId id, String job, Duration within)
            throws InterruptedException {
        return await(connection, within, id, log -> {
            Integer number = log.deployment(id).jobs().get(job);
            return number == null ? null : log.version(id, number);
        });
    }

    private static <T> T await(
            KafkaConnection connection, Duration within, ModelId id, Function<ModelLog, @Nullable T> answer)
            throws InterruptedException {
        ModelLog log = new ModelLog(version -> false);
        PassedOver told = new PassedOver("client", null);
        long end = System.nanoTime() + within.toNanos();
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            while (true) {
                tail.poll(Duration.ofMillis(100), log.sink(told));
                T found = answer.apply(log);
                if (found != null) return found;
                // what is not read to its end cannot tell whether there is such a model
                if (System.nanoTime() > end && tail.caughtUp())
                    throw new IllegalStateException(unanswered(log, id, within));
                if (System.nanoTime() > end + READ_WITHIN.toNanos())
                    throw new IllegalStateException(
                            "the topic " + connection.names().models() + " cannot be read");
            }
        }
    }

    private static String unanswered(ModelLog log, ModelId id, Duration within) {
        if (!log.networks().contains(id)) return "there is no model " + id + "; see tidemark models list";
        return "no registrar has answered within " + within.toSeconds()
                + " s; it lives in the role learner: start one with tidemark run --roles learner, and the command is decided then";
    }
}
