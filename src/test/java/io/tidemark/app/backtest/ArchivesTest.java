package io.tidemark.app.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed files: every line comes out, or an error that names the file; no part is left out without a word. */
class ArchivesTest {
    private static final int FILES = 1_500;

    @TempDir
    private Path folder;

    private static byte[] packed(String kind, byte[] text) throws IOException {
        if (kind.equals("zst")) return Zstd.compress(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.toByteArray();
    }

    private static int lines(Path file) throws IOException {
        int lines = 0;
        try (BufferedReader text = FileText.open(file, UTF_8)) {
            while (text.readLine() != null) lines++;
        }
        assertThat(FileText.lines(file)).isEqualTo(lines);
        return lines;
    }

    /** Members of any sizes, none and those beyond a buffer among them. */
    private static int write(ByteArrayOutputStream into, String kind, Random random) throws IOException {
        int lines = 0;
        int members = 1 + random.nextInt(4);
        for (int m = 0; m < members; m++) {
            int own = random.nextInt(5) == 0 ? 0 : random.nextInt(random.nextInt(40) == 0 ? 30_000 : 50);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < own; i++) text.append(random.nextInt()).append(",1\n");
            into.writeBytes(packed(kind, text.toString().getBytes(UTF_8)));
            lines += own;
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zst"})
    void everyMemberIsReadAndWhatIsCutOrNoMemberIsAnError(String kind) throws IOException {
        Random random = new Random(kind.hashCode());
        Path file = folder.resolve("a.csv." + kind);
        for (int i = 0; i < FILES; i++) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            int lines = write(written, kind, random);
            byte[] whole = written.toByteArray();
            byte[] bytes = whole;
            switch (i % 3) {
                case 1 -> bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
                case 2 -> {
                    bytes = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(40));
                    random.nextBytes(bytes);
                    System.arraycopy(whole, 0, bytes, 0, whole.length);
                    bytes[whole.length] = 'x';
                }
                default -> {}
            }
            Files.write(file, bytes);
            if (i % 3 == 0) {
                assertThat(lines(file)).as("file %s", i).isEqualTo(lines);
                continue;
            }
            try {
                // a cut between two members cannot be seen
                int read = lines(file);
                assertThat(i % 3).as("file %s is read", i).isEqualTo(1);
                Files.write(file, Arrays.copyOf(whole, bytes.length));
                assertThat(bytes.length == 0 || isMember(kind, Arrays.copyOfRange(whole, bytes.length, whole.length)))
                        .as(
                                "file %s is cut at %s of %s and has %s of %s lines",
                                i, bytes.length, whole.length, read, lines)
                        .isTrue();
            } catch (IOException told) {
                assertThat(told).as("file %s", i).hasMessageContaining(file.toString());
            }
        }
    }

    private static boolean isMember(String kind, byte[] rest) {
        return kind.equals("gz")
                ? rest[0] == 0x1F && rest[1] == (byte) 0x8B
                : rest[0] == 0x28 && rest[1] == (byte) 0xB5;
    }

    @Test
    void aPackedFileIsKnownByItsFirstBytes() throws IOException {
        for (String kind : new String[] {"gz", "zst"}) {
            Path file = Files.write(folder.resolve("b.csv"), packed(kind, "\uFEFFa,b\n1,2\n".getBytes(UTF_8)));
            try (BufferedReader text = FileText.open(file, UTF_8)) {
                assertThat(text.lines()).containsExactly("a,b", "1,2");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.csv, PK\u0003\u0004rest, save the sheet as CSV",
        "a.csv, PAR1rest, convert it to CSV",
        "a.csv, BZh91AY, packed by bzip2",
        "a.csv.gz, 'at,flow', 'ends in .gz, but is not packed by gzip'",
        "a.csv.zst, 'at,flow', cannot be unpacked"
    })
    void aFileOfAnotherKindIsNamed(String name, String content, String told) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> lines(file)).isInstanceOf(IOException.class).hasMessageContainingAll(name, told);
    }
}
