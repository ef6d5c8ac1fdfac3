package io.tidemark.app.node;

import io.tidemark.config.TopicFile;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.TopicSpec;
import java.util.List;

/** Tidemark's own topics as Kafka must create them. */
public final class OwnTopics {
    private OwnTopics() {}

    /** With the cluster's default replication. */
    public static List<TopicSpec> specs(TopicFile file, TopicNames names) {
        return specs(file, names, TopicSpec.CLUSTER_DEFAULT);
    }

    /** @param replication copies of each partition, or {@link TopicSpec#CLUSTER_DEFAULT} */
    public static List<TopicSpec> specs(TopicFile file, TopicNames names, short replication) {
        return file.topics().stream()
                .map(topic ->
                        new TopicSpec(names.prefix() + topic.name(), topic.partitions(), replication, topic.configs()))
                .toList();
    }
}
