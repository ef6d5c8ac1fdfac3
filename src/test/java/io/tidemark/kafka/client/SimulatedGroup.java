package io.tidemark.kafka.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A consumer group. A new generation begins when all members have joined; until then those of the one before may commit. */
final class SimulatedGroup {
    final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Map<String, List<TopicPartition>> members = new LinkedHashMap<>();
    private final Map<String, List<TopicPartition>> assigned = new HashMap<>();
    private final Set<String> joined = new HashSet<>();
    private int generation;
    private boolean rebalances;
    private int count;

    /** @param wanted partitions of the topics it subscribes to */
    String enter(List<TopicPartition> wanted) {
        String member = "member-" + count++;
        members.put(member, wanted);
        rebalance();
        return member;
    }

    void leave(String member) {
        if (members.remove(member) == null) return;
        rebalance();
    }

    private void rebalance() {
        rebalances = !members.isEmpty();
        joined.clear();
    }

    boolean isMember(String member) {
        return members.containsKey(member);
    }

    boolean waitsFor(String member) {
        return rebalances && !joined.contains(member);
    }

    void join(String member) {
        joined.add(member);
        if (joined.containsAll(members.keySet())) form();
    }

    /** Partitions of one number go to one member, whatever their topic. */
    private void form() {
        generation++;
        rebalances = false;
        assigned.clear();
        List<String> order = new ArrayList<>(members.keySet());
        members.forEach((member, wanted) -> {
            List<TopicPartition> own = new ArrayList<>();
            for (TopicPartition partition : wanted) {
                if (order.get((partition.partition() + generation) % order.size())
                        .equals(member)) own.add(partition);
            }
            assigned.put(member, own);
        });
    }

    boolean rebalances() {
        return rebalances;
    }

    int generation() {
        return generation;
    }

    List<TopicPartition> assignment(String member) {
        return assigned.getOrDefault(member, List.of());
    }

    /** A commit that names no member is taken from anybody, as Kafka does. */
    void check(String member, int of) {
        if (member.isEmpty() && of < 0) return;
        if (!isMember(member) || of != generation) {
            throw new CommitFailedException("the group has gone on without " + member);
        }
    }
}
