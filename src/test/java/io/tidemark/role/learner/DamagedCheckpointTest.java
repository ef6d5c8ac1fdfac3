package io.tidemark.role.learner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.SimulatedKafka;
import io.tidemark.learn.learning.Checkpoint;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Wire;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checkpoint under the stream's own key, its hashes right, that no learner wrote. */
class DamagedCheckpointTest {
    private final SimulatedKafka kafka = new SimulatedKafka(new Random(1), 0);
    private final KafkaConnection connection = new KafkaConnection(
            Map.of("bootstrap.servers", "none:1"), new TopicNames("t."), kafka.process(SimulatedKafka.Faults.NONE));
    private final StreamSpec stream = TestNetworks.stream(1);

    @BeforeEach
    void createTopics() {
        kafka.topic("t.checkpoints", 1);
    }

    private void write(byte[] head) throws InterruptedException {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("transactional.id", "somebody"))) {
            producer.initTransactions();
            producer.beginTransaction();
            CheckpointStore.open(connection, 0)
                    .write(
                            producer,
                            stream.name(),
                            new Checkpoint(head, Map.of(), Map.of()),
                            Map.of(PartitionLearner.TRAINING, 50L),
                            Map.of(),
                            Set.of());
            producer.commitTransaction();
        }
    }

    private PartitionLearner open() throws InterruptedException {
        return new PartitionLearner(
                new RoleContext(connection, new Meters(new SimpleMeterRegistry()), "a", kafka),
                List.of(stream),
                Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                new FakeEngine(),
                CheckpointStore.open(connection, 0),
                any -> new Budget(1, () -> 0, () -> 0));
    }

    @Test
    void learnerBeginsAnew() throws InterruptedException {
        write(Wire.writer(8).u8(4).i32(stream.generation()).toBytes());
        try (PartitionLearner learner = open()) {
            LearntStream begun = requireNonNull(learner.of(stream.name()));
            assertThat(begun.learner().history().taught()).isZero();
            assertThat(begun.offsets(Map.of(PartitionLearner.TRAINING, 0L)))
                    .as("nothing of it is taken for known")
                    .containsEntry(PartitionLearner.TRAINING, 0L);
        }
    }

    @Test
    void whatALaterVersionWroteIsNotOverwritten() throws InterruptedException {
        write(new byte[] {5, 0, 0, 0, 1});
        assertThatThrownBy(this::open)
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("version 5")
                .hasMessageContaining("run the version that wrote it");
    }
}
