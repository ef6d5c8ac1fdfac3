package io.tidemark.kafka.client;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes one record that a person asked for or that is lost for good otherwise, and waits until the broker has it. Not for streams of events. */
public final class AcknowledgedSend {
    private AcknowledgedSend() {}

    /**
     * Writes through a producer of its own.
     *
     * @return where the record lies
     * @throws BrokerException when it could not be written, naming the topic; its cause is a {@link KafkaException} where Kafka said why
     */
    public static RecordMetadata send(KafkaConnection connection, ProducerRecord<byte[], byte[]> record)
            throws InterruptedException {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            return send(producer, record);
        }
    }

    /**
     * Writes through a producer that stays the caller's.
     *
     * @throws BrokerException as above
     */
    public static RecordMetadata send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record)
            throws InterruptedException {
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw failed(record, e.getCause() == null ? e : e.getCause());
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // a producer that may write to no topic at all is refused as a whole, and its next send says so by itself
            throw failed(record, e);
        }
    }

    private static BrokerException failed(ProducerRecord<byte[], byte[]> record, Throwable why) {
        return new BrokerException("topic " + record.topic() + " could not be written: " + why.getMessage(), why);
    }
}
