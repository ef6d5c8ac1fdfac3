package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {
    private static final TopicNames NAMES = new TopicNames("plant.");

    @Test
    void itsClientsReachTheBroker() {
        var kafka = KafkaForTests.fresh();
        String topic = kafka.topic("direct", 1);
        KafkaConnection connection = KafkaConnection.to(kafka.bootstrap());
        connection.await(Duration.ofSeconds(10), sentence -> {});
        try (var producer = connection.producer(Map.of());
                var consumer = connection.consumer(Map.of("auto.offset.reset", "earliest"))) {
            producer.send(new ProducerRecord<>(topic, "hello".getBytes(UTF_8)));
            producer.flush();
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            assertThat(consumer.poll(Duration.ofSeconds(10)))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo("hello".getBytes(UTF_8)));
        }
    }

    @Test
    void aSettingForOneKindOfClientStaysWithItAndWins() {
        var connection = new KafkaConnection(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:1",
                        "acks", "all",
                        "producer.linger.ms", "not a number"),
                NAMES);
        connection.consumer(Map.of()).close(Duration.ZERO);
        assertThatThrownBy(() -> connection.producer(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("linger.ms");
    }

    @Test
    void howSoonAProcessIsTakenForDeadAndHowRecordsAreCompressedIsTheUsers() {
        var connection = new KafkaConnection(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:1",
                        "session.timeout.ms", "not a number",
                        "transaction.timeout.ms", "7000",
                        "producer.compression.type", "gzip"),
                NAMES);
        assertThatThrownBy(() -> connection.consumer(Map.of("session.timeout.ms", "10000")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("session.timeout.ms");
        assertThat(connection.streams(Map.of(
                        "consumer.session.timeout.ms", 10_000,
                        "producer.transaction.timeout.ms", 1,
                        "producer.compression.type", "lz4")))
                .containsEntry("consumer.session.timeout.ms", "not a number")
                .containsEntry("producer.transaction.timeout.ms", "7000")
                .containsEntry("producer.compression.type", "gzip");
    }

    /** Kafka's own list, by trying each setting of a consumer that a share group has no use for. */
    @Test
    void aShareGroupTakesTheSettingsOfOtherConsumers() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "session.timeout.ms", "9000",
                "consumer.heartbeat.interval.ms", "3000",
                "consumer.client.rack", "a"));
        settings.put("group.instance.id", "one");
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "none");
        settings.put("enable.auto.commit", "false");
        settings.put("group.protocol", "classic");
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.StickyAssignor");
        settings.put("group.remote.assignor", "uniform");
        var connection = new KafkaConnection(settings, NAMES);
        try (var consumer = connection.shareConsumer(Map.of("group.id", "g"))) {
            assertThat(consumer.subscription()).isEmpty();
        }
    }

    @Test
    void secretsAreNotPrinted() {
        var connection = new KafkaConnection(
                Map.of("bootstrap.servers", "127.0.0.1:1", "sasl.jaas.config", "password=hunter2"), NAMES);
        assertThat(connection.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }

    @Test
    void aMissingAddressIsNamed() {
        assertThatThrownBy(() -> new KafkaConnection(Map.of(), NAMES))
                .hasMessageStartingWith("bootstrap.servers must name at least one broker");
    }

    @Test
    void copiesAndStandbysOfKafkaStreamsAreTheUsersAndNothingElseOfOursIs() {
        KafkaConnection connection = new KafkaConnection(
                Map.of(
                        "bootstrap.servers", "localhost:9092",
                        "replication.factor", "3",
                        "num.standby.replicas", "1",
                        "processing.guarantee", "at_least_once"),
                new TopicNames("tidemark"));
        Map<String, Object> ours =
                Map.of("replication.factor", -1, "num.standby.replicas", 0, "processing.guarantee", "exactly_once_v2");
        assertThat(connection.streams(ours))
                .containsEntry("replication.factor", "3")
                .containsEntry("num.standby.replicas", "1")
                .containsEntry("processing.guarantee", "exactly_once_v2");
    }
}
