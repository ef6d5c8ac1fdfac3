package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
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
 *   <li>A topic that the group never read begins where it is told, and the group's places say so from then on. What has a
 *       place is read on from there; a partition that a topic gets later, with processes running or not, is read from its first
 *       record.
 *   <li>Records that the topic no longer keeps, and that the group never read, have no outcome: the role does not start, and says
 *       how many there are. Where that is accepted, it goes on at the earliest record that is kept, once the group has no members:
 *       those of a process that died stay for its session, which is waited for.
 *   <li>A place behind the end is that of a topic that has been made anew, which is read from its beginning.
 * </ol>
 *
 * <p>A group that has members has been settled by them; its places are not touched. One whose places Kafka has forgotten
 * ({@code offsets.retention.minutes} without a member) is as one that never read.
 */
public final class CommittedOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedOffsets.class);
    private static final long ANSWER_SECONDS_MAX = 60;
    /** Longer than the session of a process that died. */
    private static final Duration MEMBERS_LEAVE_WITHIN = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Admin admin;
    private final String group;
    private final Duration leaveWithin;

    private CommittedOffsets(Admin admin, String group, Duration leaveWithin) {
        this.admin = admin;
        this.group = group;
        this.leaveWithin = leaveWithin;
    }

    /**
     * Settles the places of a group.
     *
     * @param topics all of them must be there
     * @param reset where a topic is begun that the group never read
     * @param acceptsLoss whether to go on when records have expired unread
     * @return whether every partition has a place now; false where a group with members lacks one
     * @throws BrokerException when records have expired unread, naming how many of which partitions; when that is accepted but the
     *     group has members; or when the broker does not answer
     */
    public static boolean settle(
            KafkaConnection connection,
            String group,
            Collection<String> topics,
            OffsetReset reset,
            boolean acceptsLoss) {
        return settle(connection, group, topics, reset, acceptsLoss, MEMBERS_LEAVE_WITHIN);
    }

    /**
     * The topics that a group has a place in, so that where to begin has no effect on them.
     *
     * @throws BrokerException when the broker does not answer
     */
    public static Set<String> begun(KafkaConnection connection, String group) {
        Admin admin = connection.admin();
        try {
            return new CommittedOffsets(admin, group, MEMBERS_LEAVE_WITHIN)
                    .committed().keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /**
     * Puts a group elsewhere in a topic, wherever it stood.
     *
     * @throws BrokerException when it has members, or the broker does not answer
     */
    public static void put(KafkaConnection connection, String group, String topic, OffsetReset to) {
        Admin admin = connection.admin();
        try {
            CommittedOffsets offsets = new CommittedOffsets(admin, group, Duration.ZERO);
            List<TopicPartition> partitions = offsets.partitions(List.of(topic));
            Map<TopicPartition, Long> latest = offsets.offsets(partitions, OffsetSpec.latest());
            Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
            offsets.begin(partitions, to, latest)
                    .forEach((partition, at) -> moved.put(partition, new OffsetAndMetadata(at)));
            offsets.moveOnceAlone(moved, "another place in topic " + topic + " is to be taken");
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** How many members a group has now. @throws BrokerException when the broker does not answer */
    public static int members(KafkaConnection connection, String group) {
        Admin admin = connection.admin();
        try {
            CommittedOffsets offsets = new CommittedOffsets(admin, group, Duration.ZERO);
            return Objects.requireNonNull(offsets.wait(
                                    admin.describeConsumerGroups(List.of(group)).all())
                            .get(group))
                    .members()
                    .size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) return 0;
            throw new BrokerException("could not learn who is in group " + group + ": " + e.getCause(), e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /**
     * Whether a group has committed records of a topic to read yet; transaction markers do not count.
     *
     * @throws BrokerException when the broker does not answer
     */
    public static boolean isBehind(KafkaConnection connection, String group, String topic) {
        Admin admin = connection.admin();
        try (Consumer<byte[], byte[]> consumer =
                connection.consumer(Map.of("auto.offset.reset", "earliest", "allow.auto.create.topics", "false"))) {
            CommittedOffsets offsets = new CommittedOffsets(admin, group, Duration.ZERO);
            Map<TopicPartition, OffsetAndMetadata> committed = offsets.committed();
            List<TopicPartition> partitions = offsets.partitions(List.of(topic));
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata at = committed.get(partition);
                if (at == null) consumer.seekToBeginning(List.of(partition));
                else consumer.seek(partition, at.offset());
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!TopicEnds.areReached(consumer, ends))
                if (!consumer.poll(PAUSE).isEmpty()) return true;
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    static boolean settle(
            KafkaConnection connection,
            String group,
            Collection<String> topics,
            OffsetReset reset,
            boolean acceptsLoss,
            Duration leaveWithin) {
        Admin admin = connection.admin();
        try {
            return new CommittedOffsets(admin, group, leaveWithin).settle(topics, reset, acceptsLoss);
        } finally {
            admin.close(Duration.ZERO); // else it waits for answers that nobody waits for any more
        }
    }

    /**
     * What ends a member whose places are gone while it runs.
     *
     * @param positions where it wanted to read on
     * @throws BrokerException when the broker does not answer
     */
    public static BrokerException lost(KafkaConnection connection, String group, Map<TopicPartition, Long> positions) {
        Admin admin = connection.admin();
        try {
            Map<TopicPartition, Long> earliest = new CommittedOffsets(admin, group, MEMBERS_LEAVE_WITHIN)
                    .offsets(positions.keySet(), OffsetSpec.earliest());
            Map<String, String> lost = new TreeMap<>();
            positions.forEach((partition, at) ->
                    lost.put(partition.toString(), expired(partition, at, earliest.getOrDefault(partition, at))));
            return new BrokerException(expired(group, lost.values())
                    + "; to go on without them, stop every process of the role and start it with --accept-loss");
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private boolean settle(Collection<String> topics, OffsetReset reset, boolean acceptsLoss) {
        List<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        Map<TopicPartition, Long> earliest = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> latest = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begin = begin(partitions, reset, latest);
        Set<String> read =
                committed.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        Map<String, String> lost = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            long first = Objects.requireNonNull(earliest.get(partition));
            long end = Objects.requireNonNull(latest.get(partition));
            OffsetAndMetadata at = committed.get(partition);
            if (at == null) {
                long told = Objects.requireNonNull(begin.get(partition));
                moved.put(partition, new OffsetAndMetadata(read.contains(partition.topic()) ? first : told));
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
            String what = expired(group, lost.values());
            if (!acceptsLoss) throw new BrokerException(what + "; to go on without them: tidemark run --accept-loss");
            moveOnceAlone(moved, "a loss is to be accepted");
            LOG.warn("{}; it goes on without them", what);
            return true;
        }
        return moved.isEmpty() || move(moved) || committed().keySet().containsAll(partitions);
    }

    /**
     * Moves the group when its last member has left.
     *
     * @param what is to be done, as the begin of a sentence
     */
    private void moveOnceAlone(Map<TopicPartition, OffsetAndMetadata> positions, String what) {
        long began = System.nanoTime();
        while (!move(positions)) {
            if (System.nanoTime() - began > leaveWithin.toNanos()) {
                throw new BrokerException(
                        what + " for group " + group + ", which has members; stop every process of the role first");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String expired(String group, Collection<String> lost) {
        return "records expired before group " + group + " read them: " + String.join("; ", lost);
    }

    /** What a partition has lost, in words; transaction markers count too, so that it is a bound. */
    private static String expired(TopicPartition partition, long at, long first) {
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
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        try {
            wait(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, at) -> {
                        if (at != null) positions.put(partition, at);
                    });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) throw failed(e);
        }
        return positions;
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (TopicPartition partition : partitions) asked.put(partition, which);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> answer :
                answer(admin.listOffsets(asked).all()).entrySet()) {
            offsets.put(answer.getKey(), answer.getValue().offset());
        }
        return offsets;
    }

    /** Where to begin as it was told; at the end where no record is as young as the time that was asked for. */
    private Map<TopicPartition, Long> begin(
            Collection<TopicPartition> partitions, OffsetReset told, Map<TopicPartition, Long> latest) {
        Map<TopicPartition, Long> begin = offsets(partitions, told.offsets());
        begin.replaceAll((partition, at) -> at < 0 ? Objects.requireNonNull(latest.get(partition)) : at);
        return begin;
    }

    /** Moves the group; false when it has members. */
    private boolean move(Map<TopicPartition, OffsetAndMetadata> positions) {
        try {
            wait(admin.alterConsumerGroupOffsets(group, positions).all());
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
