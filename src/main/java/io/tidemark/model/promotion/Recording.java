package io.tidemark.model.promotion;

import io.tidemark.config.StreamSpec;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What one series of a stream was, oldest first: the steps that a judge asks both models about, as they were and with anomalies. */
public sealed interface Recording permits ReplayedSeries, ReplayedFrames {
    String series();

    /** Steps. */
    int rows();

    /** Event time of a step; epoch milliseconds. */
    long timeMs(int row);

    /** Its newest steps. */
    Recording newest(int rowsMax);

    /**
     * A step as a record of {@code samples}.
     *
     * @param window rows that it carries at most, its own the last of them
     */
    byte[] sample(int row, StreamSpec stream, int window);

    /** Names of the kinds of anomaly that can be put into it, such as {@code level-shift}. */
    List<String> kinds();

    /**
     * Puts anomalies of a kind into it. Seeded: the same recording, kind and seed give the same.
     *
     * @param from steps before this one stay as they are
     */
    Injected<?> injected(String kind, int from, long seed);

    /**
     * @param series the recording with the anomalies
     * @param anomalous which of its steps were changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Injected<R extends Recording>(R series, boolean[] anomalous) {}

    /** The names of constants as people read them. */
    static List<String> names(Enum<?>[] constants) {
        return Stream.of(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }
}
