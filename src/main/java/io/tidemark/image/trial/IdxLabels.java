package io.tidemark.image.trial;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Labels in the IDX format of the MNIST database: big-endian {@code 0x00000801 | count}, then one byte a label; gzip or plain. */
final class IdxLabels {
    private static final int LABELS = 0x00000801;

    private IdxLabels() {}

    static byte[] read(Path file) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                DataInputStream in = new DataInputStream(
                        file.toString().endsWith(".gz")
                                ? new BufferedInputStream(new GZIPInputStream(bytes))
                                : bytes)) {
            int magic = in.readInt();
            int count = in.readInt();
            if (magic != LABELS || count < 0) throw new IOException(file + " is not a file of IDX labels");
            byte[] labels = in.readNBytes(count);
            if (labels.length < count)
                throw new IOException(file + " is cut: it holds " + labels.length + " of " + count + " labels");
            return labels;
        }
    }
}
