package io.tidemark.image.decode;

import io.tidemark.config.Sha256;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Fetches images that records only name: a {@code file:} URI below an allowed root, and the SHA-256 that the bytes must have.
 *
 * <p>The file's real path, after every symbolic link and {@code ..}, must lie within the root's. Size is looked at before anything is
 * read, and no more than the limit is read.
 */
final class ClaimCheck {
    private static final int SHA256_DIGITS = 64;

    private final Optional<Path> root;
    private final int bytesMax;

    ClaimCheck(Optional<Path> root, int bytesMax) {
        this.root = root;
        this.bytesMax = bytesMax;
    }

    /**
     * The named bytes.
     *
     * @param uri such as {@code file:///plant/line-1/000123.png}
     * @param sha256 64 hexadecimal digits
     */
    byte[] fetch(String uri, String sha256) throws RefusedException {
        if (sha256.length() != SHA256_DIGITS) {
            throw new RefusedException(RejectReason.CLAIM_MALFORMED, "header sha256 must hold 64 hexadecimal digits");
        }
        byte[] bytes = read(file(uri));
        String actual = Sha256.hex(bytes);
        if (!actual.equalsIgnoreCase(sha256)) {
            throw new RefusedException(
                    RejectReason.CLAIM_MISMATCH,
                    "the file has SHA-256 " + actual + ", not the one that the record says");
        }
        return bytes;
    }

    private Path file(String text) throws RefusedException {
        Path allowed = root.orElseThrow(() -> new RefusedException(
                RejectReason.CLAIM_OUTSIDE, "the stream declares no image.root, so no file may be named"));
        Path named;
        try {
            URI uri = new URI(text);
            boolean local = "file".equalsIgnoreCase(uri.getScheme())
                    && (uri.getAuthority() == null || uri.getAuthority().equals("localhost"));
            if (!local) throw new RefusedException(RejectReason.CLAIM_OUTSIDE, "only file: URIs are fetched");
            if (uri.getPath() == null) {
                throw new RefusedException(RejectReason.CLAIM_MALFORMED, "the URI has no absolute path");
            }
            named = Path.of(uri.getPath());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new RefusedException(RejectReason.CLAIM_MALFORMED, "the URI cannot be read");
        }
        // Said before the file is looked for, so that a record cannot ask what lies elsewhere.
        if (!named.isAbsolute()
                || !within(named.normalize(), allowed.toAbsolutePath().normalize())) throw outside();
        try {
            Path real = named.toRealPath();
            if (!within(real, allowed.toRealPath())) throw outside();
            return real;
        } catch (IOException e) {
            throw new RefusedException(RejectReason.CLAIM_MISSING, "there is no such file, or it cannot be read");
        }
    }

    private static boolean within(Path file, Path folder) {
        return file.startsWith(folder) && !file.equals(folder);
    }

    private static RefusedException outside() {
        return new RefusedException(RejectReason.CLAIM_OUTSIDE, "the file does not lie within image.root");
    }

    private byte[] read(Path file) throws RefusedException {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new RefusedException(RejectReason.CLAIM_MISSING, "what the URI names is not a plain file");
            }
            long size = Files.size(file);
            if (size > bytesMax) throw tooLarge(size);
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(bytesMax);
                if (in.read() >= 0) throw tooLarge(bytesMax + 1L);
                return bytes;
            }
        } catch (IOException e) {
            throw new RefusedException(RejectReason.CLAIM_MISSING, "the file cannot be read");
        }
    }

    private RefusedException tooLarge(long size) {
        return new RefusedException(
                RejectReason.TOO_LARGE, "the image has at least " + size + " bytes; max-bytes is " + bytesMax);
    }
}
