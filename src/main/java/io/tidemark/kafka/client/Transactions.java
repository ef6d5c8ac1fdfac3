package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a role reads and what it writes, committed together or not at all.
 *
 * <ol>
 *   <li>{@link #commit} sends records and the consumed offsets in one transaction. False means that nothing of it happened, or
 *       that it is unknown: {@link #rewind} then puts the consumer where the group really stands.
 *   <li>A broker that is away is waited for, with growing pauses of at most five seconds.
 *   <li>Another process with the same transactional id ends this one: the exception is thrown, in whichever of its ways the
 *       broker says so. When the transaction is older than its timeout, the broker's own expiry explains it, and the producer
 *       is opened anew.
 * </ol>
 *
 * <p>Owned by one thread.
 */
public final class Transactions implements AutoCloseable {
    /** How long the broker keeps an open transaction of a process that has died. */
    public static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final long PAUSE_MS_MAX = 5_000;

    /** How a transaction stands that another process has aborted, on its way and afterwards. */
    private static final Set<TransactionState> ENDED_UNASKED = EnumSet.of(
            TransactionState.PREPARE_EPOCH_FENCE,
            TransactionState.PREPARE_ABORT,
            TransactionState.COMPLETE_ABORT,
            TransactionState.EMPTY);

    /** Sends the records of a transaction. */
    public interface Sends {
        void to(Producer<byte[], byte[]> producer);
    }

    private final KafkaConnection connection;
    private final String id;
    private final Map<String, Object> settings;
    private Producer<byte[], byte[]> producer;
    private int failures;

    /**
     * Opens the producer and ends whatever a predecessor of the same id left open; waits for the broker.
     *
     * @param id stable over restarts of a process, and no other process's
     * @param own further producer settings
     */
    public Transactions(KafkaConnection connection, String id, Map<String, ?> own) {
        this.connection = connection;
        this.id = id;
        settings = new HashMap<>(own);
        settings.put("transactional.id", id);
        settings.put("transaction.timeout.ms", Long.toString(TIMEOUT.toMillis()));
        settings.put("delivery.timeout.ms", "30000");
        settings.put("request.timeout.ms", "10000");
        settings.put("max.block.ms", "15000");
        producer = open();
    }

    /** For meters; changes when the producer is opened anew. */
    public Producer<byte[], byte[]> producer() {
        return producer;
    }

    /**
     * Opens a producer for transactions of the caller's own, and ends whatever a predecessor of the same id left open. The caller closes it.
     *
     * @param own further producer settings
     * @throws TransactionalIdAuthorizationException when the broker does not let it, naming the id as the broker does not
     */
    public static Producer<byte[], byte[]> producer(KafkaConnection connection, String id, Map<String, ?> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put("transactional.id", id);
        Producer<byte[], byte[]> producer = connection.producer(settings);
        try {
            initialise(producer, id);
            return producer;
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    private static void initialise(Producer<?, ?> producer, String id) {
        try {
            producer.initTransactions();
        } catch (TransactionalIdAuthorizationException e) {
            TransactionalIdAuthorizationException named =
                    new TransactionalIdAuthorizationException("Not authorized to use transactional id " + id
                            + ": it needs Write and Describe (tidemark streams acl)");
            named.initCause(e);
            throw named;
        }
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> fresh = connection.producer(settings);
        while (true) {
            try {
                initialise(fresh, id);
                return fresh;
            } catch (TimeoutException e) {
                LOG.warn("waiting for the broker to open transactions of {}: {}", id, e.getMessage());
                if (Thread.currentThread().isInterrupted()) {
                    fresh.close(Duration.ZERO);
                    throw new InterruptException("told to stop while waiting for the broker");
                }
            } catch (RuntimeException e) {
                fresh.close(Duration.ZERO);
                throw e;
            }
        }
    }

    /**
     * Commits records and offsets.
     *
     * @param offsets the next offset to read of each partition that was read
     * @param sends sends the records
     * @return false when the transaction was given up and the consumer must be rewound
     * @throws ProducerFencedException when another process has this id
     */
    public boolean commit(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> offsets, Sends sends) {
        long began = System.nanoTime();
        boolean ending = false;
        try {
            producer.beginTransaction();
            sends.to(producer);
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            ending = true;
            producer.commitTransaction();
            failures = 0;
            return true;
        } catch (AuthorizationException
                | AuthenticationException
                | UnsupportedVersionException
                | RecordTooLargeException
                | InterruptException e) {
            throw e;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            if (!mayHaveExpired(began)) throw e;
            giveUp(e, began);
            return false;
        } catch (KafkaException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) throw tooLarge;
            if (ending && !(e instanceof TimeoutException) && !mayHaveExpired(began) && endedByAnother(e)) {
                throw fenced(e);
            }
            giveUp(e, began);
            return false;
        }
    }

    /** Whether a transaction is over that its producer wanted to commit, because another producer has its id or the cluster ended it; it may be committed. */
    public static boolean endedOne(KafkaException failure) {
        return isFenced(failure) || RootCause.isOfOneTransaction(failure);
    }

    private static boolean isFenced(KafkaException failure) {
        return failure instanceof ProducerFencedException || failure instanceof InvalidProducerEpochException;
    }

    private static boolean mayHaveExpired(long began) {
        return System.nanoTime() - began >= TIMEOUT.toNanos() - 1_000_000_000L;
    }

    /**
     * Whether the coordinator has ended, by an abort that this process did not ask for, a transaction that this process wanted to
     * commit. A broker that is just giving the id to another process answers in several ways: with an invalid state, with an
     * unexpected error (Kafka 4.3), or by fencing. Opening the producer anew on any of them would fence the newer process.
     */
    private boolean endedByAnother(KafkaException answer) {
        if (answer instanceof InvalidTxnStateException) return true;
        try (Admin admin = connection.admin()) {
            TransactionState state = admin.describeTransactions(
                            List.of(id), new DescribeTransactionsOptions().timeoutMs(5_000))
                    .description(id)
                    .get()
                    .state();
            LOG.debug("the transaction of {} is {} after {}", id, state, answer.toString());
            return ENDED_UNASKED.contains(state);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            LOG.debug("the broker does not describe the transaction of {}", id, e);
            return false;
        }
    }

    private ProducerFencedException fenced(KafkaException answer) {
        ProducerFencedException fenced =
                new ProducerFencedException("another process has taken over the transactional id " + id);
        fenced.initCause(answer);
        return fenced;
    }

    private void giveUp(KafkaException why, long began) {
        LOG.warn("a transaction of {} is given up and tried again: {}", id, why.toString());
        if (why instanceof CommitFailedException) {
            try {
                producer.abortTransaction();
                return;
            } catch (KafkaException e) {
                if (isFenced(e) && !mayHaveExpired(began)) throw e;
                LOG.debug("the transaction cannot be aborted either", e);
            }
        }
        producer.close(Duration.ZERO);
        pause();
        producer = open();
    }

    private void pause() {
        long millis = Math.min(PAUSE_MS_MAX, 100L << Math.min(10, failures++));
        connection.clients().pause(Duration.ofMillis(millis));
    }

    /** Puts the consumer at the group's committed offsets, or at those given where the group has none. */
    public void rewind(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> otherwise) {
        while (true) {
            try {
                Set<TopicPartition> assigned = consumer.assignment();
                Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned);
                for (TopicPartition partition : assigned) {
                    OffsetAndMetadata at = committed.get(partition);
                    Long other = otherwise.get(partition);
                    if (at != null) consumer.seek(partition, at.offset());
                    else if (other != null) consumer.seek(partition, other);
                }
                return;
            } catch (TimeoutException e) {
                LOG.warn("waiting for the broker to tell the offsets of {}: {}", id, e.getMessage());
                pause();
            }
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
