package io.tidemark.kafka.client;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Partitions of a topic, and whether a consumer has come to where they ended at one moment. */
public final class TopicEnds {
    private TopicEnds() {}

    /** The partitions of a topic; none where it does not exist, and it is not created. */
    public static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        return consumer.listTopics().getOrDefault(topic, List.of()).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** How many offsets a topic holds, those of markers of transactions included; 0 where it does not exist. */
    public static long length(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitions(consumer, topic);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        return partitions.stream()
                .mapToLong(p -> ends.getOrDefault(p, 0L) - starts.getOrDefault(p, 0L))
                .sum();
    }

    /** Whether a consumer has read all of its partitions up to these offsets; what was aborted before them counts as read. */
    public static boolean areReached(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
