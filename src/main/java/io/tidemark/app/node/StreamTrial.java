package io.tidemark.app.node;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.kafka.client.TopicEnds;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What would become of the newest records of a stream's topic. Nothing is created, written or committed. Owned by one thread. */
public final class StreamTrial {
    private static final int FEATURES_SHOWN = 4;
    private static final Duration POLL = Duration.ofMillis(200);

    private final StreamSpec stream;
    private final EventDecoder decoder;
    private final DecodedEvent event;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int badValues;
    private int outsideValues;

    /**
     * What became of one event of a record.
     *
     * @param outcome {@code event}, {@code passed over}, or why it was rejected
     * @param series empty where it is not known
     * @param timeMs event time; 0 where it is not known
     * @param detail its values, or why not
     */
    public record Row(int partition, long offset, String outcome, String series, long timeMs, String detail) {}

    /** @throws IllegalArgumentException for a stream of images */
    public StreamTrial(StreamSpec stream, InstantSource clock) {
        if (stream.input().image().isPresent()) {
            throw new IllegalArgumentException("stream " + stream.name() + " is of images; try is for rows of values");
        }
        this.stream = stream;
        decoder = new EventDecoder(stream, clock);
        event = new DecodedEvent(stream.features());
    }

    /**
     * Reads the newest committed records of all partitions, in the order of their timestamps.
     *
     * @param last records at most; at least 1
     * @param quiet reading ends when nothing has come for so long
     * @param sink gets each event of each record
     * @return how many records there were
     * @throws BrokerException when there is no such topic
     */
    public int read(KafkaConnection kafka, int last, Duration quiet, Consumer<Row> sink) {
        List<ConsumerRecord<byte[], byte[]>> records = newest(kafka, last, quiet);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            decoder.open(record.key(), record.value(), name -> header(record, name), record.timestamp());
            while (decoder.next(event)) sink.accept(row(record));
        }
        return records.size();
    }

    /** How many events came to what, by outcome. */
    public Map<String, Integer> outcomes() {
        return Collections.unmodifiableMap(outcomes);
    }

    /** Values that are not numbers, or not in their valid range, and would be missing. */
    public int badValues() {
        return badValues;
    }

    /** Of these, the numbers that are not in their valid range. */
    public int outsideValues() {
        return outsideValues;
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header newest = record.headers().lastHeader(name);
        return newest == null ? null : newest.value();
    }

    private Row row(ConsumerRecord<byte[], byte[]> record) {
        RejectReason reason = decoder.reason();
        String outcome = reason == null ? "event" : reason == RejectReason.OTHER_KIND ? "passed over" : reason.label();
        outcomes.merge(outcome, 1, Integer::sum);
        badValues += decoder.badValues();
        outsideValues += decoder.outsideValues();
        String bad = decoder.badValues() > 0 ? "; " + decoder.badDetail() : "";
        String detail = reason == null ? values() + bad : decoder.detail();
        return new Row(record.partition(), record.offset(), outcome, event.series, event.timeMs, detail);
    }

    private String values() {
        StringBuilder shown = new StringBuilder();
        int count = 0;
        for (int i = 0; i < event.values().length; i++) {
            if (event.feature != DecodedEvent.WIDE && event.feature != i) continue;
            if (count++ == FEATURES_SHOWN) return shown.append(" …").toString();
            double value = event.values()[i];
            shown.append(shown.isEmpty() ? "" : ", ")
                    .append(stream.input().fields().features().get(i).name())
                    .append(' ')
                    .append(Double.isNaN(value) ? "missing" : String.format(Locale.ROOT, "%.6g", value));
        }
        return shown.toString();
    }

    private List<ConsumerRecord<byte[], byte[]>> newest(KafkaConnection kafka, int last, Duration quiet) {
        String topic = stream.input().topic();
        Map<String, Object> settings = Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = kafka.consumer(settings)) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) throw new BrokerException("there is no topic " + topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = NewestRecords.seek(consumer, partitions, partition -> last);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long quietNanos = System.nanoTime();
            while (!ends.isEmpty() && System.nanoTime() - quietNanos < quiet.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records.add(record);
                    quietNanos = System.nanoTime();
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
            records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            return records.subList(Math.max(0, records.size() - last), records.size());
        }
    }
}
