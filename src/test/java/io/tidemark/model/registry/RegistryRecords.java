package io.tidemark.model.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.net.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The models topic in memory, with a registrar that decides at once. */
final class RegistryRecords {
    final ModelLog log = new ModelLog(v -> false);
    private final List<Entry> history = new ArrayList<>();
    private int number;

    record Entry(String key, byte @Nullable [] value) {}

    /** Every record so far, in order. */
    List<Entry> history() {
        return history;
    }

    /** Long runs keep only what the log keeps. */
    void forgetHistory() {
        history.clear();
    }

    void send(String key, byte @Nullable [] value) {
        history.add(new Entry(key, value));
        log.apply(key.getBytes(UTF_8), value, 0);
    }

    /** What a publisher sends, then what the registrar decides. */
    private void take(MockProducer<byte[], byte[]> producer) {
        for (ProducerRecord<byte[], byte[]> r : producer.history()) send(new String(r.key(), UTF_8), r.value());
        decide();
    }

    void decide() {
        new Decisions(log).decide().forEach((key, value) -> history.add(new Entry(key, value)));
    }

    /** Publishes as a learner does. */
    ModelVersion learnt(NetworkState weights) {
        number++;
        return learnt(weights, 1000L * number);
    }

    ModelVersion learnt(NetworkState weights, long nowMs) {
        MockProducer<byte[], byte[]> producer = producer();
        ModelVersion sent =
                new ModelPublisher(producer, "models", log, null).publish(TestModels.draft(1), weights, nowMs);
        take(producer);
        return sent;
    }

    ModelVersion learnt(float gain) {
        return learnt(TestModels.large(gain, 10));
    }

    /** Publishes as a retraining does. */
    void challenge(String job, float gain) {
        MockProducer<byte[], byte[]> producer = producer();
        ModelPublisher.challenge(
                producer,
                "models",
                TestModels.draft(1).by(job, ""),
                TestModels.large(gain, 10),
                "retrain",
                "a test",
                5000,
                Map.of("ap", 0.5));
        take(producer);
    }

    /** The last decision after a command. */
    AuditEntry command(RegistryCommand.Action action, int version, boolean force) {
        ModelId id = TestModels.draft(1).id();
        String name = "c" + ++number;
        RegistryCommand command = new RegistryCommand(
                name, action, id, version, force, new Request("ann", "because", 1000L * number), Map.of());
        send(command.key(), RegistryJson.write(command));
        decide();
        List<AuditEntry> audit = log.audit(id);
        return audit.get(audit.size() - 1);
    }

    Deployment deployment() {
        return log.deployment(TestModels.draft(1).id());
    }

    /** A publisher of a process that opens the registry now. */
    static ModelPublisher publisher(ModelLog log) {
        return new ModelPublisher(producer(), "models", log, null);
    }

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
