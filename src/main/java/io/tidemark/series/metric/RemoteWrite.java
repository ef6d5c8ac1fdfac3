package io.tidemark.series.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.series.schema.FixedSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xerial.snappy.Snappy;

/** Reads Prometheus' remote write, version 1 or 2: a Protobuf message in a block of Snappy. */
public final class RemoteWrite implements MetricFormat {
    /** The value by which Prometheus says that a series has ended. */
    private static final long STALE_BITS = 0x7FF0_0000_0000_0002L;

    private static final String NAME = "__name__";

    /** How the frames of Snappy begin, in which remote write is not packed. */
    private static final byte[] STREAM = {(byte) 0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};

    private final FixedSchema one = FixedSchema.of(RemoteWrite.class, "prometheus.proto", "One");
    private final FixedSchema two = FixedSchema.of(RemoteWrite.class, "prometheus.proto", "Two");
    private final int bytesMax;

    /** @param bytesMax of a message without Snappy */
    public RemoteWrite(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public List<MetricPoint> read(byte[] value) throws IOException {
        byte[] message = unpacked(value);
        JsonNode first = one.read(message);
        List<MetricPoint> points = new ArrayList<>();
        for (JsonNode series : first.path("timeseries")) series(labels(series.path("labels")), series, points);
        if (!points.isEmpty()) return points;
        JsonNode second = two.read(message);
        JsonNode symbols = second.path("symbols");
        for (JsonNode series : second.path("timeseries")) series(labels(series.path("refs"), symbols), series, points);
        return points;
    }

    private byte[] unpacked(byte[] value) throws IOException {
        if (!Snappy.isValidCompressedBuffer(value)) {
            throw new IOException(
                    "it is not a Snappy block" + (isStream(value) ? ", but Snappy's stream of frames" : ""));
        }
        int length = Snappy.uncompressedLength(value);
        if (length > bytesMax) {
            throw new IOException("it unpacks to " + length + " bytes, more than limits.event of " + bytesMax);
        }
        return Snappy.uncompress(value);
    }

    private static boolean isStream(byte[] value) {
        return value.length >= STREAM.length && Arrays.equals(value, 0, STREAM.length, STREAM, 0, STREAM.length);
    }

    private static Map<String, String> labels(JsonNode listed) {
        Map<String, String> labels = new HashMap<>();
        for (JsonNode label : listed) {
            labels.put(label.path("name").asText(), label.path("value").asText());
        }
        return labels;
    }

    private static Map<String, String> labels(JsonNode refs, JsonNode symbols) throws IOException {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i + 1 < refs.size(); i += 2) {
            JsonNode name = symbols.get(refs.get(i).asInt());
            JsonNode value = symbols.get(refs.get(i + 1).asInt());
            if (name == null || value == null) throw new IOException("a label is not a symbol of it");
            labels.put(name.asText(), value.asText());
        }
        return labels;
    }

    private static void series(Map<String, String> labels, JsonNode series, List<MetricPoint> into) {
        String metric = labels.getOrDefault(NAME, "");
        for (JsonNode sample : series.path("samples")) {
            double value = sample.path("value").asDouble();
            boolean ended = Double.doubleToRawLongBits(value) == STALE_BITS;
            into.add(new MetricPoint(metric, sample.path("timestamp").asText(), labels, value, "", null, !ended));
        }
        for (JsonNode each : series.path("histograms")) {
            double count = each.has("countInt")
                    ? each.get("countInt").asDouble()
                    : each.path("countFloat").asDouble();
            double sum = each.path("sum").asDouble();
            Distribution told = Distribution.of(count, sum, new double[0], new double[0]);
            boolean ended = Double.doubleToRawLongBits(sum) == STALE_BITS;
            into.add(new MetricPoint(metric, each.path("timestamp").asText(), labels, Double.NaN, "", told, !ended));
        }
    }
}
