package io.tidemark.role.verdict;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * From inferences to scores, forecasts, alerts and gates; from what people say to labels; and from alerts to incidents.
 *
 * <pre>
 *   inferences ──► verdict ──┬──► scores        the series' partition
 *                  ▲  │      ├──► forecasts     the series' partition
 *                  │ state   ├──► alerts        the series' partition
 *                  │ (changelog) ► gates        the stream's partition
 *                  │         ├──► incident-inbox  alerts once more, in the partition of their group of streams
 *                  │         ├──► labels        a label of a series that never had a step, taken back
 *                  │         └──► dead-letters  undecodable, of a stream that is not declared, or such a label
 *               labels  (partitioned as inferences)
 *                  ▲
 *   feedback ──► accept ──┬─────► incident-inbox  labels once more, in the partition of their group of streams
 *                         └─────► dead-letters  what is refused
 *
 *   incident-inbox ──► group ─┬──► incidents     the group's partition
 *                      state  └──► dead-letters  what cannot be read, of a stream that is not declared, or of an incident that is over
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
    static final String LABELS = "labels";
    static final String TAKEN_BACK = "labels-taken-back";
    static final String FEEDBACK = "feedback";
    static final String ACCEPT = "accept";
    static final String ACCEPTED = "labels-accepted";
    static final String REFUSED = "dead-letters-of-feedback";
    static final String TO_GROUP = "alerts-by-group";
    static final String LABEL_TO_GROUP = "labels-by-group";
    static final String INBOX = "incident-inbox";
    static final String GROUP = "group";
    static final String INCIDENT_STORE = "incident-state";
    static final String INCIDENTS = "incidents";
    static final String NOT_GROUPED = "dead-letters-of-incidents";

    private VerdictTopology() {}

    /**
     * Builds the topology.
     *
     * @param partitions of the topic of inferences, at least 1
     * @param clock wall time: for latencies and {@code alert-max-age} only
     * @throws IllegalArgumentException when a stream's settings cannot work
     */
    public static Topology build(
            TopicNames names, Collection<StreamSpec> streams, int partitions, Meters meters, InstantSource clock) {
        return build(names, streams, partitions, meters, clock, LiveHeap.ofProcess());
    }

    /** @param heap what its live series may take of the heap */
    static Topology build(
            TopicNames names,
            Collection<StreamSpec> streams,
            int partitions,
            Meters meters,
            InstantSource clock,
            LiveHeap heap) {
        List<StreamSpec> specs = List.copyOf(streams);
        Topology topology = new Topology();
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.inferences());
        topology.addSource(LABELS, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.labels());
        String labels = names.labels();
        topology.addProcessor(
                PROCESSOR, () -> new VerdictProcessor(specs, labels, partitions, meters, clock), SOURCE, LABELS);
        topology.addStateStore(SeriesStore.builder(STORE, heap), PROCESSOR);
        sink(topology, SCORES, names.scores(), VerdictTopology::seriesPartition, PROCESSOR);
        sink(topology, FORECASTS, names.forecasts(), VerdictTopology::seriesPartition, PROCESSOR);
        sink(topology, ALERTS, names.alerts(), VerdictTopology::seriesPartition, PROCESSOR);
        sink(topology, GATES, names.gates(), VerdictTopology::streamPartition, PROCESSOR);
        sink(topology, TO_GROUP, names.incidentInbox(), VerdictTopology::streamPartition, PROCESSOR);
        sink(topology, TAKEN_BACK, names.labels(), VerdictTopology::labelPartition, PROCESSOR);
        sink(topology, DEAD_LETTERS, names.deadLetters(), VerdictTopology::seriesPartition, PROCESSOR);
        topology.addSource(FEEDBACK, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.feedback());
        topology.addProcessor(ACCEPT, () -> new FeedbackProcessor(specs, meters), FEEDBACK);
        sink(topology, ACCEPTED, names.labels(), VerdictTopology::labelPartition, ACCEPT);
        sink(topology, LABEL_TO_GROUP, names.incidentInbox(), VerdictTopology::streamPartition, ACCEPT);
        sink(topology, REFUSED, names.deadLetters(), VerdictTopology::seriesPartition, ACCEPT);
        incidents(topology, names, specs, meters, clock);
        return topology;
    }

    private static void incidents(
            Topology topology, TopicNames names, List<StreamSpec> specs, Meters meters, InstantSource clock) {
        topology.addSource(INBOX, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.incidentInbox());
        topology.addProcessor(GROUP, () -> new IncidentProcessor(specs, meters, clock), INBOX);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(INCIDENT_STORE), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled(),
                GROUP);
        sink(topology, INCIDENTS, names.incidents(), VerdictTopology::groupPartition, GROUP);
        sink(topology, NOT_GROUPED, names.deadLetters(), VerdictTopology::seriesPartition, GROUP);
    }

    /** The topic that the state of the series lies on. */
    public static String changelog(TopicNames names) {
        return names.role("verdict") + "-" + STORE + "-changelog";
    }

    /** The key of the series that a record of the {@link #changelog} is of; null for a key that no role writes. */
    public static @Nullable String seriesOf(byte[] slotKey) {
        return SeriesStore.seriesOf(slotKey);
    }

    private static void sink(
            Topology topology,
            String name,
            String topic,
            StreamPartitioner<byte[], byte[]> partitioner,
            String parent) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), partitioner, parent);
    }

    static Optional<Set<Integer>> seriesPartition(String topic, byte[] key, byte[] value, int partitions) {
        return key == null ? Optional.empty() : partition(key, key.length, partitions);
    }

    static Optional<Set<Integer>> streamPartition(String topic, byte[] key, byte[] value, int partitions) {
        int end = 0;
        while (end < key.length && key[end] != '/') end++;
        return partition(key, end, partitions);
    }

    /** Of the group, whose name ends where the incident's first alert begins. */
    static Optional<Set<Integer>> groupPartition(String topic, byte[] key, byte[] value, int partitions) {
        int end = 0;
        while (end < key.length && key[end] != '@') end++;
        return partition(key, end, partitions);
    }

    /** Of the series, whose key ends where the stretch begins. */
    static Optional<Set<Integer>> labelPartition(String topic, byte[] key, byte[] value, int partitions) {
        int end = key.length;
        while (end > 0 && key[end - 1] != '@') end--;
        return partition(key, Math.max(0, end - 1), partitions);
    }

    private static Optional<Set<Integer>> partition(byte[] key, int length, int partitions) {
        return Optional.of(Set.of(TopicNames.partition(key, length, partitions)));
    }
}
