package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of this repository that Git tracks or would track, as seen from its root, where Maven starts the tests. */
final class RepositoryFiles {

    static final Path ROOT = Path.of("").toAbsolutePath();

    private RepositoryFiles() {}

    /** Relative paths in Git's order; a test that calls this is skipped where there is no Git checkout. */
    static List<Path> all() throws IOException, InterruptedException {
        boolean checkout = Files.exists(ROOT.resolve(".git"));
        if (!checkout) {
            System.err.println("skipped: " + ROOT + " is no Git checkout, so its tracked files are not known");
        }
        assumeTrue(checkout, "no Git checkout");
        Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String listed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as("exit code of git ls-files").isZero();
        List<Path> files = new ArrayList<>();
        for (String name : listed.split("\0")) {
            // A file that is deleted but not committed is still listed; a link has its target checked instead.
            if (!name.isEmpty() && Files.isRegularFile(ROOT.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                files.add(Path.of(name));
            }
        }
        assertThat(files).contains(Path.of("pom.xml"));
        return files;
    }

    /** The content of a UTF-8 text file; empty for a binary one. */
    static Optional<String> text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(ROOT.resolve(file));
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
