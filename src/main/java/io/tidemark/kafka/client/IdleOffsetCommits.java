package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits where a consumer stands once nothing more comes. Behind its last record lie markers of transactions, which are never handed out:
 * the place of a partition that falls silent for longer than its topic keeps records would otherwise look as if some had expired
 * unread (see {@link CommittedOffsets}). Kafka Streams does the same by itself. Owned by one thread.
 */
public final class IdleOffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(IdleOffsetCommits.class);

    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Notes what has been committed: the next offset of each partition. */
    public void committed(Map<TopicPartition, OffsetAndMetadata> next) {
        next.forEach((partition, place) -> positions.put(partition, place.offset()));
    }

    /**
     * Nothing has come: commits the places of partitions that have been read further than was committed. During a rebalance, and when
     * the broker does not answer, it is left to a later call.
     *
     * @throws org.apache.kafka.clients.consumer.InvalidOffsetException as a poll does, when a partition has no place or a lost one
     */
    public void settle(Consumer<byte[], byte[]> consumer) {
        positions.keySet().retainAll(consumer.assignment());
        Map<TopicPartition, OffsetAndMetadata> further = new HashMap<>();
        try {
            for (TopicPartition partition : consumer.assignment()) {
                long position = consumer.position(partition, WITHIN);
                // one that has just been taken over may stand before its predecessor's last marker
                if (position > positions.getOrDefault(partition, -1L))
                    further.put(partition, new OffsetAndMetadata(position));
            }
            if (further.isEmpty()) return;
            consumer.commitSync(further, WITHIN);
            committed(further);
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            LOG.debug("the places of silent partitions are committed later", e);
        }
    }
}
