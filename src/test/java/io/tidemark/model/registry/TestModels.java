package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.learn.learning.ReferenceErrors;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Manifests and weights for tests. */
public final class TestModels {
    private TestModels() {}

    public static ModelVersion draft(String stream, Network network, int version) {
        return new ModelVersion(
                ModelVersion.FORMAT,
                new ModelId(stream, network.spec().name()),
                version,
                ModelVersion.Architecture.of(network),
                new ModelVersion.Origin(version - 1, null, "", ""),
                new ModelVersion.Training(1, "fake/cpu 1", 1000L * version, 10, 0.25, 1_700_000_000_000L),
                new ReferenceErrors(256, 0.5, Double.NaN),
                ModelVersion.Weights.NONE);
    }

    public static ModelVersion draft(int version) {
        return draft("pump", TestNetworks.autoencoder().bind(1), version);
    }

    /** A model as the only one of its network that counts, at once and without a registrar: the champion, or a challenger. */
    public static ModelVersion publish(
            KafkaConnection connection, ModelVersion draft, NetworkState weights, ModelState as) {
        String job = (as == ModelState.CHAMPION ? ModelPublisher.LEARNER : "test-") + UUID.randomUUID();
        byte[] file = Safetensors.write(weights.weights());
        ModelVersion version = draft.as(0, 0).by(job, "").of(file);
        try (Producer<byte[], byte[]> producer = connection.producer(
                Map.of("transactional.id", connection.names().role(job)))) {
            ModelLog log = ModelReader.drained(connection, v -> false);
            for (int i = 0, from = 0; i < version.weights().chunks().size(); i++) {
                byte[] piece = Chunk.piece(file, from);
                from += piece.length;
                log.apply(
                        utf8(version.chunkKey(version.weights().chunks().get(i).sha256())), piece, 0);
            }
            Offer offer = new Offer(version, as, "test", "", 1, Map.of());
            log.apply(utf8(offer.key()), RegistryJson.write(offer), 0);
            producer.initTransactions();
            producer.beginTransaction();
            String topic = connection.names().models();
            for (int i = 0, from = 0; i < version.weights().chunks().size(); i++) {
                byte[] piece = Chunk.piece(file, from);
                from += piece.length;
                producer.send(new ProducerRecord<>(
                        topic,
                        0,
                        utf8(version.chunkKey(version.weights().chunks().get(i).sha256())),
                        piece));
            }
            new Decisions(log)
                    .decide()
                    .forEach((key, value) -> producer.send(new ProducerRecord<>(topic, 0, utf8(key), value)));
            producer.commitTransaction();
            return java.util.Objects.requireNonNull(
                    log.version(draft.id(), log.deployment(draft.id()).last()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As {@link #publish} a champion. */
    public static ModelVersion champion(KafkaConnection connection, ModelVersion draft, NetworkState weights) {
        return publish(connection, draft, weights, ModelState.CHAMPION);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A state with a large tensor beside the gain, so that it takes several chunks. */
    public static NetworkState large(float gain, int floats) {
        NetworkState small = FakeEngine.state(TestNetworks.autoencoder().bind(1), gain);
        Map<String, NetworkState.Tensor> tensors = new LinkedHashMap<>(small.tensors());
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) values[i] = gain + i;
        tensors.put("param/large", new NetworkState.Tensor(new int[] {floats}, values));
        return new NetworkState(small.specHash(), tensors);
    }

    public static float gain(NetworkState state) {
        NetworkState.Tensor tensor = state.tensors().get("param/gain");
        return tensor == null ? Float.NaN : tensor.values()[0];
    }
}
