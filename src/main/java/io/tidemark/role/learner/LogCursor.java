package io.tidemark.role.learner;

import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed records of one partition forwards, range by range. */
final class LogCursor implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();

    LogCursor(KafkaConnection connection, String topic, int partition) {
        this.partition = new TopicPartition(topic, partition);
        consumer = connection.consumer(Map.of("auto.offset.reset", "none", "allow.auto.create.topics", "false"));
        consumer.assign(List.of(this.partition));
    }

    /** The oldest offset that is still there. */
    long earliest() {
        return consumer.beginningOffsets(List.of(partition), WITHIN).getOrDefault(partition, 0L);
    }

    void seek(long offset) {
        consumer.seek(partition, offset);
    }

    /**
     * Hands over the records of a range that is not before the last one.
     *
     * @throws BrokerException when the topic ends before the range does
     */
    void range(long from, long to, TopicTail.Sink sink) {
        long quietSince = System.nanoTime();
        while (true) {
            while (!read.isEmpty() && read.element().offset() < to) {
                ConsumerRecord<byte[], byte[]> record = read.remove();
                if (record.offset() >= from) sink.record(record);
                quietSince = System.nanoTime();
            }
            if (!read.isEmpty() || consumer.position(partition, WITHIN) >= to) return;
            consumer.poll(POLL).forEach(read::add);
            if (System.nanoTime() - quietSince > WITHIN.toNanos()) {
                throw new BrokerException(partition + " ends at " + consumer.position(partition, WITHIN)
                        + ", before the offset " + (to - 1) + " that a version names; was it created again?");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
