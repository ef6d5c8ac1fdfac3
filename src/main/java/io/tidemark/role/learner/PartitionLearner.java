package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.learn.learning.TaughtRows;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.TrainingRows;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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

    static final String TRAINING = "training";
    static final String GATES = "gates";

    /** Bytes of records that wait for their streams' shares of time; beyond, the partition is not read. */
    static final long HELD_BYTES_MAX = 32 << 20;

    private final Engine engine;
    private final Meters meters;
    private final InstantSource clock;
    private final CheckpointStore store;
    private final Map<String, LearntStream> learners = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final RollbackNotices notices = new RollbackNotices();
    private final TrainingRows rows = new TrainingRows();
    /** The next offset to take, by topic without prefix. */
    private final Map<String, Long> next = new HashMap<>();

    private long records;

    /** A version that waits to be published. */
    private record Pending(LearntStream stream, LearningEvent.Publish event) {}

    PartitionLearner(
            RoleContext context,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            CheckpointStore store) {
        this(
                context,
                streams,
                zoo,
                engine,
                store,
                s -> Budget.of(s.learning(), engine.info().device()));
    }

    /** @param budgets each stream's share of time */
    PartitionLearner(
            RoleContext context,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            CheckpointStore store,
            Function<StreamSpec, Budget> budgets) {
        this.engine = engine;
        this.meters = context.meters();
        this.clock = context.clock();
        this.store = store;
        for (StreamSpec stream : streams) open(stream, zoo, budgets.apply(stream));
    }

    private void open(StreamSpec stream, Map<String, NetworkSpec> zoo, Budget budget) {
        String label = engine.info().label();
        learners.put(
                stream.name(),
                new LearntStream(
                        stream,
                        zoo,
                        engine,
                        store,
                        (network, nanos) ->
                                meters.timer(MeterName.TRAINING, network, label).record(nanos, TimeUnit.NANOSECONDS),
                        budget));
        // A counter that appears with its first event hides that event from a rate.
        for (String reason : LearningEvent.RolledBack.REASONS) {
            meters.counter(MeterName.ROLLED_BACK, stream.name(), reason);
        }
        for (String network : stream.networks()) {
            meters.counter(MeterName.PUBLISHED, stream.name(), network);
            meters.counter(MeterName.KEPT_BACK, stream.name(), network);
        }
    }

    /**
     * Where reading goes on: the earliest offset that a stream has not taken; null when one has no checkpoint and begins at the
     * beginning, which skips nothing for the others, who know what they have taken.
     */
    @Nullable
    Long resumeAt(String topic) {
        Long earliest = null;
        for (LearntStream stream : learners.values()) {
            Long at = stream.resumeAt(topic);
            if (at == null) return null;
            if (earliest == null || at < earliest) earliest = at;
        }
        return earliest;
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

    /**
     * Takes a record of {@code training}.
     *
     * @throws MalformedRecordException when it is none, or has another key than that of its series
     */
    void rows(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        rows.decode(there(value));
        RecordKey.check(key, rows.stream, rows.series);
        LearntStream stream = learners.get(rows.stream);
        if (stream == null) return;
        if (stream.isBehind()) stream.hold(TRAINING, offset, there(value));
        else learn(stream, () -> stream.rows(offset, rows));
    }

    /**
     * Teaches one record that waited, of a stream that has some of its share of time again.
     *
     * @return false when there was none
     */
    boolean takeHeld() {
        for (LearntStream stream : learners.values()) {
            LearntStream.Held record = stream.release();
            if (record == null) continue;
            records++;
            if (record.topic().equals(GATES)) {
                teach(stream, record.offset(), record.value());
            } else {
                rows.decode(record.value());
                learn(stream, () -> stream.rows(record.offset(), rows));
            }
            return true;
        }
        return false;
    }

    private void teach(LearntStream stream, long offset, byte[] gateOrLabel) {
        if (Label.isLabel(gateOrLabel)) {
            Label label = Label.decode(gateOrLabel);
            learn(stream, () -> stream.label(offset, label));
        } else {
            Gate gate = Gate.decode(gateOrLabel);
            learn(stream, () -> stream.gate(offset, gate));
        }
    }

    /** What is learnt of a stream; null for one that does not live here. */
    @Nullable
    LearntStream of(String stream) {
        return learners.get(stream);
    }

    private static byte[] there(byte @Nullable [] value) {
        if (value == null) throw new MalformedRecordException("the record has no value");
        return value;
    }

    /**
     * Takes a record of {@code gates}: a gate or a label.
     *
     * @throws MalformedRecordException when it is neither, or has another key than that of its series
     */
    void gate(long offset, byte @Nullable [] key, byte @Nullable [] recordValue) {
        byte[] value = there(recordValue);
        if (Label.isLabel(value)) {
            Label label = Label.decode(value);
            RecordKey.check(key, label.stream(), label.series());
            taught(label.stream(), offset, value);
            return;
        }
        Gate gate = Gate.decode(value);
        RecordKey.check(key, gate.stream(), gate.series());
        taught(gate.stream(), offset, value);
    }

    private void taught(String name, long offset, byte[] gateOrLabel) {
        LearntStream stream = learners.get(name);
        if (stream == null) return;
        if (stream.isBehind()) stream.hold(GATES, offset, gateOrLabel);
        else teach(stream, offset, gateOrLabel);
    }

    private void learn(LearntStream stream, Supplier<List<LearningEvent>> lesson) {
        long spent = stream.budget().measure(lesson, events -> hear(stream, events));
        meters.counter(MeterName.LEARNING_TIME, stream.stream().name()).increment(spent / 1e9);
    }

    /** Whether so much waits for streams that have used up their share of time that the whole partition must wait. */
    boolean isFull() {
        long bytes = 0;
        for (LearntStream stream : learners.values()) {
            meters.level(MeterName.LEARNING_PAUSED, stream.stream().name()).set(stream.isBehind() ? 1 : 0);
            bytes += stream.heldBytes();
        }
        return bytes >= HELD_BYTES_MAX;
    }

    private void hear(LearntStream stream, List<LearningEvent> events) {
        if (events.isEmpty()) return;
        String name = stream.stream().name();
        LearningEvent.Cases cases = new LearningEvent.Cases() {
            @Override
            public void publish(LearningEvent.Publish publish) {
                pending.removeIf(p -> p.stream == stream && p.event.network().equals(publish.network()));
                pending.add(new Pending(stream, publish));
            }

            @Override
            public void keptBack(LearningEvent.KeptBack kept) {
                meters.counter(MeterName.KEPT_BACK, name, kept.network()).increment();
            }

            @Override
            public void rolledBack(LearningEvent.RolledBack back) {
                notices.add(name, stream.stream().generation(), back);
                meters.counter(MeterName.ROLLED_BACK, name, back.reason()).increment();
                LOG.warn(
                        "training of {}/{} was undone and goes on at a learning rate of {}: {}",
                        name,
                        back.network(),
                        back.rate(),
                        back.detail());
            }
        };
        for (LearningEvent event : events) event.tell(cases);
    }

    /** Whether a version waits to be published, training was undone, or a lineage is full. */
    boolean isDue() {
        if (!pending.isEmpty() || notices.isDue(clock.millis())) return true;
        for (LearntStream stream : learners.values()) if (stream.isLong()) return true;
        return false;
    }

    /** Records taken since the last commit. */
    long records() {
        return records;
    }

    /** Sends what waits to be published or told, and the checkpoint of every stream. */
    void send(Producer<byte[], byte[]> producer, ModelPublisher publisher) {
        for (Pending version : pending) {
            publisher.publish(draft(version), version.event.state(), clock.millis());
        }
        Map<String, Long> reached = next();
        notices.commands(clock.millis()).forEach(publisher::say);
        learners.forEach((name, stream) -> {
            Set<String> kept = new HashSet<>();
            for (String network : stream.networks()) {
                for (ModelVersion version : publisher.kept(new ModelId(name, network))) {
                    if (version.origin().lineage() != null)
                        kept.add(version.origin().lineage().parent());
                }
            }
            store.write(
                    producer,
                    name,
                    stream.learner().checkpoint(),
                    stream.offsets(reached),
                    stream.open(published(stream)),
                    kept);
        });
    }

    private Set<String> published(LearntStream stream) {
        Set<String> networks = new HashSet<>();
        for (Pending version : pending) if (version.stream == stream) networks.add(version.event.network());
        return networks;
    }

    private ModelVersion draft(Pending version) {
        LearningEvent.Publish event = version.event;
        StreamSpec stream = version.stream.stream();
        Network network = version.stream.network(event.network());
        return new ModelVersion(
                ModelVersion.FORMAT,
                new ModelId(stream.name(), event.network()),
                0,
                ModelVersion.Architecture.of(network),
                new ModelVersion.Origin(0, version.stream.lineage(event.network(), event.losses()), "", ""),
                new ModelVersion.Training(
                        stream.learning().seed(),
                        Provenance.engine(engine.info()),
                        event.rowsTaught(),
                        event.rowsWithheld(),
                        event.loss(),
                        event.lastTimeMs()),
                event.reference(),
                ModelVersion.Weights.NONE);
    }

    private final Map<String, long[]> counted = new HashMap<>();

    /** After a commit. */
    void committed() {
        Map<String, Long> reached = next();
        for (LearntStream stream : learners.values()) stream.committed(published(stream), stream.offsets(reached));
        for (Pending version : pending) {
            String stream = version.stream.stream().name();
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
        notices.committed(clock.millis());
        records = 0;
    }

    /** Brings the meters up to date. */
    void measure() {
        learners.forEach((stream, learnt) -> {
            StreamLearner learner = learnt.learner();
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
        for (LearntStream stream : learners.values()) stream.close();
    }
}
