package io.tidemark.verdict;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * From inferences to scores, forecasts, alerts and gates.
 *
 * <pre>
 *   inferences ──► verdict ──┬──► scores        the series' partition
 *                     │      ├──► forecasts     the series' partition
 *                    state ├──► alerts        the series' partition
 *               (changelog)  ├──► gates         the stream's partition
 *                            └──► dead-letters  undecodable, or of a stream that is not declared
 * </pre>
 *
 * <p>To be run under exactly_once_v2: each inference then has exactly one score, whatever is killed whenever.
 */
public final class VerdictTopology {
    static final String SOURCE = "inferences";
    static final String PROCESSOR = "verdict";
    static final String STORE = "state";
    static final String SCORES = "scores";
    static final String FORECASTS = "forecasts";
    static final String ALERTS = "alerts";
    static final String GATES = "gates";
    static final String DEAD_LETTERS = "dead-letters";

    private VerdictTopology() {}

    /**
     * Builds the topology.
     *
     * @param clock wall time: for latencies and {@code alert-max-age} only
     * @throws IllegalArgumentException when a stream's settings cannot work
     */
    public static Topology build(TopicNames names, Collection<StreamSpec> streams, Meters meters, InstantSource clock) {
        List<StreamSpec> specs = List.copyOf(streams);
        Topology topology = new Topology();
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.inferences());
        topology.addProcessor(PROCESSOR, () -> new VerdictProcessor(specs, meters, clock), SOURCE);
        topology.addStateStore(SeriesStore.builder(STORE), PROCESSOR);
        sink(topology, SCORES, names.scores(), VerdictTopology::seriesPartition);
        sink(topology, FORECASTS, names.forecasts(), VerdictTopology::seriesPartition);
        sink(topology, ALERTS, names.alerts(), VerdictTopology::seriesPartition);
        sink(topology, GATES, names.gates(), VerdictTopology::streamPartition);
        sink(topology, DEAD_LETTERS, names.deadLetters(), VerdictTopology::seriesPartition);
        return topology;
    }

    private static void sink(
            Topology topology, String name, String topic, StreamPartitioner<byte[], byte[]> partitioner) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), partitioner, PROCESSOR);
    }

    private static Optional<Set<Integer>> seriesPartition(String topic, byte[] key, byte[] value, int partitions) {
        return key == null ? Optional.empty() : partition(key, key.length, partitions);
    }

    private static Optional<Set<Integer>> streamPartition(String topic, byte[] key, byte[] value, int partitions) {
        int end = 0;
        while (end < key.length && key[end] != '/') end++;
        return partition(key, end, partitions);
    }

    private static Optional<Set<Integer>> partition(byte[] key, int length, int partitions) {
        return Optional.of(Set.of(TopicNames.partition(key, length, partitions)));
    }
}
