package io.tidemark.net.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Poison;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A file of weights is read whole or refused in one way, whatever its bytes are. */
class SafetensorsFuzzTest {
    private static final int FILES = Integer.getInteger("tidemark.fuzz.models", 2_000);

    @Test
    void aMutatedFileIsReadOrRefused() {
        Map<String, NetworkState.Tensor> tensors = new TreeMap<>();
        tensors.put("encoder.weight", new NetworkState.Tensor(new int[] {4, 3}, new float[12]));
        tensors.put("encoder.bias", new NetworkState.Tensor(new int[] {3}, new float[3]));
        byte[] good = Safetensors.write(new NetworkState("ab".repeat(32), tensors));
        int header = new String(good, UTF_8).lastIndexOf('}');
        Random random = new Random(21);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            // half of them in the header alone, where everything is decided
            byte[] bytes = i % 2 == 0 ? Poison.mutated(good, random) : header(good, header, random);
            try {
                Safetensors.read(bytes);
            } catch (EngineException e) {
                refused++;
            }
        }
        for (byte[] bytes : Poison.kinds(good).values()) {
            if (bytes == null) continue;
            try {
                Safetensors.read(bytes);
            } catch (EngineException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    /** One digit or sign of the header becomes another one. */
    private static byte[] header(byte[] good, int length, Random random) {
        byte[] bytes = Arrays.copyOf(good, good.length);
        String signs = "0123456789-{}[],:\"eE";
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes[8 + random.nextInt(length - 8)] = (byte) signs.charAt(random.nextInt(signs.length()));
        }
        return bytes;
    }
}
