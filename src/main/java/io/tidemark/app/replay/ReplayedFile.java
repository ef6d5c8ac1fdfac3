package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.app.backtest.RowEncoder;
import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One open file of a replay and its next event. One thread. */
final class ReplayedFile implements AutoCloseable {
    private final SeriesFile.Rows rows;
    private final RowEncoder encoder;
    private final int[] seriesColumns;

    private final int index;
    private final Pace pace;

    private byte[] key;
    private long due;
    private byte[] value = new byte[0];
    private long number = -1;

    /** @param index of the file in the replay; decides between events that are due at once */
    ReplayedFile(SeriesFile file, StreamSpec stream, int index, Pace pace) {
        this.index = index;
        this.pace = pace;
        try {
            rows = file.open(stream.input());
        } catch (IOException failed) {
            throw new UncheckedIOException(file.path() + " cannot be read: " + failed.getMessage(), failed);
        }
        encoder = new RowEncoder(stream, rows.columns(), file.series());
        seriesColumns = encoder.seriesInRow()
                ? stream.input().series().stream()
                        .mapToInt(rows.columns()::indexOf)
                        .toArray()
                : new int[0];
        key = file.series().getBytes(UTF_8);
    }

    /** Moves to the next row; false at the end of the file. */
    boolean next() {
        try {
            @Nullable List<String> row = rows.next();
            if (row == null) {
                return false;
            }
            number++;
            value = encoder.encode(row, number);
            if (seriesColumns.length > 0) {
                key = seriesOf(row).getBytes(UTF_8);
            }
            due = pace.due(key, value, number);
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String seriesOf(List<String> row) {
        return Arrays.stream(seriesColumns)
                .mapToObj(column -> column < row.size() ? row.get(column) : "")
                .collect(Collectors.joining("/"));
    }

    /** Where the event stands in the order of sending; see {@link Pace}. */
    long due() {
        return due;
    }

    int index() {
        return index;
    }

    /** The series, so that its events keep their order on one partition. */
    byte[] key() {
        return key;
    }

    /** The event in the stream's input format. */
    byte[] value() {
        return value;
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
