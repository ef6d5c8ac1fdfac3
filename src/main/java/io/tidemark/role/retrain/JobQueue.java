package io.tidemark.role.retrain;

import io.tidemark.kafka.client.KafkaConnection;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A queue of jobs that many workers take from. A job that is taken and not finished within the lock time, because its worker
 * died, is given to another one. Owned by one thread.
 */
public interface JobQueue extends AutoCloseable {

    /**
     * A job in hand.
     *
     * @param key of the record
     * @param value of the record
     * @param deliveries how often it has been given out, this time included; at least 1
     * @param topic where it lies
     * @param partition where it lies
     * @param offset where it lies
     * @param queuedMs when it was first put on the queue; epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Delivery(byte[] key, byte[] value, int deliveries, String topic, int partition, long offset, long queuedMs) {
        static Delivery of(ConsumerRecord<byte[], byte[]> record, int deliveries) {
            return new Delivery(
                    record.key() == null ? new byte[0] : record.key(),
                    record.value() == null ? new byte[0] : record.value(),
                    deliveries,
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp());
        }
    }

    /** How long a job stays with a silent worker. */
    Duration LOCK = Duration.ofSeconds(30);

    /**
     * The installation's queue: a share group where the brokers have them, otherwise a consumer group.
     *
     * @throws InterruptedException when the thread is told to stop while it waits for the topic
     */
    static JobQueue open(KafkaConnection connection) throws InterruptedException {
        String group = connection.names().role("retrain");
        String topic = connection.names().jobs();
        return ShareGroupQueue.supported(connection)
                ? new ShareGroupQueue(connection, group, topic, LOCK)
                : new ConsumerGroupQueue(connection, group + "-consumers", topic);
    }

    /** The next job; empty when none came in time. Only when none is in hand. */
    Optional<Delivery> next(Duration within);

    /** Whether a job is in hand. */
    boolean holds();

    /** Says that the job in hand is being worked on; to be called several times within {@link #lock}. False: it is no longer ours. */
    boolean renew();

    /** The job in hand is done and never comes again. */
    void done();

    /** The job in hand shall be tried again, here or elsewhere. */
    void release();

    /** The job in hand can never be done. */
    void reject();

    /** How long a job stays with a worker that says nothing. */
    Duration lock();

    @Override
    void close();
}
