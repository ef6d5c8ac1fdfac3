package io.tidemark.cli;

/** A command was used wrongly or the configuration is wrong: one clear sentence, exit code 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
