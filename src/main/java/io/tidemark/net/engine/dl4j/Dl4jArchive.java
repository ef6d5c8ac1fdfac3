package io.tidemark.net.engine.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A zip of Deeplearning4j's {@code ModelSerializer}: {@code configuration.json} and {@code coefficients.bin}, read as data. */
final class Dl4jArchive {
    private static final int CONFIGURATION_BYTES_MAX = 4 << 20;

    /** What tells layers of one class apart; a setting that one of both lacks does not. */
    private static final List<String> SETTINGS = List.of(
            "nin", "nout", "kernelSize", "stride", "padding", "dilation", "convolutionMode", "poolingType", "n");

    /** Of Nd4j's buffers. */
    private static final List<String> OLDEST_MODES = List.of("DIRECT", "HEAP", "JAVACPP");
    /** Numbers that tell a shape: rank, sizes, strides and three more. */
    private static final int SHAPE_MAX = 2 * 32 + 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Dl4jArchive() {}

    /**
     * The parameters of the file, when its layers are those of a network.
     *
     * @throws IOException when it is no such file, or names each layer that differs
     */
    static INDArray read(Path file, MultiLayerNetwork expected) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            JsonNode found = JSON.readTree(bytes(zip, file, "configuration.json", CONFIGURATION_BYTES_MAX));
            if (!found.has("confs")) throw new IOException(file + " holds a graph, not a MultiLayerNetwork");
            JsonNode wanted =
                    JSON.readTree(expected.getLayerWiseConfigurations().toJson());
            compare(file, layers(found), layers(wanted));
            long most = 4 * expected.numParams() + 65_536;
            byte[] coefficients = bytes(zip, file, "coefficients.bin", Math.toIntExact(2 * most));
            float[] parameters = parameters(coefficients, file, expected.numParams());
            return Nd4j.create(parameters).reshape(expected.params().shape());
        }
    }

    /**
     * What Nd4j's writer wrote: its reader allocates whatever length a file names.
     *
     * <pre>two buffers, shape and values: UTF mode | i64 length, i32 in the oldest modes | UTF type | length numbers</pre>
     */
    private static float[] parameters(byte[] coefficients, Path file, long count) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(coefficients))) {
            long shape = length(in);
            String integer = in.readUTF();
            if (shape < 1 || shape > SHAPE_MAX) throw new IOException(file + " has a shape of " + shape + " numbers");
            in.skipNBytes(shape * (integer.equals("INT") ? Integer.BYTES : Long.BYTES));
            long length = length(in);
            String type = in.readUTF();
            if (length != count) {
                throw new IOException(file + " has " + length + " parameters, but the declared network has " + count);
            }
            if (!type.equals("FLOAT") && !type.equals("DOUBLE")) {
                throw new IOException(file + " has parameters of type " + type + "; FLOAT and DOUBLE are read");
            }
            float[] values = new float[Math.toIntExact(length)];
            for (int i = 0; i < values.length; i++) {
                values[i] = type.equals("FLOAT") ? in.readFloat() : (float) in.readDouble();
            }
            return values;
        } catch (EOFException | UTFDataFormatException e) {
            throw new IOException(file + ": coefficients.bin is cut or damaged", e);
        }
    }

    private static long length(DataInputStream in) throws IOException {
        return OLDEST_MODES.contains(in.readUTF()) ? in.readInt() : in.readLong();
    }

    private static byte[] bytes(ZipFile zip, Path file, String name, int most) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null)
            throw new IOException(file + " is not a file of Deeplearning4j's ModelSerializer: no " + name);
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) throw new IOException(file + ": " + name + " has more than " + most + " bytes");
            return bytes;
        }
    }

    private static List<JsonNode> layers(JsonNode configuration) {
        List<JsonNode> layers = new ArrayList<>();
        configuration.path("confs").forEach(conf -> layers.add(conf.path("layer")));
        return layers;
    }

    private static void compare(Path file, List<JsonNode> found, List<JsonNode> wanted) throws IOException {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < Math.max(found.size(), wanted.size()); i++) {
            String one = i < found.size() ? described(found.get(i)) : "nothing";
            String other = i < wanted.size() ? described(wanted.get(i)) : "nothing";
            if (!one.equals(other)) {
                sentences.add("layer " + i + " of " + file + " is " + one + ", but the declared network has " + other);
            }
        }
        if (!sentences.isEmpty()) throw new IOException(String.join("; ", sentences));
    }

    /** Kind, sizes and activation, of a layer and of what it wraps. */
    private static String described(JsonNode layer) {
        StringBuilder text = new StringBuilder(last(layer.path("@class").asText()));
        for (String setting : SETTINGS) {
            if (layer.hasNonNull(setting)) {
                text.append(' ').append(setting).append(' ').append(layer.get(setting));
            }
        }
        JsonNode activation = layer.path("activationFn").path("@class");
        if (!activation.isMissingNode()) text.append(' ').append(last(activation.asText()));
        for (String inner : List.of("underlying", "fwd")) {
            if (layer.hasNonNull(inner)) text.append(" of ").append(described(layer.get(inner)));
        }
        return text.toString();
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
