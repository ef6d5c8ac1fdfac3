package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final Topics topics = new Topics(kafka.admin(), Duration.ofSeconds(30));

    @Test
    void absentTopicsAreCreatedOnceWithTheirSettings() throws Exception {
        var models = new TopicSpec(
                kafka.prefix() + "models", 1, TopicSpec.CLUSTER_DEFAULT, Map.of("cleanup.policy", "compact"));
        var scores = TopicSpec.of(kafka.prefix() + "scores", 3);
        assertThat(topics.missing(List.of(models, scores))).containsExactly(models, scores);
        assertThat(topics.create(List.of(models, scores))).containsExactly(models, scores);
        assertThat(topics.create(List.of(models, scores))).isEmpty();
        var described = kafka.admin()
                .describeTopics(List.of(scores.name()))
                .allTopicNames()
                .get();
        assertThat(described.get(scores.name()))
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
    }

    @Test
    void everyOtherPartitionCountIsReportedAndNothingIsCreated() {
        topics.create(List.of(TopicSpec.of(kafka.prefix() + "a", 2), TopicSpec.of(kafka.prefix() + "b", 2)));
        var wanted = List.of(
                TopicSpec.of(kafka.prefix() + "a", 4),
                TopicSpec.of(kafka.prefix() + "b", 1),
                TopicSpec.of(kafka.prefix() + "c", 1));
        assertThatThrownBy(() -> topics.create(wanted))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("topic " + kafka.prefix() + "a has 2 partitions but 4 are declared")
                .hasMessageContaining("topic " + kafka.prefix() + "b has 2 partitions but 1 are declared");
        assertThat(topics.missing(wanted)).extracting(TopicSpec::name).containsExactly(kafka.prefix() + "c");
    }

    @Test
    void withCreationForbiddenTheCommandsAreNamed() {
        var wanted = new TopicSpec(
                kafka.prefix() + "gates", 2, (short) 3, Map.of("retention.ms", "1000", "cleanup.policy", "delete"));
        assertThatThrownBy(() -> topics.require(List.of(wanted), "kafka:9092"))
                .isInstanceOf(BrokerException.class)
                .hasMessage("1 topics are missing and create is false; have them created with:\n"
                        + "kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic "
                        + wanted.name()
                        + " --partitions 2 --replication-factor 3"
                        + " --config 'cleanup.policy=delete' --config 'retention.ms=1000'");
    }

    @Test
    void aTopicSpecOutOfItsBoundsIsRefused() {
        assertThatThrownBy(() -> TopicSpec.of("scores", 0))
                .hasMessage("partitions of topic scores must be in [1, 10000], but was 0");
        assertThatThrownBy(() -> TopicSpec.of("a topic", 1))
                .hasMessageContaining("letters, digits, dots, underscores or dashes, but was 'a topic'");
    }
}
