package io.tidemark.image.decode;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encoded images, good and bad, made here. */
public final class TestImages {
    /** One pixel of lossy WebP. */
    public static final byte[] WEBP =
            Base64.getDecoder().decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=");

    private TestImages() {}

    /** The value of a pixel. */
    public interface Shade {
        int at(int x, int y);
    }

    public static BufferedImage grey(int width, int height, Shade shade) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < height; y++) for (int x = 0; x < width; x++) raster.setSample(x, y, 0, shade.at(x, y));
        return image;
    }

    public static BufferedImage rgb(int width, int height, Shade shade) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) for (int x = 0; x < width; x++) image.setRGB(x, y, shade.at(x, y));
        return image;
    }

    public static byte[] encode(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) throw new IllegalStateException("no writer of " + format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A grey square of one shade. */
    public static byte[] plain(int side, int shade) {
        return encode(grey(side, side, (x, y) -> shade), "png");
    }

    public static byte[] alphaPng() {
        return encode(new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB), "png");
    }

    /** A colour whose alpha channel is opaque everywhere. */
    public static byte[] opaquePng(int side, int rgb) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < side; y++) for (int x = 0; x < side; x++) image.setRGB(x, y, 0xFF000000 | rgb);
        return encode(image, "png");
    }

    /** Grey of 16 bits. */
    public static BufferedImage deep(int side, int shade) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_USHORT_GRAY);
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++) image.getRaster().setSample(x, y, 0, shade);
        return image;
    }

    /** A JPEG whose header declares 12 bits a channel. */
    public static byte[] deepJpeg() {
        byte[] jpeg = encode(grey(16, 16, (x, y) -> x), "jpeg");
        for (int i = 0; i < jpeg.length - 4; i++) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                jpeg[i + 4] = 12;
                break;
            }
        }
        return jpeg;
    }

    public static byte[] gif() {
        return encode(grey(4, 4, (x, y) -> 9), "gif");
    }

    /** A JPEG of four channels, as a printer's. */
    public static byte[] cmykJpeg() {
        WritableRaster raster = Raster.createInterleavedRaster(0, 16, 16, 4, null);
        for (int i = 0; i < 16; i++) raster.setSample(i, i, i % 4, 200);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A PNG of a header alone, then whatever, then its end. */
    public static byte[] pngHeader(int width, int height, byte[]... chunks) {
        byte[] head = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 0, 0, 0, 0})
                .array();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.writeBytes(chunk("IHDR", head));
        for (byte[] chunk : chunks) out.writeBytes(chunk);
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    public static byte[] chunk(String type, byte[] data) {
        byte[] named = Arrays.copyOf(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 4 + data.length);
        System.arraycopy(data, 0, named, 4, data.length);
        CRC32 crc = new CRC32();
        crc.update(named);
        return ByteBuffer.allocate(8 + named.length)
                .putInt(data.length)
                .put(named)
                .putInt((int) crc.getValue())
                .array();
    }

    /** A PNG that says that it has two frames. */
    public static byte[] animatedPng() {
        byte[] frames = ByteBuffer.allocate(8).putInt(2).putInt(0).array();
        return pngHeader(4, 4, chunk("acTL", frames));
    }

    /** A TIFF of several pages. */
    public static byte[] tiff(BufferedImage... pages) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("tiff");
        ImageWriter writer = writers.next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (BufferedImage page : pages) writer.writeToSequence(new IIOImage(page, null, null), null);
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A JPEG with an EXIF orientation put in after its first marker. */
    public static byte[] turned(byte[] jpeg, int orientation) {
        byte[] exif = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        return ByteBuffer.allocate(jpeg.length + exif.length)
                .put(jpeg, 0, 2)
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }
}
