package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.Silence;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.WholeTopic;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The topic {@code silences}: one partition, compacted, a silence under its id. One thread. */
public final class SilenceTopic implements AutoCloseable {
    private final Silences silences;
    private final PassedOver told;
    private final TopicTail tail;
    private boolean isNews;

    /**
     * Waits until the topic is there.
     *
     * @param silences takes what is read
     * @param told of records that are no silence
     * @throws InterruptedException when the thread is told to stop while it waits
     */
    SilenceTopic(KafkaConnection connection, Silences silences, PassedOver told) throws InterruptedException {
        this.silences = silences;
        this.told = told;
        tail = new TopicTail(connection, connection.names().silences(), 0);
    }

    /** The record that makes a silence. */
    public static ProducerRecord<byte[], byte[]> made(TopicNames names, Silence silence) {
        return record(names, silence.id(), silence.encode());
    }

    /** The record that ends the silence of an id. */
    public static ProducerRecord<byte[], byte[]> ended(TopicNames names, String id) {
        return record(names, id, null);
    }

    private static ProducerRecord<byte[], byte[]> record(TopicNames names, String id, byte @Nullable [] value) {
        return new ProducerRecord<>(names.silences(), 0, id.getBytes(UTF_8), value);
    }

    /** The silences that the topic holds now; none where there is no such topic. */
    public static Silences read(KafkaConnection connection) {
        Silences silences = new Silences();
        PassedOver told = new PassedOver("silence", null);
        WholeTopic.read(connection, connection.names().silences(), record -> take(record, silences, told));
        return silences;
    }

    /** Reads everything up to the present end. */
    void drain() {
        tail.drain(this::take);
    }

    /** Reads on without waiting; whether a silence has come or gone. */
    boolean poll() {
        isNews = false;
        tail.poll(Duration.ZERO, this::take);
        return isNews;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        isNews |= take(record, silences, told);
    }

    private static boolean take(ConsumerRecord<byte[], byte[]> record, Silences silences, PassedOver told) {
        try {
            if (record.key() == null) throw new IllegalArgumentException("the record has no key");
            silences.take(new String(record.key(), UTF_8), record.value());
            return true;
        } catch (IllegalArgumentException e) {
            told.tell(record, String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public void close() {
        tail.close();
    }
}
