package io.tidemark.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Secrets that lie in files, and how HTTP shows them (RFC 7617, RFC 6750). */
public final class Secrets {
    private Secrets() {}

    /** The first line of a file without the blanks around it; empty where there is none. */
    public static String firstLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "" : lines.get(0).strip();
    }

    /** The header {@code Authorization} for {@code USER:PASSWORD}, or for a token, which holds no colon. */
    public static String authorization(String secret) {
        return secret.indexOf(':') < 0 ? bearer(secret) : basic(secret);
    }

    /** The header {@code Authorization} for {@code USER:PASSWORD}. */
    public static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    /** The header {@code Authorization} for a token. */
    public static String bearer(String token) {
        return "Bearer " + token;
    }
}
