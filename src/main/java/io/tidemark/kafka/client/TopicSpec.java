package io.tidemark.kafka.client;

import java.util.Map;
import java.util.TreeMap;

/**
 * A topic that must exist.
 *
 * @param name the full name, prefix included; Kafka's rules: 1 to 249 letters, digits, dots, underscores and dashes
 * @param partitions in [1, 10000]; fixed once the topic exists, because keys hash to partitions
 * @param replication copies of each partition; in [1, 32767], or {@value #CLUSTER_DEFAULT} for the cluster's default
 * @param configs topic settings such as {@code cleanup.policy} and {@code retention.ms}
 */
public record TopicSpec(String name, int partitions, short replication, Map<String, String> configs) {
    public static final short CLUSTER_DEFAULT = -1;

    private static final int PARTITIONS_MAX = 10_000;

    public TopicSpec {
        if (!name.matches("[A-Za-z0-9._-]{1,249}") || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "topic name must be 1 to 249 letters, digits, dots, underscores or dashes, but was '" + name + "'");
        }
        if (partitions < 1 || partitions > PARTITIONS_MAX) {
            throw new IllegalArgumentException(
                    "partitions of topic " + name + " must be in [1, " + PARTITIONS_MAX + "], but was " + partitions);
        }
        if (replication < 1 && replication != CLUSTER_DEFAULT) {
            throw new IllegalArgumentException("replication of topic " + name
                    + " must be in [1, 32767], or -1 for the cluster's default, but was " + replication);
        }
        configs = Map.copyOf(configs);
    }

    /** A topic with the cluster's own replication and settings. */
    public static TopicSpec of(String name, int partitions) {
        return new TopicSpec(name, partitions, CLUSTER_DEFAULT, Map.of());
    }

    /** The {@code kafka-topics.sh} command that creates this topic, for clusters where somebody else must run it. */
    public String command(String bootstrap) {
        StringBuilder command = new StringBuilder("kafka-topics.sh --bootstrap-server ")
                .append(bootstrap)
                .append(" --create --if-not-exists --topic ")
                .append(name)
                .append(" --partitions ")
                .append(partitions);
        if (replication != CLUSTER_DEFAULT) {
            command.append(" --replication-factor ").append(replication);
        }
        new TreeMap<>(configs)
                .forEach((key, value) -> command.append(" --config '")
                        .append(key)
                        .append('=')
                        .append(value)
                        .append('\''));
        return command.toString();
    }
}
