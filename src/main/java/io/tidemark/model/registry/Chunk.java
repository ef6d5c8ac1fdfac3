package io.tidemark.model.registry;

import io.tidemark.config.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A piece of content small enough for one record, known by its hash.
 *
 * @param sha256 of the bytes, hexadecimal
 * @param bytes length; in [1, {@link #BYTES_MAX}]
 */
public record Chunk(String sha256, int bytes) {
    /** The largest piece: with its key and headers, the record stays within 1 MiB, Kafka's default limit. */
    public static final int BYTES_MAX = (1 << 20) - (16 << 10);

    /** The most that pieces make together; a manifest may name one piece many times. */
    static final long CONTENT_BYTES_MAX = 1L << 30;

    public Chunk {
        if (!sha256.matches("[0-9a-f]{64}")) throw new IllegalArgumentException("not a sha256: " + sha256);
        if (bytes < 1 || bytes > BYTES_MAX) {
            throw new IllegalArgumentException("a chunk's bytes must be in [1, " + BYTES_MAX + "], but were " + bytes);
        }
    }

    /** The pieces of a content, in order. */
    static List<Chunk> of(byte[] content) {
        List<Chunk> chunks = new ArrayList<>();
        for (int from = 0; from < content.length; from += BYTES_MAX) {
            byte[] piece = piece(content, from);
            chunks.add(new Chunk(sha256(piece), piece.length));
        }
        return List.copyOf(chunks);
    }

    /** The piece that begins at an offset. */
    static byte[] piece(byte[] content, int from) {
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + BYTES_MAX));
    }

    /**
     * Puts pieces together.
     *
     * @param source gives a piece by its hash; null when it has none
     * @throws DamagedModelException when a piece is missing or its bytes do not have its hash
     */
    static byte[] join(List<Chunk> chunks, Function<String, byte @Nullable []> source) {
        long length = chunks.stream().mapToLong(Chunk::bytes).sum();
        if (length > CONTENT_BYTES_MAX) {
            throw new DamagedModelException("its chunks are " + length + " bytes together, over " + CONTENT_BYTES_MAX);
        }
        List<byte[]> pieces = new ArrayList<>();
        for (Chunk chunk : chunks) {
            byte[] piece = source.apply(chunk.sha256());
            if (piece == null) throw new DamagedModelException("chunk " + chunk.sha256() + " is missing");
            if (piece.length != chunk.bytes() || !sha256(piece).equals(chunk.sha256())) {
                throw new DamagedModelException("chunk " + chunk.sha256() + " does not have its hash");
            }
            pieces.add(piece);
        }
        byte[] content = new byte[(int) length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, content, at, piece.length);
            at += piece.length;
        }
        return content;
    }

    static String sha256(byte[] content) {
        return Sha256.hex(content);
    }
}
