package io.tidemark.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ModelLogTest {
    private static final ModelId ID = new ModelId("pump", "ae");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final ModelPublisher publisher = new ModelPublisher(producer, "models", new ModelLog(v -> false));

    @Test
    void modelOfSeveralChunksComesBackWhole() {
        NetworkState weights = TestModels.large(1, 700_000);
        ModelVersion sent = publisher.publish(TestModels.draft(1), weights);
        assertThat(sent.chunks()).hasSize(3);
        Model model = newest(read(producer.history()));
        assertThat(model.manifest()).isEqualTo(sent);
        assertThat(model.weights().tensors().keySet()).containsExactly("param/gain", "param/bias", "param/large");
        assertThat(large(model.weights())).isEqualTo(large(weights));
    }

    @Test
    void aManifestThatNamesOnePieceManyTimesTakesNoMemory() {
        List<Chunk> many = java.util.Collections.nCopies(1100, new Chunk("0".repeat(64), Chunk.BYTES_MAX));
        assertThatThrownBy(() -> Chunk.join(many, hash -> new byte[0]))
                .isInstanceOf(DamagedModelException.class)
                .hasMessageContaining("bytes together, over 1073741824");
    }

    @Test
    void manifestComesLastAndWithoutItThereIsNoModel() {
        publisher.publish(TestModels.draft(1), TestModels.large(1, 700_000));
        List<ProducerRecord<byte[], byte[]>> records = producer.history();
        assertThat(new String(records.get(records.size() - 1).key(), UTF_8)).startsWith("model/pump/ae/1/");
        assertThat(read(records.subList(0, records.size() - 1)).newest()).isEmpty();
    }

    @Test
    void manifestWithAMissingOrDamagedChunkIsNotAModel() {
        publisher.publish(TestModels.draft(1), TestModels.large(1, 10));
        publisher.publish(TestModels.draft(2), TestModels.large(2, 700_000));
        List<ProducerRecord<byte[], byte[]>> missing = new ArrayList<>(producer.history());
        missing.remove(3);
        ModelLog log = read(missing);
        assertThat(newest(log).manifest().version()).isEqualTo(1);
        assertThat(log.damaged()).isEqualTo(1);
        List<ProducerRecord<byte[], byte[]>> damaged = new ArrayList<>(producer.history());
        byte[] bytes = damaged.get(3).value().clone();
        bytes[77] ^= 1;
        damaged.set(3, new ProducerRecord<>("models", 0, damaged.get(3).key(), bytes));
        assertThat(newest(read(damaged)).manifest().version()).isEqualTo(1);
    }

    @Test
    void firstManifestOfAVersionWins() {
        publisher.publish(TestModels.draft(1), TestModels.large(1, 10));
        ModelPublisher late = new ModelPublisher(producer, "models", new ModelLog(v -> false));
        late.publish(TestModels.draft(1), TestModels.large(2, 10));
        ModelLog log = read(producer.history());
        assertThat(TestModels.gain(newest(log).weights())).isEqualTo(1);
        assertThat(log.manifests()).hasSize(1);
    }

    @Test
    void takenVersionIsRefused() {
        publisher.publish(TestModels.draft(1), TestModels.large(1, 10));
        assertThatThrownBy(() -> publisher.publish(TestModels.draft(1), TestModels.large(2, 10)))
                .hasMessageContaining("pump/ae@1 is taken; the next one is 2");
    }

    @Test
    void versionsBeyondThoseKeptAreTombstonedWithTheirChunks() {
        for (int v = 1; v <= 8; v++) publisher.publish(TestModels.draft(v), TestModels.large(v, 10));
        ModelLog log = read(producer.history());
        assertThat(log.manifests()).extracting(ModelVersion::version).containsExactly(4, 5, 6, 7, 8);
        long tombstones =
                producer.history().stream().filter(r -> r.value() == null).count();
        assertThat(tombstones).isEqualTo(6);
    }

    @Test
    void strangersAreCountedAndPassedOver() {
        ModelLog log = new ModelLog(v -> true);
        log.apply(null, new byte[0], 0);
        log.apply("hello".getBytes(UTF_8), null, 0);
        log.apply("model/a/b/1/x".getBytes(UTF_8), "{}".getBytes(UTF_8), 0);
        log.apply("model/a/b/1/x".getBytes(UTF_8), "[".getBytes(UTF_8), 0);
        log.apply("model/a/b/x".getBytes(UTF_8), null, 0);
        assertThat(log.damaged()).isEqualTo(4);
        assertThat(log.manifests()).isEmpty();
    }

    @Test
    void modelFileComesBackAndACutOneIsRefused(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws Exception {
        java.nio.file.Path file = folder.resolve("a.model");
        ModelFiles.write(file, TestModels.draft(3), TestModels.large(0.5f, 100));
        Model model = ModelFiles.read(file);
        assertThat(model.manifest().label()).isEqualTo("pump/ae@3");
        assertThat(TestModels.gain(model.weights())).isEqualTo(0.5f);
        byte[] bytes = java.nio.file.Files.readAllBytes(file);
        java.nio.file.Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> ModelFiles.read(file)).hasMessageContaining("is cut");
        bytes[bytes.length - 3] ^= 1;
        java.nio.file.Files.write(file, bytes);
        assertThatThrownBy(() -> ModelFiles.read(file)).hasMessageContaining("hash");
    }

    private static Model newest(ModelLog log) {
        return java.util.Objects.requireNonNull(log.newest().get(ID));
    }

    private static float[] large(NetworkState state) {
        return java.util.Objects.requireNonNull(state.tensors().get("param/large"))
                .values();
    }

    private static ModelLog read(List<ProducerRecord<byte[], byte[]>> records) {
        ModelLog log = new ModelLog(v -> true);
        for (ProducerRecord<byte[], byte[]> record : records) log.apply(record.key(), record.value(), 5);
        return log;
    }
}
