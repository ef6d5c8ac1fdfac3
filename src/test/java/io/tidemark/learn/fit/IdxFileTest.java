package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    @TempDir
    private Path folder;

    private static byte[] images(int magic, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + count * 6);
        bytes.putInt(magic).putInt(count).putInt(2).putInt(3);
        for (int i = 0; i < count * 6; i++) bytes.put((byte) (250 + i));
        return bytes.array();
    }

    @Test
    void plainAndCompressedFilesGiveTheSameImages() throws IOException {
        Path plain = Files.write(folder.resolve("images"), images(0x803, 4));
        Path small = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(small))) {
            out.write(images(0x803, 4));
        }
        IdxFile read = IdxFile.read(plain);
        assertThat(read.count()).isEqualTo(4);
        assertThat(read.rows()).isEqualTo(2);
        assertThat(read.columns()).isEqualTo(3);
        assertThat(read.pixels())
                .hasSize(24)
                .startsWith(250, 251)
                .containsExactly(IdxFile.read(small).pixels());
        assertThat(IdxFile.is(plain)).isTrue();
        assertThat(IdxFile.is(small)).isTrue();
    }

    @Test
    void filesThatAreCutOrHoldSomethingElseAreRefused() throws IOException {
        byte[] whole = images(0x803, 4);
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 30));
        assertThatThrownBy(() -> IdxFile.read(cut)).hasMessageContaining("holds 14 of 24 pixels");
        Path shorter = Files.write(folder.resolve("shorter"), Arrays.copyOf(whole, 7));
        assertThatThrownBy(() -> IdxFile.read(shorter)).hasMessageContaining("cut before its first image");
        Path labels = Files.write(folder.resolve("labels"), images(0x801, 4));
        assertThatThrownBy(() -> IdxFile.read(labels)).hasMessageContaining("begins with 00000801");
        assertThat(IdxFile.is(labels)).isFalse();
        ByteBuffer huge = ByteBuffer.wrap(whole.clone());
        huge.putInt(4, Integer.MAX_VALUE);
        Path bomb = Files.write(folder.resolve("huge"), huge.array());
        assertThatThrownBy(() -> IdxFile.read(bomb)).hasMessageContaining("2147483647 images");
    }
}
