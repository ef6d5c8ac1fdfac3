package io.tidemark.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a group stands in its topics, settled before its consumers start: a consumer whose place is lost goes elsewhere without a word.
 *
 * <ol>
 *   <li>A partition that the group never read begins where it is told, and the group's place says so from then on. What has a
 *       place is read on from there; a partition that appears later is read from its first record.
 *   <li>Records that the topic no longer keeps, and that the group never read, have no outcome: the role does not start, and says
 *       how many there are. Where that is accepted, it goes on at the earliest record that is kept.
 *   <li>A place behind the end is that of a topic that has been made anew, which is read from its beginning.
 * </ol>
 *
 * <p>A group that has members has been settled by them; its places are not touched.
 */
public final class Places {
    private static final Logger LOG = LoggerFactory.getLogger(Places.class);
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Admin admin;
    private final String group;

    private Places(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /**
     * Settles the places of a group.
     *
     * @param topics all of them must be there
     * @param beginning where a partition is begun that the group never read
     * @param acceptsLoss whether to go on when records have expired unread
     * @return whether every partition has a place now; false where a group with members lacks one
     * @throws BrokerException when records have expired unread, naming how many of which partitions, or the broker does not answer
     */
    public static boolean settle(
            KafkaConnection connection,
            String group,
            Collection<String> topics,
            Beginning beginning,
            boolean acceptsLoss) {
        try (Admin admin = connection.admin()) {
            return new Places(admin, group).settle(topics, beginning, acceptsLoss);
        }
    }

    private boolean settle(Collection<String> topics, Beginning beginning, boolean acceptsLoss) {
        List<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        Map<TopicPartition, Long> earliest = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> latest = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begin = offsets(partitions, beginning.offsets());
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        Map<String, String> lost = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            long first = Objects.requireNonNull(earliest.get(partition));
            long end = Objects.requireNonNull(latest.get(partition));
            OffsetAndMetadata at = committed.get(partition);
            if (at == null) {
                long start = Objects.requireNonNull(begin.get(partition));
                // below 0: no record is as young as a time that was asked for
                moved.put(partition, new OffsetAndMetadata(start < 0 ? end : start));
            } else if (at.offset() < first) {
                lost.put(partition.toString(), expired(partition, at.offset(), first));
                moved.put(partition, new OffsetAndMetadata(first));
            } else if (at.offset() > end) {
                LOG.warn(
                        "group {} stood at offset {} of {}, which ends at {}: the topic is new, and is read from its beginning",
                        group,
                        at.offset(),
                        partition,
                        end);
                moved.put(partition, new OffsetAndMetadata(first));
            }
        }
        if (!lost.isEmpty()) {
            String what = "records expired before group " + group + " read them: " + String.join("; ", lost.values());
            if (!acceptsLoss) throw new BrokerException(what + "; to go on without them: tidemark run --accept-loss");
            LOG.warn("{}; it goes on without them", what);
        }
        return moved.isEmpty() || move(moved) || committed().keySet().containsAll(partitions);
    }

    /** What a partition has lost, in words; transaction markers count too, so that it is a bound. */
    public static String expired(TopicPartition partition, long at, long first) {
        return "up to " + (first - at) + " of " + partition + " (offsets " + at + " to " + (first - 1) + ")";
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic :
                answer(admin.describeTopics(topics).allTopicNames()).values()) {
            for (TopicPartitionInfo info : topic.partitions()) {
                partitions.add(new TopicPartition(topic.name(), info.partition()));
            }
        }
        return partitions;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        try {
            wait(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, at) -> {
                        if (at != null) places.put(partition, at);
                    });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) throw failed(e);
        }
        return places;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (TopicPartition partition : partitions) asked.put(partition, which);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> answer :
                answer(admin.listOffsets(asked).all()).entrySet()) {
            offsets.put(answer.getKey(), answer.getValue().offset());
        }
        return offsets;
    }

    /** Moves the group; false when it has members. */
    private boolean move(Map<TopicPartition, OffsetAndMetadata> places) {
        try {
            wait(admin.alterConsumerGroupOffsets(group, places).all());
            return true;
        } catch (ExecutionException e) {
            boolean members = e.getCause() instanceof UnknownMemberIdException
                    || e.getCause() instanceof GroupNotEmptyException
                    || e.getCause() instanceof RebalanceInProgressException;
            if (members) return false;
            throw failed(e);
        }
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return wait(future);
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private <T> T wait(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BrokerException(
                    "the broker did not say within " + ANSWER_SECONDS_MAX + " s where group " + group + " stands", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while asking where group " + group + " stands", e);
        }
    }

    private BrokerException failed(ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            return new BrokerException(
                    "a topic of group " + group + " is missing; create it, or run `tidemark streams apply`", e);
        }
        return new BrokerException("could not learn where group " + group + " stands: " + e.getCause(), e);
    }
}
