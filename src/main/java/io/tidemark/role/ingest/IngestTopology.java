package io.tidemark.role.ingest;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * From one input topic to samples, for every stream that watches it.
 *
 * <pre>
 *   input ──► decode ──► events ──► series ──┬──► samples       the series' partition
 *               │     (repartition, │   ▲    ├──► training      the stream's partition
 *               │      by series)   │   │    ├──► scores        late, duplicate, rejected
 *               ├──► scores         │   │    ├──► dead-letters
 *               └──► dead-letters   │   └────┴──► ticks         idle closes, read back
 *                             ingest-state (changelog)
 * </pre>
 *
 * <p>To be run under exactly_once_v2: each input event is then part of exactly one sample's event ranges, or has exactly one
 * status record, for each stream, whatever is killed whenever.
 *
 * <p>The topic of events is an internal one of Kafka Streams ({@code APPLICATION-events-repartition}), which purges what is
 * read. It is left out when every stream declares {@code keyed: true} and none closes by idle time: a task then serves one
 * partition of the input.
 *
 * <p>Where the first start of all begins is for the caller to commit ({@link io.tidemark.kafka.client.CommittedOffsets}): a partition without a
 * place, such as one that the input gets later, is read from its first record.
 *
 * <p>A stream's limits of series and of series that teach are shared by the partitions in equal parts, rounded up: an uneven
 * spread of keys may reach a partition's part before the stream's limit is reached.
 */
public final class IngestTopology {
    static final String INPUT = "input";
    static final String DECODE = "decode";
    static final String TO_EVENTS = "to-events";
    static final String EVENTS = "events";
    static final String SERIES = "series";
    static final String STORE = "ingest-state";
    private static final String ROLE = "ingest-";
    private static final String CHANGELOG = "-" + STORE + "-changelog";
    static final String TICKS_SOURCE = "ticks-source";
    static final String TICKS = "ticks";
    static final String SAMPLES = "samples";
    static final String TRAINING = "training";
    static final String SCORES = "scores";
    static final String DEAD_LETTERS = "dead-letters";
    static final String DECODE_SCORES = "decode-scores";
    static final String DECODE_DEAD_LETTERS = "decode-dead-letters";

    private IngestTopology() {}

    /**
     * Builds the topology of one input topic.
     *
     * @param streams the streams that watch it; at least one
     * @param contextRows rows of a stream's samples: the longest that one of its networks scores with, at least 1
     * @param partitions of the topic of events, and of ticks; or of the input topic when {@link #isKeyed}
     */
    public static Topology build(
            TopicNames names,
            String input,
            List<StreamSpec> streams,
            ToIntFunction<StreamSpec> contextRows,
            int partitions,
            Meters meters) {
        return build(names, input, streams, contextRows, partitions, meters, LiveHeap.ofProcess());
    }

    /** @param heap what its live series may take of the heap */
    static Topology build(
            TopicNames names,
            String input,
            List<StreamSpec> streams,
            ToIntFunction<StreamSpec> contextRows,
            int partitions,
            Meters meters,
            LiveHeap heap) {
        Map<String, FeatureWatch> watches = new HashMap<>();
        for (StreamSpec stream : streams) {
            if (stream.input().image().isPresent()) continue;
            List<String> features = stream.input().fields().features().stream()
                    .map(InputSpec.Feature::name)
                    .toList();
            Meters.Level silent = meters.level(MeterName.FEATURES_SILENT, stream.name());
            watches.put(stream.name(), new FeatureWatch(stream.name(), features, silent));
        }
        StreamsBuilder builder = new StreamsBuilder();
        Consumed<byte[], byte[]> bytes = Consumed.with(Serdes.ByteArray(), Serdes.ByteArray());
        KStream<byte[], byte[]> events = builder.stream(
                        input,
                        bytes.withName(INPUT)
                                .withOffsetResetPolicy(AutoOffsetReset.earliest())
                                .withTimestampExtractor((record, last) ->
                                        record.timestamp() >= 0 ? record.timestamp() : Math.max(0, last)))
                .process(() -> new DecodeProcessor(input, streams, watches, meters), Named.as(DECODE))
                .process(PassOn::new, Named.as(TO_EVENTS));
        if (!isKeyed(streams)) {
            events = events.repartition(Repartitioned.with(Serdes.ByteArray(), Serdes.ByteArray())
                    .withName(EVENTS)
                    .withNumberOfPartitions(partitions)
                    .withStreamPartitioner(IngestTopology::seriesPartition));
        }
        boolean ticks = readsTicks(streams);
        if (ticks) {
            KStream<byte[], byte[]> read = builder.stream(
                    names.ticks(),
                    Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                            .withName(TICKS_SOURCE)
                            .withOffsetResetPolicy(AutoOffsetReset.earliest()));
            events = events.merge(read, Named.as("events-and-ticks"));
        }
        builder.addStateStore(PipelineStore.builder(STORE, heap));
        events.process(
                () -> new SeriesProcessor(input, names.ticks(), streams, contextRows, partitions, meters),
                Named.as(SERIES),
                STORE);
        Topology topology = builder.build();
        sink(topology, DECODE_SCORES, names.scores(), IngestTopology::seriesPartition, DECODE);
        sink(topology, DECODE_DEAD_LETTERS, names.deadLetters(), null, DECODE);
        sink(topology, SAMPLES, names.samples(), IngestTopology::seriesPartition, SERIES);
        sink(topology, TRAINING, names.training(), IngestTopology::streamPartition, SERIES);
        sink(topology, SCORES, names.scores(), IngestTopology::seriesPartition, SERIES);
        sink(topology, DEAD_LETTERS, names.deadLetters(), null, SERIES);
        if (ticks) sink(topology, TICKS, names.ticks(), IngestTopology::seriesPartition, SERIES);
        return topology;
    }

    /** Whether the input's own partitions serve: all streams promise it, and no tick must find its task. */
    public static boolean isKeyed(List<StreamSpec> streams) {
        return !readsTicks(streams)
                && streams.stream().allMatch(stream -> stream.input().keyed());
    }

    /** Whether ticks are read beside the events of a partition; without them every task reads one topic only. */
    static boolean readsTicks(List<StreamSpec> streams) {
        return streams.stream().anyMatch(stream -> stream.grid().idleClose().isPresent());
    }

    /** The topic that the state of an input's series lies on; of the application that reads it. */
    public static String changelog(TopicNames names, String input) {
        return names.role(ROLE + input) + CHANGELOG;
    }

    /** The input whose {@link #changelog} a topic is; empty for every other topic. */
    public static Optional<String> inputOf(TopicNames names, String topic) {
        String before = names.role(ROLE);
        boolean is = topic.startsWith(before) && topic.endsWith(CHANGELOG);
        return is
                ? Optional.of(topic.substring(before.length(), topic.length() - CHANGELOG.length()))
                : Optional.empty();
    }

    /** The topic of events by series, of an input that is not {@link #isKeyed}. */
    public static String events(TopicNames names, String input) {
        return names.role(ROLE + input) + "-" + EVENTS + "-repartition";
    }

    /** The key of the series that a record of the {@link #changelog} is of; null for a key that no role writes. */
    public static @Nullable String seriesOf(byte[] slotKey) {
        return slotKey.length < 3 ? null : new String(slotKey, 0, slotKey.length - 2, StandardCharsets.UTF_8);
    }

    private static void sink(
            Topology topology,
            String name,
            String topic,
            @Nullable StreamPartitioner<byte[], byte[]> partitioner,
            String parent) {
        if (partitioner == null) {
            topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
        } else {
            topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), partitioner, parent);
        }
    }

    static Optional<Set<Integer>> seriesPartition(String topic, byte[] key, byte[] value, int partitions) {
        return Optional.of(Set.of(TopicNames.partition(key, key.length, partitions)));
    }

    static Optional<Set<Integer>> streamPartition(String topic, byte[] key, byte[] value, int partitions) {
        int end = 0;
        while (end < key.length && key[end] != '/') end++;
        return Optional.of(Set.of(TopicNames.partition(key, end, partitions)));
    }

    /** Gives the branch of good events a name that a processor can forward to. */
    private static final class PassOn extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            context().forward(record);
        }
    }
}
