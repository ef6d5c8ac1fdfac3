package io.tidemark.role.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.SimulatedKafka;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that has used up its share of time keeps no other one of its partition waiting. */
class SlowStreamTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LESSON = SECOND;

    private final SimulatedKafka kafka = new SimulatedKafka(new Random(1), 0);
    private final KafkaConnection connection = new KafkaConnection(
            Map.of("bootstrap.servers", "none:1"), new TopicNames("t."), kafka.process(SimulatedKafka.Faults.NONE));
    private final StreamSpec slow = stream("slow");
    private final StreamSpec quick = stream("quick");
    private long nowNs;
    private long usedNs;

    @BeforeEach
    void createTopics() {
        kafka.topic("t.checkpoints", 1);
    }

    private static StreamSpec stream(String name) {
        return TestNetworks.stream(
                name, 1, new StreamSpec.Learning(8, 8, new StreamSpec.Learning.Pace(64, 20, 4, 64, 2), 400, 3));
    }

    private PartitionLearner open() throws InterruptedException {
        return new PartitionLearner(
                new RoleContext(connection, new Meters(new SimpleMeterRegistry()), "a", kafka),
                List.of(slow, quick),
                Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster()),
                new FakeEngine(),
                CheckpointStore.open(connection, 0),
                stream -> stream == slow ? new Budget(0.5, () -> usedNs += LESSON, () -> nowNs) : free());
    }

    private static Budget free() {
        return new Budget(1, () -> 0, () -> 0);
    }

    @Test
    void otherStreamsOfThePartitionGoOnWhileOneWaitsForItsShareOfTime() throws InterruptedException {
        try (PartitionLearner learner = open()) {
            give(learner, 10);
            assertThat(taught(learner, quick)).isEqualTo(10);
            assertThat(taught(learner, slow))
                    .as("rows and gates that its time was enough for")
                    .isLessThan(5);
            assertThat(learner.isFull()).isFalse();
            assertThat(learner.takeHeld()).as("before time has passed").isFalse();
            for (int i = 0; i < 60; i++) {
                nowNs += SECOND;
                while (learner.takeHeld()) assertThat(learner.records()).isPositive();
            }
            assertThat(taught(learner, slow)).isEqualTo(10);
        }
    }

    @Test
    void whatWaitsIsReadAgainAfterARestart() throws InterruptedException {
        try (PartitionLearner learner = open()) {
            give(learner, 10);
            learner.taken(PartitionLearner.TRAINING, 20);
            learner.taken(PartitionLearner.GATES, 20);
            Map<String, Long> reached = learner.next();
            long taught = taught(learner, slow);
            LearntStream waits = requireNonNull(learner.of("slow"));
            assertThat(requireNonNull(learner.of("quick")).offsets(reached))
                    .containsEntry(PartitionLearner.TRAINING, 20L)
                    .containsEntry(PartitionLearner.GATES, 20L);
            waits.committed(java.util.Set.of(), waits.offsets(reached));
            assertThat(waits.offsets(reached).get(PartitionLearner.GATES)).isEqualTo(2 * taught);
            for (int i = 0; i < 60; i++) {
                nowNs += SECOND;
                while (learner.takeHeld()) assertThat(waits.heldBytes()).isNotNegative();
            }
            assertThat(taught(learner, slow)).as("none was taken for known").isEqualTo(10);
        }
    }

    @Test
    void partitionWaitsWhenTooMuchDoes() throws InterruptedException {
        try (PartitionLearner learner = open()) {
            give(learner, 10);
            LearntStream waits = requireNonNull(learner.of("slow"));
            long bytes = waits.heldBytes();
            assertThat(bytes).isPositive();
            waits.hold(PartitionLearner.GATES, 1_000, new byte[(int) PartitionLearner.HELD_BYTES_MAX]);
            assertThat(learner.isFull()).isTrue();
        }
    }

    private static long taught(PartitionLearner learner, StreamSpec stream) {
        return requireNonNull(learner.of(stream.name())).learner().history().taught();
    }

    /** One row of each stream and its gate, again and again; the streams' records alternate on both topics. */
    private void give(PartitionLearner learner, int count) {
        Wire wire = Wire.writer(256);
        for (int i = 0; i < count; i++) {
            int offset = 2 * i;
            for (StreamSpec stream : List.of(slow, quick)) {
                byte[] key = TopicNames.key(stream.name(), "a").getBytes(UTF_8);
                TrainingRows chunk = new TrainingRows();
                chunk.begin(stream.name(), "a", stream.generation(), 1);
                Step step = new Step();
                step.features(1);
                step.step = i;
                step.timeMs = i * 1000L;
                step.scale()[0] = 1;
                chunk.add(step);
                learner.rows(offset, key, chunk.encode(wire));
                Gate gate = new Gate(stream.name(), "a", stream.generation(), i, i, true, "");
                learner.gate(offset, key, gate.encode(wire));
                offset++;
            }
        }
    }
}
