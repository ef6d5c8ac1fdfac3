package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.engine.NetworkState.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden file was read by Python's safetensors 0.8.0: the same names, shapes, values and metadata. */
class GoldenSafetensorsTest {
    private static NetworkState example() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("param/1.dense/weight", new Tensor(new int[] {2, 3}, new float[] {1, -2, 0.5f, 1e-30f, 3e8f, 0}));
        tensors.put("param/1.dense/bias", new Tensor(new int[] {2}, new float[] {Float.MIN_VALUE, -0.0f}));
        tensors.put(Counter.STEP, Counter.encode(0x1234_5678_9ABC_DEF0L));
        return new NetworkState("ab".repeat(32), tensors);
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = GoldenSafetensorsTest.class.getResourceAsStream("state.safetensors")) {
            if (in == null) throw new IOException("state.safetensors is not among the test resources");
            return in.readAllBytes();
        }
    }

    @Test
    void aStateIsWrittenAsTheGoldenFile() throws IOException {
        assertThat(Safetensors.write(example())).isEqualTo(golden());
    }

    @Test
    void theGoldenFileReadsAsTheState() throws IOException {
        NetworkState state = Safetensors.read(golden());
        assertThat(state.specHash()).isEqualTo(example().specHash());
        assertThat(state.tensors().keySet())
                .containsExactlyElementsOf(example().tensors().keySet());
        state.tensors().forEach((name, tensor) -> {
            assertThat(tensor.values()).isEqualTo(example().tensor(name).values());
            assertThat(tensor.shape()).isEqualTo(example().tensor(name).shape());
        });
        assertThat(Counter.read(state, Counter.STEP)).isEqualTo(0x1234_5678_9ABC_DEF0L);
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[99999,99999,99999],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1e9],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":{\"spec_hash\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,0],\"data_offsets\":[8,8]}}"
            })
    void aHostileHeaderIsRefused(String header) {
        assertThatThrownBy(() -> Safetensors.read(file(header, 8)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the weights file");
    }

    @Test
    void aHeaderLongerThanTheFileTakesNoMemory() {
        byte[] bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Long.MAX_VALUE)
                .array();
        assertThatThrownBy(() -> Safetensors.read(bytes)).hasMessageContaining("names a header of");
        assertThatThrownBy(() -> Safetensors.read(new byte[3])).isInstanceOf(EngineException.class);
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] golden = golden();
        for (int length = 0; length < golden.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(golden, length);
            assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(EngineException.class);
        }
    }
}
