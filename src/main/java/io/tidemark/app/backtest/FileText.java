package io.tidemark.app.backtest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The text of a file, plain or packed, without its byte order mark. Bytes that are no text in its encoding are an error. */
final class FileText {
    private static final int BUFFER = 1 << 16;

    private FileText() {}

    /** @throws IOException when it cannot be read, is not packed as its ending says, or is in UTF-16 where that is not declared */
    static BufferedReader open(Path path, Charset encoding) throws IOException {
        InputStream bytes = Files.newInputStream(path);
        try {
            BufferedInputStream unpacked = new BufferedInputStream(unpacked(path, bytes), BUFFER);
            skipMark(path, unpacked, encoding);
            return new BufferedReader(
                    new InputStreamReader(
                            unpacked,
                            encoding.newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
                    BUFFER);
        } catch (IOException e) {
            bytes.close();
            throw named(path, e);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static IOException named(Path path, IOException e) {
        String said = String.valueOf(e.getMessage());
        return said.contains(path.toString()) ? e : new IOException(path + ": " + said, e);
    }

    /** How many lines a file has, whatever they hold; the last one counts only with its line end. */
    static long lines(Path path) throws IOException {
        long lines = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream bytes = Files.newInputStream(path);
                InputStream text = unpacked(path, bytes)) {
            for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
                for (int i = 0; i < read; i++) if (buffer[i] == '\n') lines++;
            }
        } catch (IOException e) {
            throw named(path, e);
        }
        return lines;
    }

    private static InputStream unpacked(Path path, InputStream bytes) throws IOException {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) return new GZIPInputStream(bytes, BUFFER);
        return name.endsWith(".zst") ? new ZstdInputStreamNoFinalizer(bytes).setContinuous(false) : bytes;
    }

    private static void skipMark(Path path, BufferedInputStream bytes, Charset encoding) throws IOException {
        bytes.mark(3);
        int first = bytes.read();
        int second = bytes.read();
        boolean wide = first == 0xFF && second == 0xFE || first == 0xFE && second == 0xFF;
        if (wide && encoding.equals(StandardCharsets.UTF_8)) {
            throw new IOException(path + " is in UTF-16; declare input.csv.encoding: UTF-16");
        }
        if (first == 0xEF && second == 0xBB && bytes.read() == 0xBF) return;
        bytes.reset();
    }
}
