package io.tidemark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The metrics page of a running process, read as Prometheus reads it. */
record MetricsPage(URI address) {
    private static final Pattern TOLD = Pattern.compile("metrics on (http://\\S+/metrics)");

    /** The page whose address a process has written; null while it has not. */
    static @Nullable MetricsPage toldIn(String log) {
        Matcher told = TOLD.matcher(log);
        return told.find() ? new MetricsPage(URI.create(told.group(1))) : null;
    }

    /**
     * Sums what a meter says.
     *
     * @param meter as the page names it
     * @param labels names and values in turn; lines with other values do not count
     * @return 0 where there is no such line
     */
    double sum(String meter, String... labels) {
        double sum = 0;
        for (String line : read().split("\n")) {
            boolean wanted = line.startsWith(meter + "{") || line.startsWith(meter + " ");
            for (int i = 0; i < labels.length; i += 2)
                wanted &= line.contains(labels[i] + "=\"" + labels[i + 1] + "\"");
            if (wanted) sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        }
        return sum;
    }

    private String read() {
        try (InputStream in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
