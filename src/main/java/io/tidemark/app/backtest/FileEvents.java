package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file as the events that a producer would send: a row of cells encoded in the stream's format, or a line of JSON as it
 * stands. One thread.
 */
public final class FileEvents implements AutoCloseable {
    /** A Kafka timestamp for rows, beyond the time of each: nothing lies in the future. Epoch milliseconds. */
    public static final long ANY_TIME_MS = Long.MAX_VALUE / 4;

    private final SeriesFile file;
    private final StreamSpec stream;
    private final SeriesFile.@Nullable Rows rows;
    private final @Nullable BufferedReader lines;
    private final @Nullable RowEncoder encoder;
    private final int timeColumn;
    private byte[] key;
    private final long firstTime;
    private long number = -1;
    private long line;
    private byte[] value = new byte[0];
    private String timestamp = "";
    private String broken = "";
    private int cut;

    /** @throws IOException when it cannot be read, or its columns are not those that the stream declares */
    public FileEvents(SeriesFile file, StreamSpec stream) throws IOException {
        this(file, stream, 0);
    }

    /**
     * @param firstTime the time of the first row where rows are timed by their number: how many rows of the series went before
     * @throws IOException when it cannot be read, or its columns are not those that the stream declares
     */
    FileEvents(SeriesFile file, StreamSpec stream, long firstTime) throws IOException {
        this.file = file;
        this.firstTime = firstTime;
        this.stream = stream;
        key = file.series().getBytes(StandardCharsets.UTF_8);
        InputSpec input = stream.input();
        boolean linesOnly = input.encoding().format() == InputSpec.Format.OTLP;
        boolean binary = input.encoding().format() == InputSpec.Format.PROMETHEUS
                || input.encoding().format().needsSchema();
        if (binary || linesOnly && !file.lines()) {
            throw new IOException(file.path() + " is of " + (file.lines() ? "lines" : "rows") + ", but stream "
                    + stream.name() + " declares format: "
                    + input.encoding().format().name().toLowerCase(java.util.Locale.ROOT) + "; for files declare json"
                    + " or csv in a copy of the stream file");
        }
        if (file.lines() || input.encoding().format() == InputSpec.Format.INFLUX) {
            if (input.encoding().format() == InputSpec.Format.CSV) {
                throw new IOException(
                        file.path() + " holds lines of JSON, but stream " + stream.name() + " declares format: "
                                + input.encoding().format().name().toLowerCase(java.util.Locale.ROOT));
            }
            lines = file.text(input);
            rows = null;
            encoder = null;
            timeColumn = -1;
            return;
        }
        lines = null;
        SeriesFile.Rows opened = file.open(input);
        rows = opened;
        Optional<String> mistake = FileHeader.mistake(input, opened.columns());
        if (mistake.isPresent()) {
            opened.close();
            throw new IOException(file.path() + ": " + mistake.get());
        }
        encoder = new RowEncoder(stream, opened.columns(), file.series());
        timeColumn = opened.columns().indexOf(input.fields().time().field());
    }

    /** Whether events name their series themselves; else all are of the file's series. */
    public boolean seriesInRow() {
        return encoder == null ? !stream.input().fields().series().isEmpty() : encoder.seriesInRow();
    }

    /** Whether a line is a record as it stands, of several events perhaps; else a row of cells is one event. */
    boolean ofLines() {
        return lines != null;
    }

    /** Moves to the next row; false at the end of the file. */
    public boolean next() throws IOException {
        broken = "";
        return encoder == null ? nextLine() : nextRow(encoder);
    }

    private boolean nextRow(RowEncoder encoding) throws IOException {
        SeriesFile.Rows from = java.util.Objects.requireNonNull(rows);
        List<String> row = from.next();
        if (row == null) return false;
        number++;
        line = from.line();
        int columns = from.columns().size();
        for (int i = columns; i < row.size(); i++) {
            if (!row.get(i).isEmpty()) broken = row.size() + " cells, but the file has " + columns + " columns";
        }
        timestamp = timeColumn >= 0 && timeColumn < row.size() ? row.get(timeColumn) : Long.toString(number);
        cut = row.size() < columns ? encoding.cut(row) : 0;
        value = encoding.encode(row, firstTime + number);
        if (encoding.seriesInRow()) key = encoding.seriesOf(row).getBytes(StandardCharsets.UTF_8);
        return true;
    }

    private boolean nextLine() throws IOException {
        BufferedReader from = java.util.Objects.requireNonNull(lines);
        try {
            String text = from.readLine();
            line++;
            while (text != null && text.isBlank()) {
                text = from.readLine();
                line++;
            }
            if (text == null) return false;
            if (number < 0 && FileText.isSpread(text)) throw new IOException(file.path() + FileText.SPREAD);
            number++;
            timestamp = Long.toString(number);
            value = text.getBytes(StandardCharsets.UTF_8);
            return true;
        } catch (CharacterCodingException e) {
            throw SeriesFile.encoding(file.path(), stream.input().encoding().csv(), line, e);
        } catch (IOException e) {
            throw FileText.named(file.path(), e);
        }
    }

    /** 0-based number of the row. */
    public long number() {
        return number;
    }

    /** 1-based line of the file on which the row begins. */
    public long line() {
        return line;
    }

    /** The key that a producer would send, so that a series keeps to one partition. */
    public byte[] key() {
        return key;
    }

    /** The event in the stream's format; a new array for each row. */
    public byte[] value() {
        return value;
    }

    /** The row's time as it is written; its number where it has none. */
    public String timestamp() {
        return timestamp;
    }

    /** Why the row cannot be what it was meant to be, as a sentence; empty when it can. */
    public String broken() {
        return broken;
    }

    /** Declared columns that the row ends before. */
    public int cut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        if (rows != null) rows.close();
        if (lines != null) lines.close();
    }
}
