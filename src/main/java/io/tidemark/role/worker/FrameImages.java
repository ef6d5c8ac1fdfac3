package io.tidemark.role.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.series.sample.Step;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends the pictures of scored frames, in the partition of their samples and in the transaction of their inferences. */
final class FrameImages {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String anomalyMaps;
    private final String reconstructions;
    private final Map<String, String> inputs = new HashMap<>();

    FrameImages(TopicNames names, List<StreamSpec> streams) {
        anomalyMaps = names.anomalyMaps();
        reconstructions = names.reconstructions();
        for (StreamSpec stream : streams)
            inputs.put(stream.name(), stream.input().topic());
    }

    void send(Producer<byte[], byte[]> producer, PolledSample slot) {
        if (!slot.readable) return;
        send(producer, slot, anomalyMaps, "io.tidemark.anomaly-map", slot.pending.map);
        send(producer, slot, reconstructions, "io.tidemark.reconstruction", slot.pending.reconstruction);
    }

    private void send(Producer<byte[], byte[]> producer, PolledSample slot, String topic, String type, byte[] png) {
        if (png.length == 0) return;
        ConsumerRecord<byte[], byte[]> origin = slot.record();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, origin.partition(), origin.timestamp(), origin.key(), png);
        Step step = slot.pending.step;
        String input = inputs.getOrDefault(step.stream, "");
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", input + "-" + step.events.partition(0) + "@" + step.events.firstOffset(0));
        header(record, "ce_source", TopicNames.key(step.stream, step.series));
        header(record, "ce_type", type);
        header(record, "ce_time", TIME.format(Instant.ofEpochMilli(step.timeMs)));
        header(record, "content-type", "image/png");
        producer.send(record);
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(UTF_8));
    }
}
