package io.tidemark.image.decode;

import io.tidemark.config.ImageSpec;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Frame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Turns an encoded image into the pixels that networks are given. One thread.
 *
 * <table>
 * <caption>What becomes of an image</caption>
 * <tr><th>image</th><th>outcome</th></tr>
 * <tr><td>PNG, JPEG, BMP, TIFF or WebP with up to 8 bits a channel, PNG and TIFF with 16, scaled: grey, palette or RGB</td><td>turned upright by EXIF, cropped,
 *     resized by area averaging, grey or RGB as declared; without colour management</td></tr>
 * <tr><td>other bytes, GIF among them</td><td>image-unknown-format</td></tr>
 * <tr><td>more bytes than {@code max-bytes}</td><td>too-large</td></tr>
 * <tr><td>more pixels than {@code max-pixels} in the header</td><td>image-too-many-pixels; nothing is decoded</td></tr>
 * <tr><td>no rows or no columns</td><td>image-empty</td></tr>
 * <tr><td>several frames or pages</td><td>image-animated: each frame is an event, so each wants a record</td></tr>
 * <tr><td>transparency; of PNG and TIFF only where a pixel is not opaque</td><td>image-alpha: what lies behind is not known</td></tr>
 * <tr><td>CMYK or YCCK</td><td>image-cmyk: its colours are not known without a profile</td></tr>
 * <tr><td>more than 8 bits a channel, but for 16 of PNG and TIFF</td><td>image-deep: a cut range would hide what differs</td></tr>
 * <tr><td>JPEG that is lossless or arithmetic, TIFF with JPEG or CIELab inside, BMP with an image inside</td>
 *     <td>image-unsupported</td></tr>
 * <tr><td>cut or damaged, a JPEG of over 100 scans among them</td><td>image-malformed</td></tr>
 * <tr><td>a crop that does not lie within the upright frame</td><td>image-too-small</td></tr>
 * </table>
 *
 * <p>Memory: besides the encoded bytes, one copy of them and {@code 4 x max-pixels} bytes while an image is decoded.
 */
public final class ImageDecoder implements AutoCloseable {
    private final ImageSpec spec;
    private final ImageHeader.Limit limit;
    private final Map<ImageFormat, ImageReader> readers = new EnumMap<>(ImageFormat.class);

    /** A frame, or why there is none. */
    public sealed interface Outcome permits Decoded, Refusal {}

    /** @param frame ready for networks */
    public record Decoded(Frame frame) implements Outcome {}

    public ImageDecoder(ImageSpec spec) {
        this.spec = spec;
        limit = new ImageHeader.Limit(spec.limits().maxPixels());
    }

    /**
     * Decodes one image; throws nothing, whatever the bytes are.
     *
     * @param id of the frame, empty for none; see {@link Frame.Source#id}
     */
    public Outcome decode(byte[] encoded, String id) {
        if (encoded.length > spec.limits().maxBytes()) {
            return new Refusal(
                    RejectReason.TOO_LARGE,
                    "the image has " + encoded.length + " bytes; max-bytes is "
                            + spec.limits().maxBytes());
        }
        try {
            ImageHeader header = ImageHeader.read(encoded, limit);
            Part part = Part.of(header, spec);
            return new Decoded(frame(header, part, id));
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    private Frame frame(ImageHeader header, Part part, String id) throws RefusedException {
        Orientation turn = header.orientation();
        Samples samples = new Samples(pixels(header), spec.size().channels());
        int columns = turn.swaps ? spec.size().height() : spec.size().width();
        int rows = turn.swaps ? spec.size().width() : spec.size().height();
        double x1 = turn.storedX(part.left(), part.top(), header.width());
        double y1 = turn.storedY(part.left(), part.top(), header.height());
        double x2 = turn.storedX(part.left() + part.width(), part.top() + part.height(), header.width());
        double y2 = turn.storedY(part.left() + part.width(), part.top() + part.height(), header.height());
        byte[] stored = new Resizer(spec.size().channels(), columns, rows)
                .resize(samples, Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
        Frame.Source source = new Frame.Source(
                part.frameWidth(),
                part.frameHeight(),
                (float) part.left(),
                (float) part.top(),
                (float) part.width(),
                (float) part.height(),
                id);
        byte[] upright = turn == Orientation.UPRIGHT ? stored : turned(stored, turn, columns, rows);
        return new Frame(
                spec.size().channels(), spec.size().height(), spec.size().width(), upright, source);
    }

    private byte[] turned(byte[] stored, Orientation turn, int columns, int rows) {
        byte[] upright = new byte[stored.length];
        int at = 0;
        for (int c = 0; c < spec.size().channels(); c++) {
            for (int y = 0; y < spec.size().height(); y++) {
                for (int x = 0; x < spec.size().width(); x++) {
                    int storedX = (int) turn.storedX(x + 0.5, y + 0.5, columns);
                    int storedY = (int) turn.storedY(x + 0.5, y + 0.5, rows);
                    upright[at++] = stored[(c * rows + storedY) * columns + storedX];
                }
            }
        }
        return upright;
    }

    /** The stored pixels; a decoder that fails in whatever way is closed, and the next image gets a new one. */
    private BufferedImage pixels(ImageHeader header) throws RefusedException {
        ImageReader reader = readers.computeIfAbsent(header.format(), ImageDecoder::reader);
        boolean done = false;
        try (ArrayImageStream stream = new ArrayImageStream(header.bytes())) {
            reader.setInput(stream, true, true);
            BufferedImage image = reader.read(0);
            if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
                throw ImageHeader.malformed("the image is of another size than its header says");
            }
            reader.setInput(null);
            done = true;
            return image;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // hostile bytes make decoders fail in any way; what the image is to blame for ends here
            throw ImageHeader.malformed("the decoder stops: " + e.getClass().getSimpleName());
        } finally {
            if (!done) dispose(header.format());
        }
    }

    private void dispose(ImageFormat format) {
        Optional.ofNullable(readers.remove(format)).ifPresent(ImageReader::dispose);
    }

    /** The JDK's own reader where it has one, so that another on the class path changes nothing. */
    private static ImageReader reader(ImageFormat format) {
        boolean own = format == ImageFormat.PNG || format == ImageFormat.JPEG || format == ImageFormat.BMP;
        String home = own ? "com.sun." : "com.twelvemonkeys.";
        Iterator<ImageReader> found = ImageIO.getImageReadersByFormatName(format.word);
        while (found.hasNext()) {
            ImageReader reader = found.next();
            if (reader.getClass().getName().startsWith(home)) return reader;
            reader.dispose();
        }
        throw new IllegalStateException("no reader of " + format.word + " is on the class path");
    }

    @Override
    public void close() {
        readers.values().forEach(ImageReader::dispose);
        readers.clear();
    }
}
