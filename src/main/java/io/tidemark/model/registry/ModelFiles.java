package io.tidemark.model.registry;

import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A model in one file, to carry between installations and into a backtest.
 *
 * <pre>8 bytes "TIDEMODL" | i32 length of the manifest | manifest, JSON | i32 length of the weights | weights file</pre>
 */
public final class ModelFiles {
    private static final byte[] MAGIC = "TIDEMODL".getBytes(StandardCharsets.US_ASCII);
    private static final int MANIFEST_BYTES_MAX = 16 << 20;

    private ModelFiles() {}

    /** Writes a model; the file appears whole or not at all. */
    public static void write(Path file, ModelVersion manifest, NetworkState weights) throws IOException {
        byte[] content = Safetensors.write(weights.weights());
        byte[] json = manifest.of(content).toJson();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(part))) {
            out.write(MAGIC);
            out.writeInt(json.length);
            out.write(json);
            out.writeInt(content.length);
            out.write(content);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a model and checks it.
     *
     * @throws DamagedModelException when it is not a model file, is cut, or does not have its hash
     */
    public static Model read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new DamagedModelException(
                        file + " is not a Tidemark model; make one with tidemark models export");
            }
            ModelVersion manifest = ModelVersion.fromJson(part(in, file, MANIFEST_BYTES_MAX));
            byte[] content = part(in, file, Integer.MAX_VALUE - 16);
            if (!Chunk.sha256(content).equals(manifest.weights().sha256())) {
                throw new DamagedModelException(
                        file + " does not have the hash that its manifest names; copy it again");
            }
            return new Model(
                    manifest,
                    Safetensors.read(content),
                    Files.getLastModifiedTime(file).toMillis());
        } catch (EngineException e) {
            throw new DamagedModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] part(DataInputStream in, Path file, int lengthMax) throws IOException {
        byte[] lengthBytes = in.readNBytes(4);
        int length = lengthBytes.length < 4
                ? -1
                : java.nio.ByteBuffer.wrap(lengthBytes).getInt();
        if (length < 0 || length > lengthMax) throw new DamagedModelException(file + " is cut; copy it again");
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) throw new DamagedModelException(file + " is cut; copy it again");
        return bytes;
    }
}
