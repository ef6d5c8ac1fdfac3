package io.tidemark.model.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelLogTest {
    private static final ModelId ID = new ModelId("pump", "ae");

    private final RegistryRecords records = new RegistryRecords();

    @Test
    void modelOfSeveralChunksComesBackWhole() {
        NetworkState weights = TestModels.large(1, 700_000);
        ModelVersion sent = records.learnt(weights);
        assertThat(sent.weights().chunks()).hasSize(3);
        Model model = champion(read(records.history()));
        assertThat(model.manifest().as(0, 0)).isEqualTo(sent);
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
    void withoutItsManifestThereIsNoModel() {
        records.learnt(TestModels.large(1, 700_000));
        List<RegistryRecords.Entry> cut = new ArrayList<>(records.history());
        cut.removeIf(entry -> entry.key().startsWith("model/"));
        assertThat(read(cut).serving().champions()).isEmpty();
    }

    @Test
    void manifestWithAMissingOrDamagedChunkIsNotAModelAndTheChampionBeforeItScores() {
        records.learnt(TestModels.large(1, 10));
        int from = records.history().size();
        records.learnt(TestModels.large(2, 700_000));
        List<RegistryRecords.Entry> missing = new ArrayList<>(records.history());
        missing.remove(from + 1);
        ModelLog log = read(missing);
        assertThat(champion(log).manifest().version()).isEqualTo(1);
        assertThat(log.damaged()).isEqualTo(1);
        List<RegistryRecords.Entry> damaged = new ArrayList<>(records.history());
        byte[] bytes =
                java.util.Objects.requireNonNull(damaged.get(from + 1).value()).clone();
        bytes[77] ^= 1;
        damaged.set(from + 1, new RegistryRecords.Entry(damaged.get(from + 1).key(), bytes));
        assertThat(champion(read(damaged)).manifest().version()).isEqualTo(1);
    }

    @Test
    void firstManifestOfAVersionWins() {
        ModelVersion sent = records.learnt(TestModels.large(1, 10)).as(1, 0);
        ModelVersion late = sent.of(io.tidemark.net.engine.Safetensors.write(TestModels.large(2, 10)));
        records.send(late.key(), late.toJson());
        ModelLog log = read(records.history());
        assertThat(TestModels.gain(champion(log).weights())).isEqualTo(1);
        assertThat(log.manifests()).hasSize(1);
    }

    @Test
    void logWithoutStandingsFromAnEarlierReleaseHasItsNewestVersionAsChampion() {
        records.learnt(TestModels.large(1, 10));
        records.learnt(TestModels.large(2, 10));
        List<RegistryRecords.Entry> old = new ArrayList<>(records.history());
        old.removeIf(entry -> entry.key().startsWith("standing/"));
        assertThat(champion(read(old)).manifest().version()).isEqualTo(2);
    }

    @Test
    void strangersAreCountedAndPassedOver() {
        ModelLog log = new ModelLog(v -> true);
        log.apply(null, new byte[0], 0);
        log.apply("hello".getBytes(UTF_8), null, 0);
        log.apply("model/a/b/1/x".getBytes(UTF_8), "{}".getBytes(UTF_8), 0);
        log.apply("model/a/b/1/x".getBytes(UTF_8), "[".getBytes(UTF_8), 0);
        log.apply("standing/a/b".getBytes(UTF_8), "{}".getBytes(UTF_8), 0);
        log.apply("command/a/b/x".getBytes(UTF_8), "null".getBytes(UTF_8), 0);
        log.apply("model/a/b/x".getBytes(UTF_8), null, 0);
        assertThat(log.damaged()).isEqualTo(6);
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

    @Test
    void standingAndAuditComeBackAsTheyWere() {
        Deployment deployment = new Deployment(
                1,
                new ModelId("a", "b"),
                7,
                9,
                new Deployment.Roles(List.of(8, 3), true, List.of(9), 5L),
                Map.of("job", 9),
                Map.of());
        assertThat(RegistryJson.read(RegistryJson.write(deployment), Deployment.class))
                .isEqualTo(deployment);
        AuditEntry entry = new AuditEntry(
                new AuditEntry.Position(3, 2),
                "id",
                new ModelId("a", "b"),
                new AuditEntry.Change("promote", 8, 3, 8),
                new Request("guard", "why", 5L),
                "",
                Map.of("x", 1.5, "y", Double.NaN));
        assertThat(RegistryJson.read(RegistryJson.write(entry), AuditEntry.class))
                .isEqualTo(entry);
    }

    private static Model champion(ModelLog log) {
        return java.util.Objects.requireNonNull(log.serving().champions().get(ID));
    }

    private static float[] large(NetworkState state) {
        return java.util.Objects.requireNonNull(state.tensors().get("param/large"))
                .values();
    }

    private static ModelLog read(List<RegistryRecords.Entry> records) {
        ModelLog log = new ModelLog(v -> true);
        for (RegistryRecords.Entry record : records) log.apply(record.key().getBytes(UTF_8), record.value(), 5);
        return log;
    }
}
