package io.tidemark.model.registry;

import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.GroupMember;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the registry: numbers what is offered, decides commands, and writes standings and the audit trail.
 *
 * <ol>
 *   <li>{@code models} has one partition, so that of all registrars of an installation, one in each process with the role
 *       learner, the group lets exactly one decide; another takes over within the session timeout of 10 s.
 *   <li>It reads the whole topic before it decides, and after each decision goes on only when it has read it back: the log is
 *       its only memory.
 *   <li>A decision's records and the group's offset are one transaction: a registrar that has lost the partition cannot commit.
 *   <li>A record that is not the registry's goes to {@code dead-letters} once, in such a transaction, and off the topic.
 *   <li>Offers and commands wait on the topic while there is no registrar.
 * </ol>
 *
 * <p>One thread calls {@link #onStart}, {@link #doWork} and {@link #close}; {@link #run} does all three.
 */
public final class Registrar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String MALFORMED = "malformed-registry-record";

    private record Stranger(ConsumerRecord<byte[], byte[]> record, String why) {}

    private final KafkaConnection connection;
    private final Meters meters;
    private final Consumer<byte[], byte[]> consumer;
    private final Transactions transactions;
    private final TopicPartition partition;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private ModelLog log = new ModelLog(version -> false);
    private final PassedOver told;
    /** Records that are not the registry's, since the last decision. */
    private final List<Stranger> strangers = new ArrayList<>();

    private volatile boolean owner;
    /** It decides only when it has read up to here; -1 while that is not known. */
    private long until = -1;

    /**
     * Connects; waits for the broker, but not yet for the topic.
     *
     * @param instance tells the registrars of an installation apart and is stable over restarts, such as a host name
     */
    public Registrar(KafkaConnection connection, Meters meters, String instance) {
        this.connection = connection;
        this.meters = meters;
        told = new PassedOver("registrar", meters);
        partition = new TopicPartition(connection.names().models(), 0);
        Map<String, Object> own = GroupMember.settings(connection.names().role("registrar"), "earliest");
        own.put("max.poll.records", "500");
        own.put("fetch.max.wait.ms", "100");
        consumer = connection.consumer(own);
        transactions = new Transactions(
                connection, connection.names().role("registrar-" + instance), Map.of("max.request.size", 4 << 20));
    }

    /** Waits for the topic, saying so. */
    public void onStart() throws InterruptedException {
        TopicTail.await(consumer, partition.topic());
        consumer.subscribe(List.of(partition.topic()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                owner = false;
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                owner = assigned.contains(partition);
                if (owner) begin();
            }
        });
    }

    private void begin() {
        strangers.clear();
        log = new ModelLog(version -> false);
        until = -1;
        consumer.seekToBeginning(List.of(partition));
    }

    /**
     * Reads one poll and decides what waits.
     *
     * @return records written
     */
    public int doWork() {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> r : records) take(r);
            if (!owner || !caughtUp()) return 0;
        } catch (RetriableException e) {
            LOG.warn("the broker does not answer for now: {}", e.toString());
            return 0;
        }
        if (log.offers().isEmpty() && log.commands().isEmpty() && strangers.isEmpty()) return 0;
        return decide();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String why = log.apply(record.key(), record.value(), record.timestamp());
        if (why == null || record.value() == null) return;
        strangers.add(new Stranger(record, why));
    }

    /** Leaves out those that an earlier registrar has dealt with: the group's place is behind them. */
    private void forgetDealtWith() {
        OffsetAndMetadata place = strangers.isEmpty()
                ? null
                : consumer.committed(Set.of(partition)).get(partition);
        if (place != null) strangers.removeIf(stranger -> stranger.record.offset() < place.offset());
    }

    /**
     * To the dead letters with them. What they displaced is written again, so that it survives compaction; where there was nothing,
     * a tombstone goes to the key that the record has. A chunk is left alone: who reads it checks its hash.
     */
    private void send(Producer<byte[], byte[]> producer, Stranger stranger) {
        ConsumerRecord<byte[], byte[]> record = stranger.record;
        producer.send(DeadLetter.of(record, "registrar", MALFORMED, PassedOver.cut(stranger.why))
                .record(connection.names().deadLetters(), record.key(), record.value()));
        if (record.key() == null) return;
        String key = new String(record.key(), StandardCharsets.UTF_8);
        byte[] kept = log.kept(key);
        if (kept == null && key.startsWith("chunk/")) return;
        sent.add(producer.send(new ProducerRecord<>(partition.topic(), 0, record.key(), kept)));
    }

    private boolean caughtUp() {
        if (until < 0) until = TopicTail.written(connection, partition);
        return consumer.position(partition) >= until;
    }

    private int decide() {
        Decisions decisions = new Decisions(log);
        Map<String, byte @Nullable []> writes = decisions.decide();
        Map<TopicPartition, OffsetAndMetadata> offsets =
                Map.of(partition, new OffsetAndMetadata(consumer.position(partition)));
        sent.clear();
        forgetDealtWith();
        boolean committed = transactions.commit(consumer, offsets, producer -> {
            strangers.forEach(stranger -> send(producer, stranger));
            send(producer, writes);
        });
        if (!committed || !readBack()) {
            LOG.warn("a decision was not committed; the registry is read again");
            begin();
            return 0;
        }
        for (Stranger stranger : strangers) {
            told.tell(stranger.record, stranger.why);
            meters.counter(MeterName.DEAD_LETTERS, "-", MALFORMED).increment();
        }
        strangers.clear();
        decisions.entries().forEach(this::tell);
        return writes.size();
    }

    private void send(Producer<byte[], byte[]> producer, Map<String, byte @Nullable []> writes) {
        writes.forEach((key, value) -> sent.add(producer.send(
                new ProducerRecord<>(partition.topic(), 0, key.getBytes(StandardCharsets.UTF_8), value))));
    }

    /** Decides no further before its own records have come back. */
    private boolean readBack() {
        try {
            for (Future<RecordMetadata> future : sent)
                until = Math.max(until, future.get().offset() + 1);
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void tell(AuditEntry entry) {
        String result = entry.refused().isEmpty() ? "done" : "refused";
        meters.counter(
                        MeterName.REGISTRY_DECISIONS,
                        entry.model().stream(),
                        entry.change().action(),
                        result)
                .increment();
        LOG.info(
                "{} {}@{} by {}: {} -> {}{}",
                entry.change().action(),
                entry.model(),
                entry.change().version(),
                entry.request().who(),
                entry.change().before(),
                entry.change().after(),
                entry.refused().isEmpty() ? "" : "; refused: " + entry.refused());
    }

    /** Whether this registrar is the one that decides; safe for any thread. */
    public boolean decides() {
        return owner;
    }

    /** Starts, works while told to, and closes. */
    public void run(BooleanSupplier running) throws InterruptedException {
        try {
            onStart();
            while (running.getAsBoolean()) doWork();
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        consumer.close();
        transactions.close();
    }
}
