package io.tidemark.role.retrain;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
final class ConsumerGroupQueue extends HandQueue {
    private final Consumer<byte[], byte[]> consumer;
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
    @Nullable
    ConsumerRecord<byte[], byte[]> take(Duration within) {
        ConsumerRecord<byte[], byte[]> taken = null;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) taken = record;
        return taken;
    }

    @Override
    int deliveries(ConsumerRecord<byte[], byte[]> taken) {
        deliveries = taken.offset() == counted ? deliveries + 1 : 1;
        counted = taken.offset();
        consumer.pause(consumer.assignment());
        return deliveries;
    }

    @Override
    public boolean renew() {
        ConsumerRecord<byte[], byte[]> record = inHand();
        consumer.pause(consumer.assignment());
        consumer.poll(Duration.ZERO);
        if (consumer.assignment().contains(new TopicPartition(record.topic(), record.partition()))) return true;
        letGo();
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
        letGo();
        consumer.resume(consumer.paused());
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
