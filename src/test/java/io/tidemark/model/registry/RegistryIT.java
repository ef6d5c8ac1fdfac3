package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.net.engine.Safetensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryIT {
    private static final PassedOver TOLD = new PassedOver("test", null);
    private static final ModelId ID = new ModelId("pump", "ae");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();

    private final List<RunningRegistrar> registrars = new ArrayList<>();

    @Test
    void readerNeverSeesHalfAModelOfAPublisherThatDiedBeforeItsManifest() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        try (ModelReader reader = ModelReader.start(connection, v -> true, TOLD)) {
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            Map<String, Object> own =
                    Map.of("transactional.id", kafka.prefix() + "dying", "transaction.timeout.ms", "5000");
            Producer<byte[], byte[]> dying = connection.producer(own);
            dying.initTransactions();
            dying.beginTransaction();
            ModelVersion half = TestModels.draft(1).of(Safetensors.write(TestModels.large(9, 700_000)));
            byte[] file = Safetensors.write(TestModels.large(9, 700_000));
            int from = 0;
            for (Chunk chunk : half.weights().chunks()) {
                byte[] key = half.chunkKey(chunk.sha256()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                dying.send(new org.apache.kafka.clients.producer.ProducerRecord<>(
                        connection.names().models(), 0, key, Chunk.piece(file, from)));
                from += chunk.bytes();
            }
            dying.flush();
            dying.close(Duration.ZERO); // the process is gone; its transaction stays open

            try (Producer<byte[], byte[]> next = connection.producer(own)) {
                next.initTransactions();
                ModelPublisher publisher = ModelPublisher.open(connection, next);
                assertThat(publisher.lastJob(ID)).isEmpty();
                next.beginTransaction();
                publisher.publish(TestModels.draft(1), TestModels.large(2, 700_000), 1);
                next.flush();
                assertThat(reader.serving().champions()).isEmpty();
                next.commitTransaction();
            }
            start();
            Model model = Eventually.gives(
                    SOON, "a champion", () -> reader.serving().champions().get(ID));
            assertThat(TestModels.gain(model.weights())).isEqualTo(2);
            assertThat(model.publishedMs()).isPositive();
        }
    }

    @Test
    void newReaderHandsOverTheNewestOnly() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (int v = 1; v <= 7; v++) {
            ModelVersion published = TestModels.champion(connection, TestModels.draft(40), TestModels.large(v, 10));
            assertThat(published.version()).isEqualTo(v);
        }
        try (ModelReader reader =
                ModelReader.start(connection, v -> v.id().stream().equals("pump"), TOLD)) {
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            assertThat(reader.serving().champions())
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
    void listReadsWhatWasPublishedAMomentAgo() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (int v = 1; v <= 5; v++) {
            TestModels.champion(connection, TestModels.draft(1), TestModels.large(v, 10));
            assertThat(ModelReader.list(connection)).hasSize(v);
        }
    }

    @Test
    void oneOfTwoRegistrarsDecidesAndTheOtherTakesOver() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        RunningRegistrar first = start();
        start();
        ModelVersion challenger = challenge("job-1", 2);
        assertThat(challenger.version()).isEqualTo(1);
        assertThat(challenge("job-1", 3).weights().sha256())
                .isEqualTo(challenger.weights().sha256());
        first.close();
        assertThat(challenge("job-2", 4).version()).isEqualTo(2);
        AuditEntry promoted = RegistryClient.ask(connection, command("p1", RegistryCommand.Action.PROMOTE, 2), SOON);
        assertThat(promoted.refused()).isEmpty();
        assertThat(promoted.change().after()).isEqualTo(2);
        try (ModelReader reader = ModelReader.start(connection, v -> true, TOLD)) {
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            Model champion = java.util.Objects.requireNonNull(
                    reader.serving().champions().get(ID));
            assertThat(TestModels.gain(champion.weights())).isEqualTo(4);
            assertThat(reader.serving().challengers().get(ID)).hasSize(1);
            RegistryClient.ask(connection, command("p2", RegistryCommand.Action.PROMOTE, 1), SOON);
            Eventually.holds(SOON, "the reader follows", () -> {
                Model now = reader.serving().champions().get(ID);
                return now != null && TestModels.gain(now.weights()) == 2;
            });
        }
    }

    @Test
    void commandThatNobodyDecidesSaysHowToGetItDecided() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        TestModels.champion(connection, TestModels.draft(1), TestModels.large(1, 10));
        assertThatThrownBy(() -> RegistryClient.ask(
                        connection, command("x", RegistryCommand.Action.PIN, 0), Duration.ofMillis(300)))
                .hasMessageContaining("start one with tidemark run --roles learner");
        start();
        Eventually.holds(
                SOON,
                "the command is decided when there is a registrar",
                () -> ModelReader.drained(connection, v -> false)
                        .deployment(ID)
                        .roles()
                        .pinned());
    }

    private ModelVersion challenge(String job, float gain) throws InterruptedException {
        return ModelPublisher.challenge(
                connection, TestModels.draft(1).by(job, ""), TestModels.large(gain, 10), "test", "", 1, Map.of(), SOON);
    }

    private static RegistryCommand command(String id, RegistryCommand.Action action, int version) {
        return new RegistryCommand(
                id, action, new ModelId("pump", "ae"), version, false, new Request("ann", "a test", 1), Map.of());
    }

    private RunningRegistrar start() {
        RunningRegistrar registrar = new RunningRegistrar(connection, Integer.toString(registrars.size()));
        registrars.add(registrar);
        return registrar;
    }

    @AfterEach
    void stopRegistrars() {
        registrars.forEach(RunningRegistrar::close);
    }

    @Test
    void readerWaitsForATopicThatIsNotThereYet() throws Exception {
        try (ModelReader reader = ModelReader.start(connection, v -> true, TOLD)) {
            assertThat(reader.awaitCaughtUp(Duration.ofMillis(300))).isFalse();
            kafka.topic("models", 1);
            assertThat(reader.awaitCaughtUp(SOON)).isTrue();
            assertThat(reader.failure()).isEmpty();
        }
    }
}
