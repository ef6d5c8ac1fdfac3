package io.tidemark.registry;

import io.tidemark.broker.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the committed records of a partition from its beginning, without a group, and knows when it has reached the end. */
public final class TopicTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration ASK = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
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
    public static int await(KafkaConsumer<byte[], byte[]> consumer, String topic) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                List<PartitionInfo> found = consumer.partitionsFor(topic, Duration.ofSeconds(5));
                if (found != null && !found.isEmpty()) return found.size();
            } catch (UnknownTopicOrPartitionException | org.apache.kafka.common.errors.TimeoutException e) {
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

    /** Whether everything that was committed when this was first asked has been handed over. */
    public boolean caughtUp() {
        if (end < 0) {
            end = consumer.endOffsets(List.of(partition), ASK).getOrDefault(partition, 0L);
        }
        return consumer.position(partition, ASK) >= end;
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
