package io.tidemark.image.decode;

import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes in memory as ImageIO reads them, without a cache beside them. */
final class ArrayImageStream extends ImageInputStreamImpl {
    private final byte[] bytes;

    ArrayImageStream(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int at, int count) {
        bitOffset = 0;
        if (count == 0) return 0;
        if (streamPos >= bytes.length) return -1;
        int taken = (int) Math.min(count, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, at, taken);
        streamPos += taken;
        return taken;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
