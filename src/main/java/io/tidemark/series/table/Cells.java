package io.tidemark.series.table;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into rows of cells as a stream's input declares: cells may be quoted (RFC 4180), with the delimiter, line ends and
 * doubled quotes inside. Cells without quotes are stripped of blanks. With {@link InputSpec.Csv#WHITESPACE} there are no quotes. A blank
 * line is no row.
 *
 * <p>One thread.
 */
public final class Cells implements AutoCloseable {
    /** The longest row that is read, in characters. */
    public static final int ROW_CHARS_MAX = 16 << 20;

    private static final char NEVER = '\uFFFF';

    private final CsvReader<Row> rows;
    private final Iterator<Row> iterator;
    private long line;

    /**
     * @param cells of the row
     * @param line on which it begins
     * @param blank whether the line holds nothing
     */
    private record Row(List<String> cells, long line, boolean blank) {}

    /** @param text closed with this reader */
    public Cells(Reader text, InputSpec.Csv csv) {
        rows = builder(csv)
                .allowExtraCharsAfterClosingQuote(true)
                .allowUnclosedQuote(false)
                .build(new RowHandler(csv), text);
        iterator = rows.iterator();
    }

    private static CsvReader.CsvReaderBuilder builder(InputSpec.Csv csv) {
        CsvReader.CsvReaderBuilder builder = CsvReader.builder()
                .skipEmptyLines(true)
                .maxBufferSize(ROW_CHARS_MAX)
                .allowExtraFields(true)
                .allowMissingFields(true);
        // a whole line is then one cell, which the handler cuts
        if (csv.delimiter() == InputSpec.Csv.WHITESPACE) {
            builder.fieldSeparator(NEVER).quoteCharacter((char) (NEVER - 1));
        } else {
            builder.fieldSeparator(csv.delimiter());
        }
        if (!csv.comment().isEmpty()) {
            builder.commentStrategy(CommentStrategy.SKIP)
                    .commentCharacter(csv.comment().charAt(0));
        }
        return builder;
    }

    /**
     * The cells of the next row; null at the end.
     *
     * @throws IOException naming the line, when a quoted cell has no end or a row is longer than {@link #ROW_CHARS_MAX}
     */
    public @Nullable List<String> next() throws IOException {
        try {
            while (iterator.hasNext()) {
                Row row = iterator.next();
                line = row.line();
                if (!row.blank()) return row.cells();
            }
            return null;
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "after line " + line + " the text cannot be cut into cells: " + cause.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** 1-based line on which the row of the last {@link #next} begins; 0 before the first. */
    public long line() {
        return line;
    }

    /** Cuts text of one row, with or without a line end; null when it is no row, more than one, or its quotes do not match. */
    public static @Nullable List<String> ofOne(String text, InputSpec.Csv csv) {
        int inner = text.indexOf('\n');
        if (inner >= 0 && inner < text.length() - 1) return ofOneAmongLines(text, csv);
        try {
            Row row = builder(csv)
                    .allowExtraCharsAfterClosingQuote(false)
                    .allowUnclosedQuote(false)
                    .ofSingleCsvRecord(new RowHandler(csv), text);
            return row == null || row.blank() ? null : row.cells();
        } catch (CsvParseException e) {
            return null;
        }
    }

    private static @Nullable List<String> ofOneAmongLines(String text, InputSpec.Csv csv) {
        try (Cells rows = new Cells(new StringReader(text), csv)) {
            List<String> row = rows.next();
            return rows.next() == null ? row : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Gathers the cells of a row. */
    private static final class RowHandler extends AbstractBaseCsvCallbackHandler<Row> {
        private final boolean whitespace;
        private List<String> cells = new ArrayList<>();
        private long line;
        private boolean quotes;

        RowHandler(InputSpec.Csv csv) {
            whitespace = csv.delimiter() == InputSpec.Csv.WHITESPACE;
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            cells = new ArrayList<>();
            line = startingLineNumber;
            quotes = false;
        }

        @Override
        protected void handleField(int index, char[] text, int offset, int length, boolean quoted) {
            String cell = new String(text, offset, length);
            quotes |= quoted;
            if (whitespace) cells.addAll(List.of(cell.strip().split("[ \t]+", -1)));
            else cells.add(quoted ? cell : bare(cell.strip()));
        }

        /** Without quotes that blanks kept from being seen. */
        private static String bare(String cell) {
            boolean quoted = cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"");
            return quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
        }

        @Override
        protected Row buildRecord() {
            boolean blank = cells.isEmpty()
                    || cells.size() == 1 && !quotes && cells.get(0).isEmpty();
            return new Row(cells, line, blank);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
