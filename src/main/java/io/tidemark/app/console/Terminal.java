package io.tidemark.app.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the output can do.
 *
 * @param interactive a person watches: lines may be drawn over
 * @param rows lines that fit; at least 1
 * @param columns characters that fit on a line; at least 20
 * @param coloured whether colours are wanted
 */
public record Terminal(boolean interactive, int rows, int columns, boolean coloured) {
    private static final int ROWS = 40;
    private static final int COLUMNS = 140;
    private static final int COLUMNS_MIN = 20;
    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");
    /** Fails when standard output is no terminal; else prints its rows and columns on standard error. */
    private static final String PROBE = "test -t 1 && stty size <&1 >&2";

    public Terminal {
        rows = Math.max(1, rows);
        columns = Math.max(COLUMNS_MIN, columns);
    }

    /** A file, a pipe, or a log: never drawn over, never coloured. */
    public static Terminal plain() {
        return new Terminal(false, ROWS, COLUMNS, false);
    }

    /**
     * Asks the shell whether standard output is a terminal, and how large. Neither {@code NO_COLOR} nor {@code TERM=dumb} gets colours;
     * the latter is not drawn over either.
     */
    public static Terminal detect(Map<String, String> environment) {
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        try {
            Process probe = new ProcessBuilder("sh", "-c", PROBE)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String size = new String(probe.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!probe.waitFor(2, TimeUnit.SECONDS) || probe.exitValue() != 0 || dumb) {
                return plain();
            }
            Matcher numbers = SIZE.matcher(size.strip());
            boolean known = numbers.matches() && !numbers.group(2).equals("0");
            return new Terminal(
                    true,
                    known ? Integer.parseInt(numbers.group(1)) : ROWS,
                    known ? Integer.parseInt(numbers.group(2)) : COLUMNS,
                    !environment.containsKey("NO_COLOR"));
        } catch (IOException noShell) {
            return plain();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return plain();
        }
    }
}
