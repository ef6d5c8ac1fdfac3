package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.Silence;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.role.notify.SilenceTopic;
import io.tidemark.role.verdict.IncidentInbox;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a person does on the page, written to the topics that the command line writes to. Safe for any thread. */
final class ConsoleActions implements AutoCloseable {
    private static final long MINUTE_MS = 60_000;

    private final TopicNames names;
    private final Producer<byte[], byte[]> producer;
    private final InstantSource clock;

    ConsoleActions(KafkaConnection connection, InstantSource clock) {
        names = connection.names();
        this.clock = clock;
        producer = connection.producer(Map.of("linger.ms", 0, "client.id", "console", "max.block.ms", "10000"));
    }

    /** @throws IllegalArgumentException naming what is wrong with it */
    void acknowledge(JsonNode body, String who) throws InterruptedException {
        IncidentAction action = new IncidentAction(
                body.path("incident").asText(), who, body.path("note").asText());
        int partitions = producer.partitionsFor(names.incidentInbox()).size();
        AcknowledgedSend.send(producer, IncidentInbox.record(names, partitions, action));
    }

    /** @throws IllegalArgumentException naming what is wrong with it */
    void feedback(JsonNode body, String who) throws InterruptedException {
        try {
            String label = body.path("label").asText();
            if (!label.equals(Feedback.NORMAL) && !label.equals(Feedback.ANOMALY)) {
                throw new IllegalArgumentException("label must be normal or anomaly");
            }
            long fromMs = FeedbackDecoder.timeMs("from", body.path("from").asText());
            Feedback feedback = new Feedback(
                    body.path("stream").asText(),
                    body.path("series").asText(),
                    fromMs,
                    body.has("to")
                            ? FeedbackDecoder.timeMs("to", body.path("to").asText())
                            : fromMs,
                    label.equals(Feedback.ANOMALY),
                    who,
                    body.path("note").asText());
            byte[] key = TopicNames.key(feedback.stream(), feedback.series()).getBytes(UTF_8);
            AcknowledgedSend.send(producer, new ProducerRecord<>(names.feedback(), key, feedback.encode()));
        } catch (FeedbackException e) {
            throw new IllegalArgumentException(e.sentence(), e);
        }
    }

    /**
     * Silences; the id of the silence.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    String silence(JsonNode body, String who) throws InterruptedException {
        long nowMs = clock.millis();
        long minutes = body.path("minutes").asLong(0);
        if (minutes < 1 || minutes > 366L * 24 * 60) {
            throw new IllegalArgumentException("minutes must be in [1, 527040], but was "
                    + body.path("minutes").asText());
        }
        String stream = body.path("stream").asText();
        String series = body.path("series").asText();
        String group = body.path("group").asText();
        if ((stream + series + group).isEmpty()) {
            throw new IllegalArgumentException("say what is meant with group, stream or series");
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        Silence silence = new Silence(
                id,
                new Silence.Scope(group, stream, series, ""),
                nowMs,
                nowMs + minutes * MINUTE_MS,
                who,
                body.path("note").asText());
        AcknowledgedSend.send(producer, SilenceTopic.made(names, silence));
        return id;
    }

    @Override
    public void close() {
        producer.close();
    }
}
