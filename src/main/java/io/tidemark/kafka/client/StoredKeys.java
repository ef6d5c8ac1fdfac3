package io.tidemark.kafka.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of a compacted topic that have a value, found by reading it whole, and deleted by tombstones in the partitions they lie in.
 *
 * <p>State that Kafka Streams keeps is brought up to such a topic's end at every start, so what is deleted while nobody runs is
 * forgotten. Used by one thread.
 *
 * @param keys by partition number
 */
public record StoredKeys(String topic, Map<Integer, List<byte[]>> keys) {
    public StoredKeys {
        keys = Map.copyOf(keys);
    }

    /** Those that are wanted; none where the topic does not exist. */
    public static StoredKeys find(KafkaConnection connection, String topic, Predicate<byte[]> wanted) {
        Map<Integer, Map<Bytes, Boolean>> found = new TreeMap<>();
        WholeTopic.read(connection, topic, record -> {
            if (record.key() == null || !wanted.test(record.key())) return;
            Map<Bytes, Boolean> of = found.computeIfAbsent(record.partition(), p -> new HashMap<>());
            if (record.value() == null) of.remove(Bytes.wrap(record.key()));
            else of.put(Bytes.wrap(record.key()), true);
        });
        Map<Integer, List<byte[]>> keys = new TreeMap<>();
        found.forEach((partition, of) -> {
            if (of.isEmpty()) return;
            List<byte[]> those = new ArrayList<>();
            of.keySet().forEach(key -> those.add(key.get()));
            keys.put(partition, those);
        });
        return new StoredKeys(topic, keys);
    }

    public int size() {
        return keys.values().stream().mapToInt(List::size).sum();
    }

    /** Writes a tombstone for each; returns when all are stored. @throws BrokerException when one was refused */
    public void delete(KafkaConnection connection) {
        if (size() == 0) return;
        List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            keys.forEach((partition, of) -> {
                for (byte[] key : of) sent.add(producer.send(new ProducerRecord<>(topic, partition, key, null)));
            });
            producer.flush();
            for (var one : sent) one.get();
        } catch (ExecutionException e) {
            throw new BrokerException("state on " + topic + " was not deleted: " + RootCause.sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while deleting state on " + topic, e);
        }
    }
}
