package io.tidemark.learn.fit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Grey images in the IDX format of the MNIST database: big-endian {@code 0x00000803 | count | rows | columns}, then one byte a pixel;
 * plain or gzip.
 *
 * @param pixels {@code [image, row, column]}, unsigned
 */
@SuppressWarnings("ArrayRecordComponent")
public record IdxFile(int count, int rows, int columns, byte[] pixels) {
    private static final int IMAGES = 0x00000803;
    private static final int SIDE_MAX = 4096;

    /** Whether a file's first bytes say that it holds IDX images. */
    public static boolean is(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return false;
        try (DataInputStream in = open(file)) {
            return in.readInt() == IMAGES;
        } catch (EOFException | java.util.zip.ZipException e) {
            return false;
        }
    }

    /** @throws IOException when it is no whole file of images */
    public static IdxFile read(Path file) throws IOException {
        try (DataInputStream in = open(file)) {
            int magic = in.readInt();
            if (magic != IMAGES) {
                throw new IOException(String.format(
                        "%s begins with %08x, but a file of IDX images begins with %08x", file, magic, IMAGES));
            }
            int count = in.readInt();
            int rows = in.readInt();
            int columns = in.readInt();
            long bytes = (long) count * rows * columns;
            if (count < 0
                    || rows < 1
                    || columns < 1
                    || rows > SIDE_MAX
                    || columns > SIDE_MAX
                    || bytes > Integer.MAX_VALUE - 16) {
                throw new IOException(file + " says that it holds " + count + " images of " + rows + "x" + columns
                        + "; at most 2 GiB of images of 1 to " + SIDE_MAX + " rows and columns are read");
            }
            byte[] pixels = in.readNBytes((int) bytes);
            if (pixels.length < bytes) {
                throw new IOException(file + " is cut: it holds " + pixels.length + " of " + bytes + " pixels");
            }
            return new IdxFile(count, rows, columns, pixels);
        } catch (EOFException e) {
            throw new IOException(file + " is cut before its first image", e);
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return new DataInputStream(gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
