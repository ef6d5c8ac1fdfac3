package io.tidemark.series.table;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/** Writes rows of cells that {@link Cells} reads back: cells are quoted where they must be (RFC 4180), lines end in a line feed. One thread. */
public final class CellWriter implements AutoCloseable {
    private final CsvWriter writer;

    /** @param out closed with this writer */
    public CellWriter(Writer out) {
        this(out, ',');
    }

    private CellWriter(Writer out, char delimiter) {
        writer = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.LF)
                .quoteStrategy(new Blanks())
                .build(out);
    }

    /** Quotes what would be stripped or passed over when it is read. */
    private static final class Blanks implements QuoteStrategy {
        @Override
        public boolean quoteValue(int line, int index, String cell) {
            return !cell.strip().equals(cell);
        }

        @Override
        public boolean quoteEmpty(int line, int index) {
            return index == 0;
        }
    }

    /** Writes one row. */
    public void row(List<String> cells) throws IOException {
        try {
            writer.writeRecord(cells);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** One row without a line end. */
    public static String one(List<String> cells, char delimiter) {
        StringWriter text = new StringWriter();
        try (CellWriter row = new CellWriter(text, delimiter)) {
            row.row(cells);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.getBuffer().substring(0, text.getBuffer().length() - 1);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
