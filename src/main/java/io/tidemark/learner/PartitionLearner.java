package io.tidemark.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.engine.Engine;
import io.tidemark.learning.LearningEvent;
import io.tidemark.learning.StreamLearner;
import io.tidemark.learning.TaughtRows;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.network.Network;
import io.tidemark.network.NetworkSpec;
import io.tidemark.registry.CheckpointStore;
import io.tidemark.registry.ModelId;
import io.tidemark.registry.ModelPublisher;
import io.tidemark.registry.ModelVersion;
import io.tidemark.sample.Gate;
import io.tidemark.sample.TrainingRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The learners of the streams of one partition, from its assignment to its loss. What they decide waits here until it is
 * committed with the offsets it came from.
 */
final class PartitionLearner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLearner.class);

    private final Engine engine;
    private final Meters meters;
    private final CheckpointStore store;
    private final Map<String, StreamLearner> learners = new LinkedHashMap<>();
    private final Map<String, Map<String, Network>> networks = new HashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final TrainingRows rows = new TrainingRows();
    private Map<String, Long> resumeAt = Map.of();
    /** The next offset to take, by topic without prefix. */
    private final Map<String, Long> next = new HashMap<>();

    private long records;

    /** A version that waits to be published. */
    private record Pending(StreamSpec stream, LearningEvent.Publish event) {}

    PartitionLearner(
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            CheckpointStore store,
            Meters meters) {
        this.engine = engine;
        this.meters = meters;
        this.store = store;
        for (StreamSpec stream : streams) open(stream, zoo);
    }

    private void open(StreamSpec stream, Map<String, NetworkSpec> zoo) {
        Map<String, Network> bound = new LinkedHashMap<>();
        for (String name : stream.networks()) {
            NetworkSpec spec = zoo.get(name);
            if (spec == null) {
                throw new IllegalArgumentException("stream " + stream.name() + " names network " + name
                        + ", which the zoo lacks; it has " + zoo.keySet());
            }
            bound.put(name, spec.bind(stream.features()));
        }
        networks.put(stream.name(), bound);
        StreamLearner learner = new StreamLearner(
                stream,
                List.copyOf(bound.values()),
                engine,
                (network, nanos) -> meters.timer(
                                MeterName.TRAINING, network, engine.info().label())
                        .record(nanos, TimeUnit.NANOSECONDS));
        learners.put(stream.name(), learner);
        // A counter that appears with its first event hides that event from a rate.
        for (String reason : LearningEvent.RolledBack.REASONS) {
            meters.counter(MeterName.ROLLED_BACK, stream.name(), reason);
        }
        for (String network : bound.keySet()) meters.counter(MeterName.PUBLISHED, stream.name(), network);
        CheckpointStore.Stored stored = store.take(stream.name());
        if (stored == null) return;
        boolean same = learner.restore(stored.checkpoint());
        LOG.info(
                "stream {} learns on from {} taught rows{}",
                stream.name(),
                learner.history().taught(),
                same ? "" : "; its checkpoint is of another generation and is left");
        if (newer(stored.offsets())) resumeAt = stored.offsets();
    }

    private boolean newer(Map<String, Long> offsets) {
        for (Map.Entry<String, Long> entry : offsets.entrySet()) {
            if (entry.getValue() > resumeAt.getOrDefault(entry.getKey(), -1L)) return true;
        }
        return false;
    }

    /** Where its checkpoints stand, by topic without prefix; empty without a checkpoint. */
    Map<String, Long> resumeAt() {
        return resumeAt;
    }

    /** Notes where the consumer stands before anything is taken. */
    void start(String topic, long offset) {
        next.put(topic, offset);
    }

    /** Notes that records before an offset have been taken. */
    void taken(String topic, long nextOffset) {
        next.put(topic, nextOffset);
        records++;
    }

    /** The next offsets to take, by topic without prefix. */
    Map<String, Long> next() {
        return Map.copyOf(next);
    }

    /** Whether any stream lives in this partition. */
    boolean watches() {
        return !learners.isEmpty();
    }

    /** Takes a record of {@code training}. */
    void rows(byte[] value) {
        rows.decode(value);
        StreamLearner learner = learners.get(rows.stream);
        if (learner != null) hear(learner, learner.rows(rows));
    }

    /** Takes a record of {@code gates}. */
    void gate(byte[] value) {
        Gate gate = Gate.decode(value);
        StreamLearner learner = learners.get(gate.stream());
        if (learner != null) hear(learner, learner.gate(gate));
    }

    private void hear(StreamLearner learner, List<LearningEvent> events) {
        for (LearningEvent event : events) {
            String stream = learner.stream().name();
            if (event instanceof LearningEvent.Publish publish) {
                pending.removeIf(
                        p -> p.stream.name().equals(stream) && p.event.network().equals(publish.network()));
                pending.add(new Pending(learner.stream(), publish));
            } else if (event instanceof LearningEvent.RolledBack undone) {
                meters.counter(MeterName.ROLLED_BACK, stream, undone.reason()).increment();
                LOG.warn("training of {}/{} was undone: {}", stream, undone.network(), undone.detail());
            }
        }
    }

    /** Whether a version waits to be published. */
    boolean publishes() {
        return !pending.isEmpty();
    }

    /** Records taken since the last commit. */
    long records() {
        return records;
    }

    /** Sends what waits, and the checkpoint of every stream. */
    void send(Producer<byte[], byte[]> producer, ModelPublisher publisher) {
        Map<String, Long> offsets = next();
        for (Pending version : pending) {
            publisher.publish(draft(publisher, version), version.event.state());
        }
        learners.forEach((stream, learner) -> store.write(producer, stream, learner.checkpoint(), offsets));
    }

    private ModelVersion draft(ModelPublisher publisher, Pending version) {
        LearningEvent.Publish event = version.event;
        Network network = network(version.stream.name(), event.network());
        int parent = publisher.last(new ModelId(version.stream.name(), event.network()));
        return new ModelVersion(
                ModelVersion.FORMAT,
                version.stream.name(),
                event.network(),
                parent + 1,
                network.hash(),
                network.canonical(),
                network.features(),
                version.stream.learning().seed(),
                parent,
                engine.info().label() + " " + engine.info().build(),
                event.rowsTaught(),
                event.rowsWithheld(),
                event.loss(),
                event.lastTimeMs(),
                event.reference().samples(),
                event.reference().median(),
                event.reference().upper(),
                null,
                "",
                List.of(),
                "",
                "");
    }

    private Network network(String stream, String name) {
        @Nullable Network network = networks.getOrDefault(stream, Map.of()).get(name);
        if (network == null) throw new IllegalStateException(stream + "/" + name + " is not bound");
        return network;
    }

    private final Map<String, long[]> counted = new HashMap<>();

    /** After a commit. */
    void committed() {
        for (Pending version : pending) {
            String stream = version.stream.name();
            String network = version.event.network();
            meters.counter(MeterName.PUBLISHED, stream, network).increment();
            LOG.info(
                    "published {}/{} after {} rows, loss {}",
                    stream,
                    network,
                    version.event.rowsTaught(),
                    version.event.loss());
        }
        pending.clear();
        records = 0;
    }

    /** Brings the meters up to date. */
    void measure() {
        learners.forEach((stream, learner) -> {
            TaughtRows history = learner.history();
            long[] before = counted.computeIfAbsent(stream, s -> new long[] {history.taught(), history.withheld()});
            meters.counter(MeterName.ROWS, stream, "taught").increment(history.taught() - before[0]);
            meters.counter(MeterName.ROWS, stream, "withheld").increment(history.withheld() - before[1]);
            before[0] = history.taught();
            before[1] = history.withheld();
            for (String network : learner.stream().networks()) {
                double loss = learner.loss(network);
                if (Double.isFinite(loss))
                    meters.level(MeterName.LOSS, stream, network).set(loss);
            }
            meters.level(MeterName.QUEUE, "rows-without-gate:" + stream).set(history.waiting());
            meters.level(MeterName.QUEUE_LIMIT, "rows-without-gate:" + stream)
                    .set(learner.stream().learning().bufferRows());
        });
    }

    @Override
    public void close() {
        for (StreamLearner learner : learners.values()) learner.close();
    }
}
