package io.tidemark.app.replay;

import io.tidemark.app.backtest.FileEvents;
import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One open file of a replay and its next event. One thread. */
final class ReplayedFile implements AutoCloseable {
    private final FileEvents events;
    private final int index;
    private final Pace pace;
    private long due;

    /** @param index of the file in the replay; decides between events that are due at once */
    ReplayedFile(SeriesFile file, StreamSpec stream, int index, Pace pace) {
        this.index = index;
        this.pace = pace;
        try {
            events = new FileEvents(file, stream);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed.getMessage(), failed);
        }
    }

    /** Moves to the next row that fits the file's header; false at the end of the file. */
    boolean next() {
        try {
            do {
                if (!events.next()) return false;
            } while (!events.broken().isEmpty());
            due = pace.due(events.key(), events.value(), events.number());
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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
        return events.key();
    }

    /** The event in the stream's input format. */
    byte[] value() {
        return events.value();
    }

    @Override
    public void close() {
        try {
            events.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
