package io.tidemark.net.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Network states in the safetensors format, which Python's {@code safetensors} reads too: a 64-bit little-endian header length, a JSON
 * header {@code {"__metadata__": {…}, "name": {"dtype": "F32", "shape": […], "data_offsets": [begin, end]}}}, then the tensors without
 * gaps. The metadata holds {@code spec_hash}.
 *
 * <p>The same state gives the same bytes. Reading trusts nothing: every size is checked against the bytes that are there before
 * memory is taken.
 */
public final class Safetensors {
    /** The longest header that is read. */
    public static final int HEADER_BYTES_MAX = 1 << 20;

    /** The most tensors that are read. */
    public static final int TENSORS_MAX = 4096;

    private static final String METADATA = "__metadata__";
    private static final String SPEC_HASH = "spec_hash";
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(20)
                    .maxStringLength(4096)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private Safetensors() {}

    /** A state as the bytes of a file. */
    public static byte[] write(NetworkState state) {
        ObjectNode header = JSON.createObjectNode();
        header.putObject(METADATA).put("format", "pt").put(SPEC_HASH, state.specHash());
        long offset = 0;
        for (Map.Entry<String, NetworkState.Tensor> entry : state.tensors().entrySet()) {
            ObjectNode tensor = header.putObject(entry.getKey()).put("dtype", "F32");
            ArrayNode shape = tensor.putArray("shape");
            for (int size : entry.getValue().shape()) shape.add(size);
            long end = offset + 4L * entry.getValue().values().length;
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = padded(header.toString());
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(8 + json.length + offset)).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json);
        for (NetworkState.Tensor tensor : state.tensors().values()) {
            for (float value : tensor.values()) out.putFloat(value);
        }
        return out.array();
    }

    /** Spaces at the end bring the data to a multiple of 8 bytes, as the format's own writer does. */
    private static byte[] padded(String json) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The state in the bytes of a file.
     *
     * @throws EngineException when they are not a whole safetensors file of float32 tensors with a {@code spec_hash}
     */
    public static NetworkState read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 8) throw damaged("is shorter than its header's length");
        long headerLength = in.getLong();
        if (headerLength < 2 || headerLength > HEADER_BYTES_MAX || headerLength > bytes.length - 8) {
            throw damaged("names a header of " + headerLength + " bytes, but has " + bytes.length
                    + " and a header may have " + HEADER_BYTES_MAX);
        }
        JsonNode header = header(bytes, (int) headerLength);
        int dataLength = bytes.length - 8 - (int) headerLength;
        TreeMap<Long, Entry> byOffset = entries(header, dataLength);
        java.util.LinkedHashMap<String, NetworkState.Tensor> tensors = new java.util.LinkedHashMap<>();
        in.position(8 + (int) headerLength);
        for (Entry entry : byOffset.values()) {
            float[] values = new float[entry.length()];
            in.asFloatBuffer().get(values);
            in.position(in.position() + 4 * values.length);
            tensors.put(entry.name(), new NetworkState.Tensor(entry.shape(), values));
        }
        JsonNode hash = header.path(METADATA).path(SPEC_HASH);
        if (!hash.isTextual()) throw damaged("has no " + SPEC_HASH + " in its metadata");
        return new NetworkState(hash.textValue(), tensors);
    }

    private static JsonNode header(byte[] bytes, int length) {
        try {
            JsonNode header = JSON.readTree(new String(bytes, 8, length, StandardCharsets.UTF_8));
            if (!header.isObject()) throw damaged("has a header that is not a JSON object");
            if (header.size() > TENSORS_MAX + 1) throw damaged("names more than " + TENSORS_MAX + " tensors");
            return header;
        } catch (JsonProcessingException e) {
            throw damaged("has a header that is not JSON: " + e.getOriginalMessage());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(String name, int[] shape, int length) {}

    /** Tensors in the order of their data, which they must fill without gap or overlap. */
    private static TreeMap<Long, Entry> entries(JsonNode header, int dataLength) {
        TreeMap<Long, Entry> byOffset = new TreeMap<>();
        List<Entry> empty = new ArrayList<>();
        for (Iterator<Map.Entry<String, JsonNode>> i = header.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> field = i.next();
            if (field.getKey().equals(METADATA)) continue;
            Entry entry = entry(field.getKey(), field.getValue());
            long begin = field.getValue().path("data_offsets").path(0).asLong(-1);
            long end = field.getValue().path("data_offsets").path(1).asLong(-1);
            if (begin < 0 || end > dataLength || end - begin != 4L * entry.length()) {
                throw damaged("places " + entry.name() + " at [" + begin + ", " + end + ") of " + dataLength
                        + " bytes, but its shape needs " + 4L * entry.length());
            }
            if (entry.length() == 0) empty.add(entry);
            else if (byOffset.put(begin, entry) != null) throw damaged("places two tensors at " + begin);
        }
        if (!empty.isEmpty())
            throw damaged("holds an empty tensor, " + empty.get(0).name());
        long next = 0;
        for (Map.Entry<Long, Entry> entry : byOffset.entrySet()) {
            if (entry.getKey() != next) throw damaged("leaves a gap or overlaps at " + entry.getKey());
            next += 4L * entry.getValue().length();
        }
        if (next != dataLength) throw damaged("has " + (dataLength - next) + " bytes behind its last tensor");
        return byOffset;
    }

    private static Entry entry(String name, JsonNode node) {
        if (!node.path("dtype").asText().equals("F32")) {
            throw damaged("holds " + name + " as " + node.path("dtype").asText("no type") + "; only F32 is read");
        }
        JsonNode sizes = node.path("shape");
        if (!sizes.isArray() || sizes.size() > 8) throw damaged("gives " + name + " no shape of at most 8 sizes");
        int[] shape = new int[sizes.size()];
        long length = 1;
        for (int i = 0; i < shape.length; i++) {
            long size = sizes.path(i).isIntegralNumber() ? sizes.path(i).asLong(-1) : -1;
            if (size < 0 || size > Integer.MAX_VALUE / 4)
                throw damaged("gives " + name + " a size of " + sizes.path(i));
            shape[i] = (int) size;
            length *= size;
            if (length > Integer.MAX_VALUE / 4) throw damaged("gives " + name + " too large a shape");
        }
        return new Entry(name, shape, (int) length);
    }

    private static EngineException damaged(String what) {
        return new EngineException("the weights file " + what + "; fetch or export it again");
    }
}
