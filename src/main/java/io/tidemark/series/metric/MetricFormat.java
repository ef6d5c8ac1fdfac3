package io.tidemark.series.metric;

import java.io.IOException;
import java.util.List;

/** Reads points of metrics. One thread. */
public interface MetricFormat {
    /**
     * @return the points of a record, in its order
     * @throws IOException when the value is not of this format, with a sentence for people
     */
    List<MetricPoint> read(byte[] value) throws IOException;
}
