package io.tidemark.app.backtest;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The text of a file, plain or packed, without its byte order mark. Bytes that are no text in its encoding are an error. */
public final class FileText {
    private static final int BUFFER = 1 << 16;
    private static final int FIRST_BYTES = 4;

    /** What is said of a file of JSON over several lines, after its name. */
    public static final String SPREAD =
            " holds JSON over several lines, but an event a line is read; write it so, as with jq -c '.[]'";

    /** By their first bytes: files that are often taken for text. */
    private static final Map<String, String> OTHERS = Map.of(
            "504b0304", "a zip archive, which a workbook (.xlsx) is too; save the sheet as CSV, or unpack the archive",
            "d0cf11e0", "a workbook (.xls); save the sheet as CSV",
            "50415231", "Parquet; convert it to CSV, as with duckdb -c \"copy 'a.parquet' to 'a.csv'\"",
            "425a6839", "packed by bzip2; unpack it, or pack it by gzip or zstd",
            "fd377a58", "packed by xz; unpack it, or pack it by gzip or zstd");

    private FileText() {}

    /** @throws IOException when it cannot be read, cannot be unpacked, is of a kind that is no text, or is in UTF-16 where that is not declared */
    public static BufferedReader open(Path path, Charset encoding) throws IOException {
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

    /**
     * What the first lines of a file are encoded in: UTF-16 where its mark says so, UTF-8 where they are of it, else windows-1252.
     *
     * @param lines that are looked at
     */
    public static Charset encoding(Path path, int lines) throws IOException {
        try (InputStream bytes = Files.newInputStream(path);
                InputStream text = unpacked(path, bytes)) {
            byte[] first = text.readNBytes(2);
            if (first.length == 2 && (first[0] & first[1] & 0xFE) == 0xFE && first[0] != first[1]) {
                return StandardCharsets.UTF_16;
            }
        }
        try (BufferedReader text = open(path, StandardCharsets.UTF_8)) {
            int read = 0;
            while (read < lines && text.readLine() != null) read++;
            return StandardCharsets.UTF_8;
        } catch (CharacterCodingException e) {
            return Charset.forName("windows-1252");
        }
    }

    /** Whether a file that begins with this line has JSON over several lines, which is not read. */
    public static boolean isSpread(String first) {
        String text = first.strip();
        return text.equals("[") || text.equals("{") || text.startsWith("[") && text.endsWith(",");
    }

    /** The same, naming the file. */
    static IOException named(Path path, IOException e) {
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

    /** As the first bytes say: an ending may be missing. */
    private static InputStream unpacked(Path path, InputStream bytes) throws IOException {
        BufferedInputStream marked = new BufferedInputStream(bytes, BUFFER);
        marked.mark(FIRST_BYTES);
        String first = HexFormat.of().formatHex(marked.readNBytes(FIRST_BYTES));
        marked.reset();
        if (first.startsWith("1f8b")) return new Packed(path, new GzipCompressorInputStream(marked, true));
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (first.equals("28b52ffd") || name.endsWith(".zst")) {
            return new Packed(path, new ZstdFrames(marked));
        }
        if (name.endsWith(".gz")) throw new IOException(path + " ends in .gz, but is not packed by gzip");
        String other = OTHERS.get(first);
        if (other != null) throw new IOException(path + " is " + other);
        return marked;
    }

    /** What was packed; a cut or a damage names the file, and never ends it quietly. */
    private static final class Packed extends FilterInputStream {
        private final Path path;

        Packed(Path path, InputStream unpacked) {
            super(unpacked);
            this.path = path;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return super.read(into, from, length);
            } catch (EOFException e) {
                throw new IOException(path + " is cut: what is packed in it does not end", e);
            } catch (IOException e) {
                throw new IOException(path + " cannot be unpacked to its end: " + e.getMessage(), e);
            }
        }
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
