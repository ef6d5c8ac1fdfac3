package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.IncidentAction;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What people send to the incidents of a group of streams. */
public final class IncidentInbox {
    private IncidentInbox() {}

    /**
     * The record of an action, in the partition of its group.
     *
     * @param partitions of the topic {@code incident-inbox}
     */
    public static ProducerRecord<byte[], byte[]> record(TopicNames names, int partitions, IncidentAction action) {
        int partition = TopicNames.partition(action.group(), partitions);
        return new ProducerRecord<>(
                names.incidentInbox(), partition, action.group().getBytes(UTF_8), action.encode());
    }
}
