package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that a test writes from the code, with {@code -Dregenerate}, and holds to it ever after. */
public final class WrittenFile {
    private WrittenFile() {}

    /**
     * Fails where the file is not there or says anything else.
     *
     * @param command that writes it anew
     */
    public static void hold(Path file, String written, String command) throws IOException {
        if (System.getProperty("regenerate") != null) Files.writeString(file, written);
        assertThat(file)
                .as("out of date; write it anew: " + command)
                .exists()
                .content()
                .isEqualTo(written);
    }
}
