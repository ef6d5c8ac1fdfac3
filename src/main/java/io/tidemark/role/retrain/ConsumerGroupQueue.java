package io.tidemark.role.retrain;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Jobs from a consumer group, for brokers without share groups. One member works at a time, because the topic has one partition;
 * the others stand by. Deliveries are counted by each worker for itself, so that a job that kills its worker comes again without
 * a limit.
 */
final class ConsumerGroupQueue implements JobQueue {
    private final Consumer<byte[], byte[]> consumer;
    private @Nullable ConsumerRecord<byte[], byte[]> hand;
    private long counted = -1;
    private int deliveries;

    ConsumerGroupQueue(KafkaConnection connection, String group, String topic) throws InterruptedException {
        consumer = connection.consumer(Map.of(
                "group.id", group,
                "auto.offset.reset", "earliest",
                "max.poll.records", "1",
                "session.timeout.ms", "10000",
                "heartbeat.interval.ms", "3000"));
        TopicTail.await(consumer, topic);
        consumer.subscribe(List.of(topic));
    }

    @Override
    public Optional<Delivery> next(Duration within) {
        if (hand != null) throw new IllegalStateException("a job is in hand; finish it first");
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) hand = record;
        ConsumerRecord<byte[], byte[]> taken = hand;
        if (taken == null) return Optional.empty();
        deliveries = taken.offset() == counted ? deliveries + 1 : 1;
        counted = taken.offset();
        consumer.pause(consumer.assignment());
        return Optional.of(Delivery.of(taken, deliveries));
    }

    @Override
    public boolean holds() {
        return hand != null;
    }

    @Override
    public boolean renew() {
        ConsumerRecord<byte[], byte[]> record = inHand();
        consumer.pause(consumer.assignment());
        consumer.poll(Duration.ZERO);
        if (consumer.assignment().contains(new TopicPartition(record.topic(), record.partition()))) return true;
        hand = null;
        return false;
    }

    @Override
    public void done() {
        ConsumerRecord<byte[], byte[]> record = inHand();
        try {
            consumer.commitSync(Map.of(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1)));
        } catch (CommitFailedException e) {
            // another member has it by now, and finds its report
        }
        goOn();
    }

    @Override
    public void release() {
        ConsumerRecord<byte[], byte[]> record = inHand();
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (consumer.assignment().contains(partition)) consumer.seek(partition, record.offset());
        goOn();
    }

    @Override
    public void reject() {
        done();
    }

    private void goOn() {
        hand = null;
        consumer.resume(consumer.paused());
    }

    private ConsumerRecord<byte[], byte[]> inHand() {
        if (hand == null) throw new IllegalStateException("no job is in hand");
        return hand;
    }

    @Override
    public Duration lock() {
        return LOCK;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
