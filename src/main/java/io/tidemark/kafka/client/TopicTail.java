package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the committed records of a partition from its beginning, without a group, and knows when it has reached the end. */
public final class TopicTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration ASK = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaConnection connection;
    private final TopicPartition partition;
    private long end = -1;

    /** Takes one record. */
    public interface Sink {
        void record(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * Waits until the topic is there, saying so, and opens it.
     *
     * @throws InterruptedException when the thread is told to stop while it waits
     */
    public TopicTail(KafkaConnection connection, String topic, int partition) throws InterruptedException {
        this.connection = connection;
        this.partition = new TopicPartition(topic, partition);
        this.consumer = connection.consumer(Map.of(
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "max.poll.records", "500",
                "fetch.max.wait.ms", "200"));
        try {
            await(consumer, topic);
            consumer.assign(List.of(this.partition));
            consumer.seekToBeginning(List.of(this.partition));
        } catch (InterruptedException | RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Waits until a topic is there, saying so about every ten seconds; returns its partition count. */
    public static int await(Consumer<byte[], byte[]> consumer, String topic) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                List<PartitionInfo> found = consumer.partitionsFor(topic, Duration.ofSeconds(5));
                if (found != null && !found.isEmpty()) return found.size();
            } catch (UnknownTopicOrPartitionException | TimeoutException e) {
                LOG.debug("topic {} is not there yet", topic, e);
            }
            if (tries % 20 == 0) {
                LOG.warn("waiting for topic {}; create it with: tidemark streams apply", topic);
            }
            Thread.sleep(500);
        }
    }

    /**
     * Hands over what has arrived.
     *
     * @return records handed over
     */
    public int poll(Duration wait, Sink sink) {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            sink.record(record);
            count++;
        }
        return count;
    }

    /**
     * Whether everything that was written when this was first asked has been handed over or was given up by its writer. A commit
     * returns before its records show to readers of committed records: this waits for them, and so for transactions that are open.
     */
    public boolean caughtUp() {
        if (end < 0) end = written(connection, partition);
        return consumer.position(partition, ASK) >= end;
    }

    /** The end of a partition, records of open transactions included. */
    public static long written(KafkaConnection connection, TopicPartition partition) {
        try (Admin admin = connection.admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(ASK.toSeconds(), TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            Throwable cause = e.getCause();
            if (cause instanceof KafkaException kafka) throw kafka;
            throw new TimeoutException("the end of " + partition + " cannot be asked for: " + e, e);
        }
    }

    /** Hands over everything up to the present end. */
    public void drain(Sink sink) {
        while (!caughtUp()) poll(Duration.ofMillis(100), sink);
    }

    /** Makes a poll that waits in another thread return; the only call that another thread may make. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
