package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.Poison;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model file is read whole or refused in one way, whatever its bytes are. */
class ModelFilesFuzzTest {
    private static final int FILES = Integer.getInteger("tidemark.fuzz.models", 2_000);
    private static final int MAGIC_BYTES = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void aMutatedFileIsReadOrRefused() throws IOException {
        ModelVersion manifest = manifest();
        NetworkState weights = TestModels.large(0.5f, 20).weights();
        Path file = folder.resolve("a.model");
        ModelFiles.write(file, manifest, weights);
        byte[] good = Files.readAllBytes(file);
        byte[] content = Safetensors.write(weights);
        byte[] json = manifest.of(content).toJson();
        assertThat(file(json, content)).as("as it is written").isEqualTo(good);
        Random random = new Random(22);
        List<byte[]> files = new ArrayList<>();
        for (byte[] poison : Poison.kinds(good).values()) if (poison != null) files.add(poison);
        for (int i = 0; i < FILES; i++) {
            // a file that does not have its hash, or its lengths, is refused before anything else is looked at
            files.add(
                    switch (i % 4) {
                        case 0 -> Poison.mutated(good, random);
                        case 1 -> file(Poison.mutated(json, random), content);
                        case 2 -> file(retyped(json, random), content);
                        default -> {
                            byte[] other = Poison.mutated(content, random);
                            yield file(manifest.of(other).toJson(), other);
                        }
                    });
        }
        int refused = 0;
        for (byte[] bytes : files) {
            Files.write(file, bytes);
            try {
                Model read = ModelFiles.read(file);
                assertThat(read.manifest().label()).isNotEmpty();
            } catch (DamagedModelException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("not refused: " + Arrays.toString(bytes), e);
            }
        }
        assertThat(refused).isGreaterThan(FILES / 2).isLessThan(files.size());
    }

    private static ModelVersion manifest() {
        ModelVersion draft = TestModels.draft(3);
        Lineage lineage = new Lineage(
                "p",
                "c",
                "m",
                new Lineage.Taken(Map.of("training", 5L, "gates", 3L), 8, "CAgCAg"),
                40,
                4,
                List.of(0.5f, 0.25f));
        return new ModelVersion(
                draft.format(),
                draft.id(),
                draft.version(),
                draft.architecture(),
                new ModelVersion.Origin(2, lineage, "learner-7", "learner-6"),
                draft.training(),
                draft.reference(),
                draft.weights());
    }

    private static byte[] file(byte[] json, byte[] content) {
        return ByteBuffer.allocate(MAGIC_BYTES + 8 + json.length + content.length)
                .put("TIDEMODL".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(json.length)
                .put(json)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** One value of the manifest, at any depth, becomes one of another type or size. */
    private static byte[] retyped(byte[] good, Random random) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(good);
        ObjectNode at = root;
        while (true) {
            List<String> names = new ArrayList<>();
            at.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            JsonNode value = at.get(name);
            if (value instanceof ObjectNode inner && !inner.isEmpty() && random.nextBoolean()) {
                at = inner;
                continue;
            }
            String[] others = {
                "null",
                "[]",
                "{}",
                "[null]",
                "true",
                "-1",
                "0",
                "1e300",
                "99999999999999999999",
                "\"\"",
                "\"a/b\"",
                "[[]]",
                "{\"x\":null}",
                "[{}]"
            };
            at.set(name, JSON.readTree(others[random.nextInt(others.length)]));
            return JSON.writeValueAsBytes(root);
        }
    }
}
