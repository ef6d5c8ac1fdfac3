package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.feedback.FeedbackReason;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The id of an alert, taken apart, and where its stretch ends.
 *
 * @param id {@code STREAM/SERIES@TIME}
 * @param sinceMs event time at which it opened; epoch milliseconds
 */
record AlertName(String id, String stream, String series, long sinceMs) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOT_FOUND = Long.MIN_VALUE;
    private static final long OPEN = Long.MAX_VALUE;

    /** @throws FeedbackException when it is no such id */
    static AlertName parse(String id) {
        int slash = id.indexOf('/');
        int at = id.lastIndexOf('@');
        if (slash < 1 || at < slash + 2) {
            throw new FeedbackException(
                    FeedbackReason.MALFORMED, "an alert's id must be STREAM/SERIES@TIME, but was " + id);
        }
        long sinceMs = FeedbackDecoder.timeMs("the time of an alert's id", id.substring(at + 1));
        return new AlertName(id, id.substring(0, slash), id.substring(slash + 1, at), sinceMs);
    }

    /**
     * Event time at which it was resolved, or {@code nowMs} while it is open; reads its partition of {@code alerts}.
     *
     * @throws BrokerException when the topic has no such alert
     * @throws FeedbackException when it is open and began in event time that is far from now
     */
    long untilMs(KafkaConnection connection, long nowMs) throws InterruptedException {
        String topic = connection.names().alerts();
        int partition;
        try (var consumer = connection.consumer(Map.of("allow.auto.create.topics", "false"))) {
            partition = TopicNames.partition(TopicNames.key(stream, series), TopicTail.await(consumer, topic));
        }
        long[] until = {NOT_FOUND};
        try (TopicTail tail = new TopicTail(connection, topic, partition)) {
            tail.drain(record -> {
                JsonNode alert = tree(record);
                if (!alert.path("id").asText().equals(id)) return;
                String resolved = alert.path("until").asText("");
                until[0] = resolved.isEmpty() ? OPEN : FeedbackDecoder.timeMs("until", resolved);
            });
        }
        if (until[0] == NOT_FOUND) {
            throw new BrokerException("topic " + topic + " has no alert " + id
                    + " any more; say until when it was with --to TIME, or see tidemark tail alerts --from earliest");
        }
        if (until[0] != OPEN) return until[0];
        if (nowMs < sinceMs || nowMs - sinceMs > Feedback.STRETCH_MAX.toMillis()) {
            throw new FeedbackException(
                    FeedbackReason.TOO_LONG,
                    "alert " + id
                            + " is open and its event time is far from now; say until when it was with --to TIME");
        }
        return nowMs;
    }

    private static JsonNode tree(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? JSON.missingNode() : JSON.readTree(record.value());
        } catch (IOException foreign) {
            return JSON.missingNode();
        }
    }
}
