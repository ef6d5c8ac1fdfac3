package io.tidemark.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import io.tidemark.broker.KafkaConnection;
import io.tidemark.broker.KafkaForTests;
import io.tidemark.config.TopicNames;
import io.tidemark.engine.Safetensors;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

class RegistryIT {
    private static final ModelId ID = new ModelId("pump", "ae");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection =
            new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrap()), new TopicNames(kafka.prefix()));

    @Test
    void readerNeverSeesHalfAModelOfAPublisherThatDiedBeforeItsManifest() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        try (ModelReader reader = ModelReader.start(connection, v -> true)) {
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            Map<String, Object> own =
                    Map.of("transactional.id", kafka.prefix() + "dying", "transaction.timeout.ms", "5000");
            KafkaProducer<byte[], byte[]> dying = connection.producer(own);
            dying.initTransactions();
            dying.beginTransaction();
            ModelVersion half = TestModels.draft(1).of(Safetensors.write(TestModels.large(9, 700_000)));
            byte[] file = Safetensors.write(TestModels.large(9, 700_000));
            int from = 0;
            for (Chunk chunk : half.chunks()) {
                byte[] key = half.chunkKey(chunk.sha256()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                dying.send(new org.apache.kafka.clients.producer.ProducerRecord<>(
                        connection.names().models(), 0, key, Chunk.piece(file, from)));
                from += chunk.bytes();
            }
            dying.flush();
            dying.close(Duration.ZERO); // the process is gone; its transaction stays open

            try (KafkaProducer<byte[], byte[]> next = connection.producer(own)) {
                next.initTransactions();
                ModelPublisher publisher = ModelPublisher.open(connection, next);
                assertThat(publisher.last(ID)).isZero();
                next.beginTransaction();
                publisher.publish(TestModels.draft(1), TestModels.large(2, 700_000));
                next.flush();
                assertThat(reader.champions()).isEmpty();
                next.commitTransaction();
            }
            Model model = Eventually.gives(
                    SOON, "a champion", () -> reader.champions().get(ID));
            assertThat(TestModels.gain(model.weights())).isEqualTo(2);
            assertThat(model.publishedMs()).isPositive();
        }
    }

    @Test
    void newReaderHandsOverTheNewestOnly() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (int v = 1; v <= 7; v++) {
            ModelVersion published =
                    ModelPublisher.publishAlone(connection, TestModels.draft(40), TestModels.large(v, 10));
            assertThat(published.version()).isEqualTo(v);
        }
        // a commit shows to readers a moment after it returns
        Eventually.holds(
                SOON,
                "version 7 shows",
                () -> ModelReader.list(connection).stream().anyMatch(v -> v.version() == 7));
        try (ModelReader reader = ModelReader.start(connection, v -> v.stream().equals("pump"))) {
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            assertThat(reader.champions())
                    .hasEntrySatisfying(
                            ID, model -> assertThat(model.manifest().version()).isEqualTo(7));
        }
        assertThat(ModelReader.list(connection))
                .extracting(ModelVersion::version)
                .containsExactly(3, 4, 5, 6, 7);
        assertThat(TestModels.gain(ModelReader.load(connection, ID, 4).weights()))
                .isEqualTo(4);
    }

    @Test
    void readerWaitsForATopicThatIsNotThereYet() throws Exception {
        try (ModelReader reader = ModelReader.start(connection, v -> true)) {
            assertThat(reader.awaitCaughtUp(Duration.ofMillis(300))).isFalse();
            kafka.topic("models", 1);
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            assertThat(reader.failure()).isEmpty();
        }
    }
}
