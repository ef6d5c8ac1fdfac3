package io.tidemark.app.backtest;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What frames of Zstandard hold, one after another. An end within a frame is an {@link EOFException}: the library's own stream takes it for the
 * end of the file where an earlier frame lies in the same read.
 */
final class ZstdFrames extends InputStream {
    private static final int BUFFER = 1 << 17;

    private final InputStream packed;
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final byte[] read = new byte[BUFFER];
    private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER).flip();
    private final ByteBuffer target = ByteBuffer.allocateDirect(BUFFER).flip();
    private boolean within;
    private boolean closed;

    ZstdFrames(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) return 0;
        while (!target.hasRemaining()) if (!unpack()) return -1;
        int taken = Math.min(length, target.remaining());
        target.get(into, from, taken);
        return taken;
    }

    /** Unpacks a piece; false at the end. */
    private boolean unpack() throws IOException {
        if (!source.hasRemaining()) {
            int count = packed.read(read, 0, read.length);
            if (count < 0 && !within) return false;
            if (count < 0 && !flush()) throw new EOFException("the last frame is cut");
            if (count < 0) return true;
            source.clear();
            source.put(read, 0, count).flip();
        }
        step();
        return true;
    }

    /** Takes what the library still holds; whether there was any. */
    private boolean flush() throws IOException {
        step();
        return target.hasRemaining() || !within;
    }

    private void step() throws IOException {
        target.clear();
        try {
            within = !context.decompressDirectByteBufferStream(target, source);
        } catch (ZstdException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            target.flip();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) context.close();
        closed = true;
        packed.close();
    }
}
