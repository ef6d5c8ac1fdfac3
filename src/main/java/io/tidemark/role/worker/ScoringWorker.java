package io.tidemark.role.worker;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.CommittedOffsets;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.IdleOffsetCommits;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.NetworkSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores samples with the champions: one poll, one batch, one transaction.
 *
 * <ol>
 *   <li>Every sample gives exactly one inference, in the partition of the same number, whatever is killed when: inferences,
 *       codes, pictures, dead letters and consumed offsets are committed together, and readers see committed records only.
 *   <li>Models are swapped between two batches, never within one.
 *   <li>A sample that cannot be judged goes to the dead letters and, when its step can be read, gets an inference that carries
 *       the failure; both in the batch's transaction.
 *   <li>A broken model is suspended and its members are FAILED; a broken engine ends the worker with
 *       {@link io.tidemark.model.inference.BrokenEngineException}.
 *   <li>Samples that expire before they are read end the worker, which says how many; see {@link CommittedOffsets}.
 *   <li>A broker that goes away is waited for. Another worker with the same instance name ends this one.
 * </ol>
 *
 * <p>One thread calls {@link #onStart}, {@link #doWork} and {@link #close}; {@link #run} does all three.
 */
public final class ScoringWorker implements AutoCloseable {
    /** Samples in one poll, and so in one transaction. */
    public static final int POLL_SAMPLES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(ScoringWorker.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Between two reports of how the versions fare. */
    private static final long REPORT_MS = 10_000;

    private final KafkaConnection connection;
    private final Meters meters;
    private final StreamScorers scorers;
    private final FrameImages pictures;
    private final boolean coded;
    private final DistributionSummary batchSize;
    private final ModelReader models;
    private final Consumer<byte[], byte[]> consumer;
    private final Transactions transactions;
    private final KafkaClientMetrics consumerMetrics;
    private final List<PolledSample> pool = new ArrayList<>();
    private final List<PolledSample> batch = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    private final Map<TopicPartition, Long> first = new HashMap<>();
    private final IdleOffsetCommits quiet = new IdleOffsetCommits();
    private final String instance;
    private final InstantSource clock;
    private List<HealthReport> health = List.of();
    private boolean reports;
    private long reportedMs;

    /**
     * Connects; waits for the broker, but not yet for the topics.
     *
     * @param streams every declared stream
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     * @param instance tells the workers of an installation apart and is stable over restarts, such as a host name
     * @throws IllegalArgumentException when a stream names a network that the zoo lacks or that does not fit its features
     */
    public ScoringWorker(
            KafkaConnection connection,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            Meters meters,
            String instance,
            InstantSource clock) {
        this(connection, streams, zoo, engine, meters, instance, clock, ModelReader::start);
    }

    /** @param opener how it follows the models */
    public ScoringWorker(
            KafkaConnection connection,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            Meters meters,
            String instance,
            InstantSource clock,
            ModelReader.Opener opener) {
        this.connection = connection;
        this.meters = meters;
        this.instance = instance;
        this.clock = clock;
        scorers = new StreamScorers(streams, zoo, engine, BatchScorer.CAPACITY, meters, clock);
        pictures = new FrameImages(connection.names(), streams);
        coded = streams.stream().anyMatch(StreamSpec::codes);
        batchSize = meters.summary(MeterName.BATCH, roleName());
        consumer = connection.consumer(settings(connection));
        consumerMetrics = new KafkaClientMetrics(consumer);
        connection.clients().measure(consumerMetrics, meters.registry());
        transactions = new Transactions(
                connection,
                connection.names().role("worker-" + instance),
                Map.of(
                        "max.request.size",
                        Integer.toString(KafkaConnection.RECORD_BYTES_MAX),
                        "buffer.memory",
                        Integer.toString(64 << 20)));
        models = opener.open(connection, scorers::wants, new PassedOver(roleName(), meters));
    }

    private static Map<String, Object> settings(KafkaConnection connection) {
        Map<String, Object> own = new HashMap<>();
        own.put("group.id", connection.names().role("worker"));
        own.put("auto.offset.reset", "none");
        own.put("allow.auto.create.topics", "false");
        own.put("session.timeout.ms", "10000");
        own.put("heartbeat.interval.ms", "3000");
        own.put("max.poll.records", Integer.toString(POLL_SAMPLES));
        // A busy partition fills a batch before the wait is over, an idle one is answered after it.
        own.put("fetch.min.bytes", Integer.toString(256 << 10));
        own.put("fetch.max.wait.ms", "10");
        own.put("max.partition.fetch.bytes", Integer.toString(4 << 20));
        own.put("fetch.max.bytes", Integer.toString(16 << 20));
        own.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        return own;
    }

    /** The name under which this role is started. */
    public String roleName() {
        return "worker";
    }

    /** Waits for the topics, saying so, and reads the models that have been published. */
    public void onStart() throws InterruptedException {
        for (String topic : List.of(
                connection.names().samples(),
                connection.names().inferences(),
                connection.names().deadLetters())) {
            TopicTail.await(consumer, topic);
        }
        if (coded) TopicTail.await(consumer, connection.names().codes());
        reports = hasHealthTopic();
        while (!models.awaitCaughtUp(Duration.ofSeconds(10))) {
            check();
            LOG.info("reading the published models");
        }
        consumer.subscribe(List.of(connection.names().samples()));
        meters.level(MeterName.ROLE_UP, roleName()).set(1);
    }

    private boolean hasHealthTopic() {
        boolean there = consumer.listTopics().containsKey(connection.names().vitals());
        if (!there) {
            LOG.warn(
                    "topic {} is not there, so that nobody can watch over promotions; create it with: tidemark streams apply",
                    connection.names().vitals());
        }
        return there;
    }

    private void check() {
        if (!models.failure().isEmpty()) throw new IllegalStateException(models.failure());
    }

    /**
     * Takes one poll through the networks and commits it.
     *
     * @return samples committed; 0 when there was nothing to do or the batch will be tried again
     * @throws io.tidemark.model.inference.BrokenEngineException when the engine is broken
     * @throws BrokerException when samples were deleted before they were read
     */
    public int doWork() {
        check();
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
            if (records.isEmpty()) {
                quiet.settle(consumer);
                return 0;
            }
        } catch (NoOffsetForPartitionException e) {
            consumer.seekToBeginning(e.partitions());
            return 0;
        } catch (OffsetOutOfRangeException e) {
            throw CommittedOffsets.lost(connection, connection.names().role("worker"), e.offsetOutOfRangePartitions());
        } catch (RetriableException e) {
            LOG.warn("the broker does not answer for now: {}", e.toString());
            return 0;
        }
        scorers.use(models.serving());
        read(records);
        scorers.score(batch);
        health = due();
        int count = batch.size();
        if (!transactions.commit(consumer, next, this::send)) {
            transactions.rewind(consumer, first);
            return 0;
        }
        quiet.committed(next);
        count();
        return count;
    }

    /** A report each {@link #REPORT_MS}, where there is a topic for it. */
    private List<HealthReport> due() {
        long now = clock.millis();
        if (!reports || now - reportedMs < REPORT_MS) return List.of();
        reportedMs = now;
        return scorers.report(instance, now);
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        batch.clear();
        next.clear();
        first.clear();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> of = records.records(partition);
            first.put(partition, of.get(0).offset());
            next.put(partition, new OffsetAndMetadata(of.get(of.size() - 1).offset() + 1));
            for (int i = 0; i < of.size(); i++) {
                if (batch.size() == pool.size()) pool.add(new PolledSample());
                PolledSample slot = pool.get(batch.size());
                slot.read(of.get(i));
                batch.add(slot);
            }
        }
    }

    private void send(Producer<byte[], byte[]> producer) {
        sendHealthReports(producer);
        String inferences = connection.names().inferences();
        String codes = connection.names().codes();
        String deadLetters = connection.names().deadLetters();
        for (int i = 0; i < batch.size(); i++) {
            PolledSample slot = batch.get(i);
            ConsumerRecord<byte[], byte[]> record = slot.record();
            if (slot.readable) {
                producer.send(new ProducerRecord<>(
                        inferences, record.partition(), record.timestamp(), record.key(), slot.pending.inference));
            }
            if (slot.pending.code.length > 0) {
                producer.send(new ProducerRecord<>(
                        codes, record.partition(), record.timestamp(), record.key(), slot.pending.code));
            }
            pictures.send(producer, slot);
            SampleReason reason = slot.reason;
            if (reason != null) {
                DeadLetter letter = new DeadLetter(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        stream(slot),
                        roleName(),
                        reason.word(),
                        slot.detail);
                producer.send(letter.record(deadLetters, record.key(), record.value()));
            }
        }
    }

    private void sendHealthReports(Producer<byte[], byte[]> producer) {
        for (HealthReport record : health) {
            byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(connection.names().vitals(), 0, key, record.toJson()));
        }
    }

    private static String stream(PolledSample slot) {
        return slot.readable ? slot.pending.step.stream : "";
    }

    private void count() {
        batchSize.record(batch.size());
        int dead = 0;
        for (int i = 0; i < batch.size(); i++) {
            PolledSample slot = batch.get(i);
            SampleReason reason = slot.reason;
            if (reason != null) {
                String stream = reason == SampleReason.UNKNOWN_STREAM ? "" : stream(slot);
                meters.counter(MeterName.DEAD_LETTERS, stream.isEmpty() ? "-" : stream, reason.word())
                        .increment();
                if (dead++ == 0) LOG.warn("a sample went to the dead letters ({}): {}", reason.word(), slot.detail);
            }
            slot.clear();
        }
        if (dead > 1) LOG.warn("{} more samples of this poll went to the dead letters", dead - 1);
    }

    /** Starts, works while told to, and closes; a failure is thrown after the role is marked as down. */
    public void run(BooleanSupplier running) throws InterruptedException {
        try {
            onStart();
            while (running.getAsBoolean()) doWork();
        } finally {
            meters.level(MeterName.ROLE_UP, roleName()).set(0);
            close();
        }
    }

    @Override
    public void close() {
        models.close();
        consumer.close();
        consumerMetrics.close();
        transactions.close();
        scorers.close();
    }
}
