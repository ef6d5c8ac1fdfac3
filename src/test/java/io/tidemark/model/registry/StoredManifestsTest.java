package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.FrozenState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Manifests on {@code models} as an earlier build wrote them say the same, and are written as the same bytes. */
class StoredManifestsTest {
    /** Every JSON manifest that the registry keeps. */
    enum Manifest {
        MODEL(
                "model-version-2",
                model().toJson(),
                json -> ModelVersion.fromJson(json).toJson()),
        CHECKPOINT(
                "stored-checkpoint-2",
                checkpoint().toJson(),
                json -> StoredCheckpoint.fromJson(json).toJson()),
        DEPLOYMENT(
                "deployment-1",
                RegistryJson.write(deployment()),
                json -> RegistryJson.write(RegistryJson.read(json, Deployment.class)));

        private final FrozenState frozen;
        private final Function<byte[], byte[]> through;

        Manifest(String name, byte[] present, Function<byte[], byte[]> through) {
            frozen = FrozenState.read(name, Map.of("json", present));
            this.through = through;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aManifestIsReadAndWrittenAsTheSameBytes(Manifest manifest) {
        byte[] again = manifest.through.apply(manifest.frozen.part("json"));
        assertThat(new String(again, StandardCharsets.UTF_8)).isEqualTo(manifest.frozen.text("json"));
    }

    @ParameterizedTest
    @EnumSource
    void aManifestOfAnUnknownFormatSaysWhatToDo(Manifest manifest) {
        String later = manifest.frozen.text("json").replaceFirst("\"format\":\\d", "\"format\":9");
        assertThatThrownBy(() -> manifest.through.apply(later.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("format 9")
                .hasMessageContaining(FrozenState.REMEDY);
    }

    @Test
    void whatTheManifestsSaidIsWhatTheySay() {
        assertThat(ModelVersion.fromJson(Manifest.MODEL.frozen.part("json"))).isEqualTo(model());
        assertThat(StoredCheckpoint.fromJson(Manifest.CHECKPOINT.frozen.part("json")))
                .isEqualTo(checkpoint());
        assertThat(RegistryJson.read(Manifest.DEPLOYMENT.frozen.part("json"), Deployment.class))
                .isEqualTo(deployment());
    }

    private static ModelVersion model() {
        byte[] weights =
                Safetensors.write(FakeEngine.state(TestNetworks.autoencoder().bind(1), 0.5f));
        ModelVersion draft =
                TestModels.draft(7).by("learner.pump.1", "learner.pump.0").of(weights);
        Lineage lineage = new Lineage(
                "a".repeat(64),
                "b".repeat(64),
                "c".repeat(64),
                new Lineage.Taken(Map.of("training-0", 5L), 9, "d".repeat(64)),
                70,
                3,
                List.of(0.5f, 0.25f));
        return new ModelVersion(
                draft.format(),
                draft.id(),
                draft.version(),
                draft.architecture(),
                new ModelVersion.Origin(
                        draft.origin().parent(),
                        lineage,
                        draft.origin().job(),
                        draft.origin().parentJob()),
                draft.training(),
                draft.reference(),
                draft.weights());
    }

    private static StoredCheckpoint checkpoint() {
        List<Chunk> piece = Chunk.of(new byte[] {1, 2, 3});
        return new StoredCheckpoint(
                StoredCheckpoint.FORMAT,
                Map.of("training-0", 5L),
                piece,
                Map.of(3L, piece),
                Map.of("ae/current", piece),
                Map.of("ae", new OpenLineage("p", "c", "m", "o", 70, 3)));
    }

    private static Deployment deployment() {
        return new Deployment(
                1,
                new ModelId("pump", "ae"),
                7,
                9,
                new Deployment.Roles(List.of(8, 3), true, List.of(9), 5),
                Map.of("job", 9),
                Map.of(9, 3));
    }
}
