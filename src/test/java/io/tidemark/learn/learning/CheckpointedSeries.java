package io.tidemark.learn.learning;

import io.tidemark.config.StreamSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The series of which a learner at rest knows something: rows, gates or what people said. */
public final class CheckpointedSeries {
    private CheckpointedSeries() {}

    /** By their keys. */
    public static Set<String> of(StreamSpec stream, Checkpoint checkpoint) {
        TaughtRows rows = TaughtRows.of(stream);
        if (!checkpoint.into(rows, List.of()))
            throw new IllegalArgumentException("the checkpoint is of another generation than " + stream.name());
        Set<String> series = new TreeSet<>();
        for (SeriesRows known : rows.all) series.add(known.series);
        return series;
    }
}
