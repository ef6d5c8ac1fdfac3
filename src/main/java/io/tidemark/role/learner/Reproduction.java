package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.learn.learning.Checkpoint;
import io.tidemark.learn.learning.Interleaving;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.model.registry.Lineage;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes a published version anew: from its parent checkpoint, with the records that its lineage names, in that order, through the
 * classes that learnt it; and compares the weights bit for bit.
 *
 * <p>On a CPU with the same engine build and processor type the bits must be the same. On a GPU they need not be, and the
 * weights are the same when none differs by more than {@link #GPU_TOLERANCE}.
 */
public final class Reproduction {
    /** The largest difference between two weights that a GPU may make. */
    public static final float GPU_TOLERANCE = 1e-4f;

    private final KafkaConnection connection;
    private final StreamSpec stream;
    private final Network network;
    private final Engine engine;
    private final TrainingRows rows = new TrainingRows();

    /** What came of it. */
    public sealed interface Result {}

    /**
     * The weights are the same.
     *
     * @param tensors compared
     * @param values compared, in all tensors
     * @param records replayed
     * @param rows that taught in them
     */
    public record Same(int tensors, long values, long records, long rows) implements Result {}

    /**
     * The weights part.
     *
     * @param tensor the first that differs
     * @param index the first value in it that differs, row-major
     * @param published the value there in the published version
     * @param replayed the value there in the replay
     * @param differing values that differ, in all tensors
     * @param notes what is not as it was when the version was made; each a sentence
     */
    public record Parted(String tensor, int index, float published, float replayed, long differing, List<String> notes)
            implements Result {
        public Parted {
            notes = List.copyOf(notes);
        }
    }

    /**
     * It cannot be told.
     *
     * @param reason in a sentence, such as that its history has expired
     */
    public record Untold(String reason) implements Result {}

    /**
     * @param stream as declared when the version was made
     * @param network bound to the stream's features
     * @param engine that made the version; stays the caller's
     */
    public Reproduction(KafkaConnection connection, StreamSpec stream, Network network, Engine engine) {
        this.connection = connection;
        this.stream = stream;
        this.network = network;
        this.engine = engine;
    }

    /**
     * Makes a model anew; blocks until it is done.
     *
     * @throws InterruptedException when told to stop while it waits for a topic
     */
    public Result of(Model model) throws InterruptedException {
        ModelVersion version = model.manifest();
        Lineage lineage = version.origin().lineage();
        if (lineage == null) {
            boolean job =
                    !version.origin().job().isEmpty() && !version.origin().job().startsWith("import-");
            return new Untold(
                    job
                            ? version.label() + " was made by retrain job "
                                    + version.origin().job()
                                    + ", whose report on topic reports names the records, settings and seed that it came from"
                            : version.label()
                                    + " has no lineage: it was imported, or published before lineages were kept");
        }
        if (!lineage.config().equals(Provenance.config(stream, network))) {
            return new Untold("the stream file or the network is not what taught " + version.label()
                    + "; name the files as they were then with --topology");
        }
        int partition = partition();
        Checkpoint parent = null;
        if (!lineage.parent().isEmpty()) {
            parent = CheckpointStore.parent(
                    connection, partition, stream.name(), network.spec().name(), lineage.parent());
            if (parent == null)
                return new Untold("the parent checkpoint of " + version.label() + " is not kept any more");
        }
        try (LogCursor training = new LogCursor(connection, connection.names().training(), partition);
                LogCursor gates = new LogCursor(connection, connection.names().gates(), partition);
                StreamLearner learner = new StreamLearner(stream, List.of(network), engine)) {
            String expired = begin(training, PartitionLearner.TRAINING, lineage);
            if (expired.isEmpty()) expired = begin(gates, PartitionLearner.GATES, lineage);
            if (!expired.isEmpty()) return new Untold("the history of " + version.label() + " has expired: " + expired);
            if (parent != null && !learner.restore(parent)) {
                return new Untold("the parent checkpoint of " + version.label() + " is of another generation");
            }
            long before = learner.history().taught();
            NetworkState replayed = replay(lineage, learner, training, gates);
            long taught = learner.history().taught() - before;
            return compare(model, replayed, lineage, taught);
        }
    }

    private int partition() throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            int count = TopicTail.await(consumer, connection.names().training());
            return TopicNames.partition(stream.name(), count);
        }
    }

    /** Puts a cursor at the first record needed; says what is missing when it is gone. */
    private static String begin(LogCursor cursor, String topic, Lineage lineage) {
        Long first = lineage.taken().first().get(topic);
        if (first == null) return "";
        long earliest = cursor.earliest();
        if (first < earliest) return topic + " begins at offset " + earliest + ", and " + first + " is needed";
        cursor.seek(first);
        return "";
    }

    private @Nullable NetworkState replay(Lineage lineage, StreamLearner learner, LogCursor training, LogCursor gates) {
        List<LearningEvent> events = new ArrayList<>();
        for (Interleaving.Run run : Interleaving.decode(lineage.taken().order()).runs()) {
            LogCursor cursor = run.gates() ? gates : training;
            cursor.range(run.from(), run.to(), record -> events.addAll(take(record, run.gates(), learner)));
        }
        NetworkState last = null;
        for (LearningEvent event : events) if (event instanceof LearningEvent.Publish publish) last = publish.state();
        return last;
    }

    private List<LearningEvent> take(ConsumerRecord<byte[], byte[]> record, boolean gate, StreamLearner learner) {
        byte[] value = record.value();
        if (value == null) return List.of();
        try {
            if (gate && Label.isLabel(value)) {
                Label label = Label.decode(value);
                RecordKey.check(record.key(), label.stream(), label.series());
                return label.stream().equals(stream.name()) ? learner.label(label) : List.of();
            }
            if (gate) {
                Gate decoded = Gate.decode(value);
                RecordKey.check(record.key(), decoded.stream(), decoded.series());
                return decoded.stream().equals(stream.name()) ? learner.gate(decoded) : List.of();
            }
            rows.decode(value);
            RecordKey.check(record.key(), rows.stream, rows.series);
            return rows.stream.equals(stream.name()) ? learner.rows(rows) : List.of();
        } catch (MalformedRecordException e) {
            return List.of(); // the learner passed it over too
        }
    }

    private Result compare(Model model, @Nullable NetworkState replayed, Lineage lineage, long taught) {
        List<String> notes = notes(model.manifest(), lineage);
        if (replayed == null) {
            List<String> all = new ArrayList<>(notes);
            all.add("the replay published nothing");
            return new Parted("", 0, Float.NaN, Float.NaN, 0, all);
        }
        boolean bits = engine.info().device().equals("cpu");
        return Comparison.of(model.weights().weights(), replayed.weights(), bits ? 0 : GPU_TOLERANCE)
                .result(lineage.taken().records(), taught, notes);
    }

    private List<String> notes(ModelVersion version, Lineage lineage) {
        List<String> notes = new ArrayList<>();
        String here = Provenance.engine(engine.info());
        if (!version.training().engine().equals(here))
            notes.add("it was made by " + version.training().engine() + ", and this is " + here);
        String machine = Provenance.machine();
        if (!lineage.machine().equals(machine)) {
            notes.add("it was made on " + lineage.machine() + ", and this is " + machine);
        }
        return notes;
    }
}
