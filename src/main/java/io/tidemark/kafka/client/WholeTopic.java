package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all partitions of a topic once, up to the end that they have now. */
public final class WholeTopic {
    private static final Duration POLL = Duration.ofMillis(200);

    private WholeTopic() {}

    /**
     * Hands over the committed records, each partition in its order.
     *
     * @return whether the topic exists; it is not created
     */
    public static boolean read(KafkaConnection connection, String topic, TopicTail.Sink each) {
        try (Consumer<byte[], byte[]> consumer =
                connection.consumer(Map.of("auto.offset.reset", "earliest", "allow.auto.create.topics", "false"))) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) return false;
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!TopicEnds.areReached(consumer, ends)) consumer.poll(POLL).forEach(each::record);
            return true;
        }
    }
}
