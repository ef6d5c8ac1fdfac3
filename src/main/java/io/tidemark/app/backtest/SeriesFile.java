package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One CSV file read as one series: {@code .csv} or {@code .txt}, plain or gzip.
 *
 * @param path the file
 * @param series its series key: the path below the data folder, without its endings, with {@code /} between folders
 */
public record SeriesFile(Path path, String series) {
    /** The longest line that is read. */
    public static final int LINE_CHARS_MAX = 1 << 20;

    /** Rows of a file, one at a time, each cut into cells. */
    public static final class Rows implements AutoCloseable {
        private final BufferedReader reader;
        private final InputSpec.Csv csv;
        private final List<String> columns;
        private @Nullable String pending;

        Rows(BufferedReader reader, InputSpec input) throws IOException {
            this.reader = reader;
            this.csv = input.csv();
            this.columns = columns(input);
        }

        private List<String> columns(InputSpec input) throws IOException {
            List<String> declared = csv.header();
            if (csv.headerLine()) {
                String first = reader.readLine();
                if (declared.isEmpty()) return first == null ? List.of() : cells(first);
            }
            if (!declared.isEmpty()) return declared;
            List<String> columns = new ArrayList<>();
            boolean timed = input.time().unit() != InputSpec.TimeUnit.ROW_NUMBER
                    && !input.time().field().isEmpty();
            if (timed) columns.add(input.time().field());
            for (InputSpec.Feature feature : input.features()) columns.add(feature.field());
            return List.copyOf(columns);
        }

        /** Column names, in the order of the cells. */
        public List<String> columns() {
            return columns;
        }

        /** The cells of the next row; null at the end. A blank line is no row. */
        public @Nullable List<String> next() throws IOException {
            do {
                pending = reader.readLine();
            } while (pending != null && pending.isBlank());
            return pending == null ? null : cells(pending);
        }

        private List<String> cells(String line) {
            if (line.length() > LINE_CHARS_MAX) {
                throw new UncheckedIOException(
                        new IOException("a line of " + line.length() + " characters is over " + LINE_CHARS_MAX));
            }
            List<String> cells = new ArrayList<>();
            int from = 0;
            for (int at = line.indexOf(csv.delimiter()); at >= 0; at = line.indexOf(csv.delimiter(), from)) {
                cells.add(unquoted(line.substring(from, at)));
                from = at + 1;
            }
            cells.add(unquoted(line.substring(from)));
            return cells;
        }

        private static String unquoted(String cell) {
            String text = cell.strip();
            boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
            return quoted ? text.substring(1, text.length() - 1) : text;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /**
     * Every series file below a folder, by series key; a file stands for itself.
     *
     * @throws IOException when the folder cannot be read
     */
    public static List<SeriesFile> below(Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(
                    new SeriesFile(root, withoutEndings(root.getFileName().toString())));
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> path.toString().matches(".*\\.(csv|txt)(\\.gz)?"))
                    .map(path -> new SeriesFile(
                            path,
                            withoutEndings(root.relativize(path).toString().replace('\\', '/'))))
                    .sorted((a, b) -> a.series().compareTo(b.series()))
                    .toList();
        }
    }

    private static String withoutEndings(String name) {
        return name.replaceFirst("\\.gz$", "").replaceFirst("\\.(csv|txt)$", "");
    }

    /** Opens the rows, cut as the stream's input declares. */
    public Rows open(InputSpec input) throws IOException {
        InputStream stream = Files.newInputStream(path);
        try {
            if (path.toString().endsWith(".gz")) stream = new GZIPInputStream(stream, 1 << 16);
            return new Rows(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8), 1 << 16), input);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }
}
