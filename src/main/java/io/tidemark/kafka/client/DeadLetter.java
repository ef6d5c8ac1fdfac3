package io.tidemark.kafka.client;

import io.tidemark.config.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used: where it came from, and one reason.
 *
 * <p>On the topic {@code dead-letters} it keeps its key and its value, cut to {@value #KEY_BYTES_MAX} and {@value #VALUE_BYTES_MAX} bytes; everything
 * else stands in headers, as UTF-8 text.
 *
 * @param topic of the original record
 * @param partition of the original record
 * @param offset of the original record
 * @param stream the stream it was meant for; empty when not known
 * @param role the role that gave it up, such as {@code ingest}
 * @param reason one token of a bounded number, for meters
 * @param detail a sentence for people, with no more of the record's content than the first characters of one field; may be empty
 */
public record DeadLetter(
        String topic, int partition, long offset, String stream, String role, String reason, String detail) {
    /** Bytes of a value that are kept: with key and headers the record stays within 1 MiB, Kafka's default limit. */
    public static final int VALUE_BYTES_MAX = (1 << 20) - (128 << 10);
    /** Bytes of a key that are kept. */
    public static final int KEY_BYTES_MAX = 64 << 10;

    public static final String TOPIC = "tidemark.topic";
    public static final String PARTITION = "tidemark.partition";
    public static final String OFFSET = "tidemark.offset";
    public static final String STREAM = "tidemark.stream";
    public static final String ROLE = "tidemark.role";
    public static final String REASON = "tidemark.reason";
    public static final String DETAIL = "tidemark.detail";
    /** Length of the original value in bytes; missing when it had none. */
    public static final String LENGTH = "tidemark.length";
    /** SHA-256 of the original value in hexadecimal; missing when it had none. */
    public static final String SHA256 = "tidemark.sha256";

    /** Of a record that a role gives up, whatever its stream. */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record, String role, String reason, String detail) {
        return new DeadLetter(record.topic(), record.partition(), record.offset(), "", role, reason, detail);
    }

    /**
     * What goes to the topic of dead letters.
     *
     * @param to the topic
     * @param key the original key
     * @param value the original value
     */
    public ProducerRecord<byte[], byte[]> record(String to, byte @Nullable [] key, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(to, cutKey(key), cut(value));
        headers(value).forEach((name, bytes) -> record.headers().add(name, bytes));
        return record;
    }

    /** The headers of the record, in order. */
    public Map<String, byte[]> headers(byte @Nullable [] value) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        put(headers, TOPIC, topic);
        put(headers, PARTITION, Integer.toString(partition));
        put(headers, OFFSET, Long.toString(offset));
        put(headers, STREAM, stream);
        put(headers, ROLE, role);
        put(headers, REASON, reason);
        put(headers, DETAIL, detail);
        if (value != null) {
            put(headers, LENGTH, Integer.toString(value.length));
            put(headers, SHA256, Sha256.hex(value));
        }
        return headers;
    }

    private static void put(Map<String, byte[]> headers, String name, String text) {
        if (!text.isEmpty()) headers.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The value as the topic keeps it: the same array when it is short enough. */
    public static byte @Nullable [] cut(byte @Nullable [] value) {
        return value == null || value.length <= VALUE_BYTES_MAX ? value : Arrays.copyOf(value, VALUE_BYTES_MAX);
    }

    /** The key as the topic keeps it: the same array when it is short enough. */
    public static byte @Nullable [] cutKey(byte @Nullable [] key) {
        return key == null || key.length <= KEY_BYTES_MAX ? key : Arrays.copyOf(key, KEY_BYTES_MAX);
    }
}
