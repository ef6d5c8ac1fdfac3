package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.learn.learning.Interleaving;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StepTimes;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.model.registry.Lineage;
import io.tidemark.model.registry.OpenLineage;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream's learner with where it stands on its topics and how its next versions come about. */
final class LearntStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LearntStream.class);

    private final StreamSpec stream;
    private final CheckpointStore store;
    private final StreamLearner learner;
    private final String computes;
    private final Budget budget;
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Going> going = new HashMap<>();
    /** The next offset to take, by topic; records before it are another stream's, or known. */
    private final Map<String, Long> from = new HashMap<>();

    /** What waits for the stream's share of time, oldest first. */
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private long heldBytes;

    /** A record that is set aside. */
    @SuppressWarnings("ArrayRecordComponent")
    record Held(String topic, long offset, byte[] value) {}

    /** A lineage that goes on. */
    private record Going(String parent, Interleaving order, long taught, long withheld) {}

    LearntStream(
            StreamSpec stream,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            CheckpointStore store,
            StepTimes times,
            Budget budget) {
        this.stream = stream;
        this.store = store;
        this.computes = Provenance.engine(engine.info()) + " on " + Provenance.machine();
        for (String name : stream.networks()) networks.put(name, bound(name, zoo));
        this.budget = budget;
        CheckpointStore.Stored stored = store.take(stream.name());
        StreamLearner begun = new StreamLearner(stream, List.copyOf(networks.values()), engine, times);
        boolean same = false;
        if (stored != null) {
            stored.checkpoint().requireKnownVersion();
            try {
                same = begun.restore(stored.checkpoint());
            } catch (MalformedRecordException e) {
                LOG.error(
                        "the checkpoint of stream {} cannot be read; its learner starts from the beginning: {}",
                        stream.name(),
                        e.getMessage());
                begun.close();
                begun = new StreamLearner(stream, List.copyOf(networks.values()), engine, times);
                stored = null;
            }
        }
        learner = begun;
        if (stored == null) {
            for (String network : networks.keySet()) going.put(network, new Going("", new Interleaving(), 0, 0));
            return;
        }
        from.putAll(stored.offsets());
        LOG.info(
                "stream {} learns on from {} taught rows{}",
                stream.name(),
                learner.history().taught(),
                same ? "" : "; its checkpoint is of another generation and is left");
        for (String network : networks.keySet()) {
            going.put(network, same ? goOn(network, stored.lineages().get(network)) : begun(""));
        }
    }

    private Network bound(String name, Map<String, NetworkSpec> zoo) {
        NetworkSpec spec = zoo.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("stream " + stream.name() + " names network " + name
                    + ", which the zoo lacks; it has " + zoo.keySet());
        }
        return spec.bind(stream);
    }

    /** A lineage holds while the same declarations, engine and machine carry it on; else another begins at the checkpoint. */
    private Going goOn(String network, @Nullable OpenLineage open) {
        if (open == null) return begun(store.begin(stream.name(), network));
        boolean declared = open.config().equals(config(network));
        if (!declared || !open.machine().equals(computes)) {
            LOG.info(
                    "{}/{} begins a new lineage at its checkpoint: {}; it goes on from the same weights",
                    stream.name(),
                    network,
                    declared
                            ? "it was taught by " + open.machine() + ", and now is by " + computes
                            : "how it learns is declared otherwise than before, in the stream file or the network's");
            return begun(store.begin(stream.name(), network));
        }
        try {
            return new Going(open.parent(), Interleaving.decode(open.order()), open.taught(), open.withheld());
        } catch (IllegalArgumentException e) {
            LOG.error("{}/{} begins a new lineage at its checkpoint: {}", stream.name(), network, e.getMessage());
            return begun(store.begin(stream.name(), network));
        }
    }

    private Going begun(String parent) {
        return new Going(
                parent,
                new Interleaving(),
                learner.history().taught(),
                learner.history().withheld());
    }

    private String config(String network) {
        return Provenance.config(stream, network(network));
    }

    StreamSpec stream() {
        return stream;
    }

    StreamLearner learner() {
        return learner;
    }

    Budget budget() {
        return budget;
    }

    Network network(String name) {
        Network network = networks.get(name);
        if (network == null) throw new IllegalStateException(stream.name() + "/" + name + " is not bound");
        return network;
    }

    Set<String> networks() {
        return networks.keySet();
    }

    /** Whether what comes now must wait, because the stream has used up its share of time or earlier records wait. */
    boolean isBehind() {
        return !held.isEmpty() || budget.isOver();
    }

    /** Sets a record aside, unless it is known. */
    void hold(String topic, long offset, byte[] value) {
        if (offset < from.getOrDefault(topic, 0L)) return;
        held.add(new Held(topic, offset, value));
        heldBytes += value.length;
    }

    /** Bytes that are set aside. */
    long heldBytes() {
        return heldBytes;
    }

    /** The oldest record that waits, when it need not wait any more. */
    @Nullable
    Held release() {
        if (held.isEmpty() || budget.isOver()) return null;
        Held oldest = held.remove();
        heldBytes -= oldest.value.length;
        return oldest;
    }

    /** The next offset to read of a topic; null before the first checkpoint. */
    @Nullable
    Long resumeAt(String topic) {
        return from.get(topic);
    }

    /** Takes rows, unless they are known. */
    List<LearningEvent> rows(long offset, TrainingRows rows) {
        return isNew(PartitionLearner.TRAINING, offset) ? learner.rows(rows) : List.of();
    }

    /** Takes a gate, unless it is known. */
    List<LearningEvent> gate(long offset, Gate gate) {
        return isNew(PartitionLearner.GATES, offset) ? learner.gate(gate) : List.of();
    }

    /** Takes a label, which lies among the gates, unless it is known. */
    List<LearningEvent> label(long offset, Label label) {
        return isNew(PartitionLearner.GATES, offset) ? learner.label(label) : List.of();
    }

    private boolean isNew(String topic, long offset) {
        if (offset < from.getOrDefault(topic, 0L)) return false;
        from.put(topic, offset + 1);
        boolean gates = topic.equals(PartitionLearner.GATES);
        for (Going lineage : going.values()) lineage.order.take(gates, offset);
        return true;
    }

    /** Whether a lineage has become so long that it should begin anew. */
    boolean isLong() {
        for (Going lineage : going.values()) if (lineage.order.isFull()) return true;
        return false;
    }

    /** How a network's present state has come about. */
    Lineage lineage(String network, List<Float> losses) {
        Going lineage = going(network);
        Map<String, Long> first = new HashMap<>();
        if (lineage.order.first(false) >= 0) first.put(PartitionLearner.TRAINING, lineage.order.first(false));
        if (lineage.order.first(true) >= 0) first.put(PartitionLearner.GATES, lineage.order.first(true));
        return new Lineage(
                lineage.parent,
                config(network),
                Provenance.machine(),
                new Lineage.Taken(first, lineage.order.records(), lineage.order.encode()),
                learner.history().taught() - lineage.taught,
                learner.history().withheld() - lineage.withheld,
                losses);
    }

    private Going going(String network) {
        Going lineage = going.get(network);
        if (lineage == null) throw new IllegalStateException(stream.name() + "/" + network + " has no lineage");
        return lineage;
    }

    /** Lineages that go on behind a checkpoint; those of networks that publish with it, and long ones, begin there. */
    Map<String, OpenLineage> open(Set<String> published) {
        Map<String, OpenLineage> open = new HashMap<>();
        going.forEach((network, lineage) -> {
            if (published.contains(network) || lineage.order.isFull()) return;
            open.put(
                    network,
                    new OpenLineage(
                            lineage.parent,
                            config(network),
                            computes,
                            lineage.order.encode(),
                            lineage.taught,
                            lineage.withheld));
        });
        return open;
    }

    /** The next offsets to read, where none of its records came since {@code reached} neither. */
    Map<String, Long> offsets(Map<String, Long> reached) {
        Map<String, Long> next = new HashMap<>(reached);
        from.forEach((topic, offset) -> next.merge(topic, offset, Math::max));
        Set<String> behind = new HashSet<>();
        for (Held record : held) if (behind.add(record.topic)) next.put(record.topic, record.offset);
        return next;
    }

    /** After a commit: lineages that ended begin anew at the checkpoint. */
    void committed(Set<String> published, Map<String, Long> offsets) {
        from.putAll(offsets);
        for (String network : new HashSet<>(going.keySet())) {
            if (published.contains(network) || going(network).order.isFull()) {
                going.put(network, begun(store.begin(stream.name(), network)));
            }
        }
    }

    @Override
    public void close() {
        learner.close();
    }
}
