package io.tidemark.series.sample;

import io.tidemark.config.TopicNames;
import org.jspecify.annotations.Nullable;

/** The key of a record of a series, held against what its content says: whoever chose the partition chose it by the key. */
public final class RecordKey {
    private static final String WRONG = "its key is not that of the series it names";

    private RecordKey() {}

    /** @throws MalformedRecordException when the key is not that of the series */
    public static void check(byte @Nullable [] key, String stream, String series) {
        if (!TopicNames.isKey(key, stream, series)) throw new MalformedRecordException(WRONG);
    }
}
