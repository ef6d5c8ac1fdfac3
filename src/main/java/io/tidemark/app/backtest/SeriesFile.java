package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.series.table.Cells;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One file of rows: {@code .csv}, {@code .tsv} or {@code .txt}, or of a JSON event a line: {@code .ndjson}, {@code .jsonl} or {@code .json}; plain,
 * {@code .gz} or {@code .zst}; endings in any case.
 *
 * @param path the file
 * @param series its series key, where its rows name none: the path below the data folder, without its endings, with {@code /} between
 *     folders
 */
public record SeriesFile(Path path, String series) {
    /** The endings that are read, for messages. */
    public static final String ENDINGS = ".csv, .tsv, .txt, .ndjson, .jsonl or .json, plain, .gz or .zst";

    private static final Pattern ENDING =
            Pattern.compile("\\.(csv|tsv|txt|ndjson|jsonl|json)(\\.(gz|zst))?$", Pattern.CASE_INSENSITIVE);

    /** Files that accompany data and hold none. */
    private static final Pattern BESIDE = Pattern.compile(
            "\\..*|(readme|license|licence|notice|changelog)(\\..*)?|.*\\.(md|html|pdf|py|ya?ml)",
            Pattern.CASE_INSENSITIVE);

    /** Rows of a file, one at a time, each cut into cells. */
    public static final class Rows implements AutoCloseable {
        private final Path path;
        private final Cells cells;
        private final InputSpec.Csv csv;
        private final List<String> columns;

        Rows(Path path, InputSpec input) throws IOException {
            this.path = path;
            boolean tabs = input.encoding().csv().delimiter() == ','
                    && path.toString().toLowerCase(Locale.ROOT).matches(".*\\.tsv(\\.\\w+)?");
            InputSpec.Csv declared = input.encoding().csv();
            csv = !tabs
                    ? declared
                    : new InputSpec.Csv(
                            declared.header(),
                            declared.headerLine(),
                            '\t',
                            declared.decimal(),
                            declared.thousands(),
                            declared.comment(),
                            declared.encoding());
            cells = new Cells(FileText.open(path, csv.encoding()), csv);
            try {
                this.columns = columns(input);
            } catch (IOException e) {
                cells.close();
                throw e;
            }
        }

        private List<String> columns(InputSpec input) throws IOException {
            List<String> declared = csv.header();
            if (csv.headerLine()) {
                List<String> first = next();
                if (first != null && isDelimiterLine(first)) first = next();
                if (declared.isEmpty()) return first == null ? List.of() : first;
            }
            if (!declared.isEmpty()) return declared;
            List<String> columns = new ArrayList<>();
            boolean timed = input.fields().time().unit() != InputSpec.TimeUnit.ROW_NUMBER
                    && !input.fields().time().field().isEmpty();
            if (timed) columns.add(input.fields().time().field());
            for (InputSpec.Feature feature : input.fields().features()) columns.add(feature.field());
            return List.copyOf(columns);
        }

        /** The line {@code sep=;} by which spreadsheets tell each other the delimiter. */
        private static boolean isDelimiterLine(List<String> row) {
            return row.get(0).matches("(?i)sep=.?")
                    && row.subList(1, row.size()).stream().allMatch(String::isEmpty);
        }

        /** Column names, in the order of the cells. */
        public List<String> columns() {
            return columns;
        }

        /**
         * The cells of the next row; null at the end. A blank line is no row.
         *
         * @throws IOException naming file and line when the text cannot be cut, or is not in its encoding
         */
        public @Nullable List<String> next() throws IOException {
            try {
                return cells.next();
            } catch (CharacterCodingException e) {
                throw encoding(path, csv, cells.line(), e);
            } catch (IOException e) {
                throw FileText.named(path, e);
            }
        }

        /** 1-based line of the file on which the last row begins. */
        public long line() {
            return cells.line();
        }

        @Override
        public void close() throws IOException {
            cells.close();
        }
    }

    static IOException encoding(Path path, InputSpec.Csv csv, long line, CharacterCodingException e) {
        return new IOException(
                path + " is not in " + csv.encoding() + (line == 0 ? "" : " (after line " + line + ")")
                        + "; declare input.csv.encoding, such as windows-1252, or convert it",
                e);
    }

    /**
     * Every series file below a folder, by series key; a file stands for itself, whatever its ending.
     *
     * @throws IOException when the folder cannot be read, holds no such file or one of another kind, or two are of one series
     */
    public static List<SeriesFile> below(Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(
                    new SeriesFile(root, withoutEndings(root.getFileName().toString())));
        }
        List<SeriesFile> files = new ArrayList<>();
        List<Path> unread = new ArrayList<>();
        Map<String, SeriesFile> known = new HashMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                String name = path.getFileName().toString();
                if (BESIDE.matcher(name).matches()) continue;
                if (!ENDING.matcher(name).find()) {
                    unread.add(path);
                    continue;
                }
                String relative = root.relativize(path).toString().replace('\\', '/');
                SeriesFile file = new SeriesFile(path, withoutEndings(relative));
                SeriesFile other = known.putIfAbsent(file.series(), file);
                if (other != null) {
                    throw new IOException(other.path() + " and " + path + " are both of series " + file.series()
                            + "; name them apart, or put their rows into one file in the order of time");
                }
                files.add(file);
            }
        }
        if (!unread.isEmpty()) {
            throw new IOException(root + " holds files that are not read, " + unread.get(0)
                    + (unread.size() > 1 ? " and " + (unread.size() - 1) + " more" : "") + "; data ends in " + ENDINGS
                    + "; move others away");
        }
        if (files.isEmpty()) throw new IOException(root + " holds no file of data; data ends in " + ENDINGS);
        files.sort(Comparator.comparing(SeriesFile::series));
        return List.copyOf(files);
    }

    private static String withoutEndings(String name) {
        return ENDING.matcher(name).replaceFirst("");
    }

    /** Whether each line is a JSON event. */
    public boolean lines() {
        return path.toString().toLowerCase(Locale.ROOT).matches(".*\\.(ndjson|jsonl|json)(\\.\\w+)?");
    }

    /** Opens the rows, cut as the stream's input declares. */
    public Rows open(InputSpec input) throws IOException {
        return new Rows(path, input);
    }

    /** Opens the text. */
    BufferedReader text(InputSpec input) throws IOException {
        return FileText.open(path, input.encoding().csv().encoding());
    }
}
