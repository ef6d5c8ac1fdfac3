package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicEnds;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The steps and the first pictures of an incident's time, as the topics still hold them. One reading looks at no more than
 * {@value #RECORDS_MAX} records, {@value #BYTES_MAX} bytes and {@link #WITHIN} of each topic; it keeps the first
 * {@link SeriesTrace#STEPS_MAX} steps of a series and pictures of at most {@value #PICTURES_BYTES_MAX} bytes. Filled by one thread, then only
 * read.
 */
final class IncidentReading {
    static final int RECORDS_MAX = 200_000;
    static final long BYTES_MAX = 64L << 20;
    static final int PICTURES_BYTES_MAX = 2 << 20;
    private static final Duration WITHIN = Duration.ofSeconds(4);
    private static final Duration POLL = Duration.ofMillis(200);

    private final IncidentWindow window;
    private final Map<String, SeriesTrace> traces = new LinkedHashMap<>();
    /** Series of images. */
    private final Set<String> frames = new HashSet<>();

    /** Series of which nothing more is wanted of the topic that is read. */
    private final Set<String> done = new HashSet<>();

    private final Map<String, Picture> pictures = new TreeMap<>();
    private int pictureBytes;
    private boolean cut;

    private record Picture(String kind, String stream, String series, long timeMs, byte[] png) {}

    /** Takes a record of a series that the incident shows. */
    private interface Sink {
        void take(IncidentWindow.Shown shown, ConsumerRecord<byte[], byte[]> record, byte[] value);
    }

    private IncidentReading(IncidentWindow window) {
        this.window = window;
        for (IncidentWindow.Shown shown : window.shown()) {
            traces.put(key(shown), new SeriesTrace(shown.stream(), shown.series(), shown.feature()));
        }
    }

    private static String key(IncidentWindow.Shown shown) {
        return TopicNames.key(shown.stream(), shown.series());
    }

    /** Reads what there is; blocks for at most some seconds. */
    static IncidentReading of(KafkaConnection connection, IncidentWindow window) {
        IncidentReading reading = new IncidentReading(window);
        TopicNames names = connection.names();
        Map<String, Object> settings = Map.of(
                "client.id", "console-past",
                "max.poll.records", "2000",
                "max.partition.fetch.bytes", 1 << 20,
                "default.api.timeout.ms", "10000",
                "allow.auto.create.topics", "false");
        try (Consumer<byte[], byte[]> consumer = connection.consumer(settings)) {
            reading.read(consumer, names.scores(), window.shown(), reading::score);
            List<IncidentWindow.Shown> cameras =
                    window.shown().stream().filter(reading::isOfFrames).toList();
            reading.read(
                    consumer,
                    names.anomalyMaps(),
                    cameras,
                    (shown, record, png) -> reading.picture("map", shown, record, png));
            reading.read(
                    consumer,
                    names.reconstructions(),
                    cameras,
                    (shown, record, png) -> reading.picture("reconstruction", shown, record, png));
        }
        return reading;
    }

    private boolean isOfFrames(IncidentWindow.Shown shown) {
        return frames.contains(key(shown));
    }

    private void read(Consumer<byte[], byte[]> consumer, String topic, List<IncidentWindow.Shown> wanted, Sink sink) {
        done.clear();
        int count = wanted.isEmpty() ? 0 : TopicEnds.partitions(consumer, topic).size();
        if (count == 0) return;
        Map<TopicPartition, Long> times = new HashMap<>();
        for (IncidentWindow.Shown shown : wanted) {
            times.put(new TopicPartition(topic, TopicNames.partition(key(shown), count)), window.seekMs());
        }
        Map<TopicPartition, OffsetAndTimestamp> begins = new HashMap<>(consumer.offsetsForTimes(times));
        begins.values().removeIf(begin -> begin == null); // nothing is as new
        if (begins.isEmpty()) return;
        consumer.assign(begins.keySet());
        begins.forEach((partition, begin) -> consumer.seek(partition, begin.offset()));
        Map<TopicPartition, Long> ends = Map.copyOf(consumer.endOffsets(begins.keySet()));
        long startNs = System.nanoTime();
        int records = 0;
        long bytes = 0;
        while (done.size() < wanted.size() && !TopicEnds.areReached(consumer, ends)) {
            boolean late = System.nanoTime() - startNs > WITHIN.toNanos();
            if (records > RECORDS_MAX || bytes > BYTES_MAX || late) {
                cut = true;
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                records++;
                bytes += Math.max(0, record.serializedValueSize());
                take(record, wanted, sink);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, List<IncidentWindow.Shown> wanted, Sink sink) {
        byte[] value = record.value();
        if (value == null || record.key() == null) return;
        for (IncidentWindow.Shown shown : wanted) {
            if (!TopicNames.isKey(record.key(), shown.stream(), shown.series())) continue;
            try {
                sink.take(shown, record, value);
            } catch (MalformedRecordException e) {
                return; // no role wrote it; the console's own reader tells of it
            }
        }
    }

    private void score(IncidentWindow.Shown shown, ConsumerRecord<byte[], byte[]> record, byte[] value) {
        SeriesTrace trace = trace(shown);
        JsonNode score = JsonRecord.object(value);
        if (trace == null || !score.has("series") || !score.has("step")) return;
        if (score.has("frame")) frames.add(key(shown));
        long eventMs = ConsoleState.time(score, "time");
        if (eventMs >= window.fromMs() && eventMs <= window.toMs() && !trace.isFull()) trace.take(score, eventMs);
        if (eventMs > window.toMs() || trace.isFull()) done.add(key(shown));
    }

    /** The first picture since the series' alert began is kept. */
    private void picture(String kind, IncidentWindow.Shown shown, ConsumerRecord<byte[], byte[]> record, byte[] png) {
        long frameMs = ConsoleReader.frameMs(record);
        if (frameMs < shown.sinceMs()) return;
        done.add(key(shown));
        boolean fits = png.length <= ConsoleState.IMAGE_BYTES_MAX && pictureBytes + png.length <= PICTURES_BYTES_MAX;
        if (frameMs > window.untilMs() || !fits) return;
        String place = kind + ":" + key(shown);
        if (pictures.putIfAbsent(place, new Picture(kind, shown.stream(), shown.series(), frameMs, png)) == null) {
            pictureBytes += png.length;
        }
    }

    @Nullable
    SeriesTrace trace(IncidentWindow.Shown shown) {
        return traces.get(key(shown));
    }

    /** Adds what pictures there are. */
    void pictures(ArrayNode into) {
        for (IncidentWindow.Shown shown : window.shown()) {
            for (String kind : ConsoleState.KINDS) {
                Picture picture = pictures.get(kind + ":" + key(shown));
                if (picture == null) continue;
                into.addObject()
                        .put("kind", kind)
                        .put("stream", picture.stream)
                        .put("series", picture.series)
                        .put("at", picture.timeMs)
                        .put("time", picture.timeMs);
            }
        }
    }

    byte @Nullable [] picture(String kind, String stream, String series) {
        Picture picture = pictures.get(kind + ":" + TopicNames.key(stream, series));
        return picture == null ? null : picture.png;
    }

    /** Why it is not whole; empty when it is. */
    String why() {
        if (cut) return "there are too many records in its time to look at all of them";
        Optional<SeriesTrace> any =
                traces.values().stream().filter(trace -> trace.size() > 0).findAny();
        return any.isPresent() || window.shown().isEmpty()
                ? ""
                : "the scores of its time are not on the topic any more";
    }
}
