package io.tidemark.config;

/**
 * One mistake in a declared file.
 *
 * @param file the file as the user named it
 * @param line 1-based; 0 when the file as a whole is meant
 * @param message setting, allowed values, the value found, and the remedy
 */
public record Problem(String file, int line, String message) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + message : file + ": " + message;
    }
}
