package io.tidemark.role.ingest;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.image.decode.ImageEventDecoder;
import io.tidemark.image.decode.Refusal;
import io.tidemark.metrics.Meters;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Reads each record of the input topic for every stream that watches it: a good event goes on under its series' key. */
final class DecodeProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final String topic;
    private final Meters meters;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Wire wire = Wire.writer(512);
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable EventOutcomes outcomes;

    private static final class Watcher {
        final String stream;
        private final @Nullable EventDecoder rows;
        private final @Nullable ImageEventDecoder frames;
        final DecodedEvent event;
        final StreamMeters meters;

        Watcher(StreamSpec spec, Meters meters) {
            stream = spec.name();
            boolean images = spec.input().image().isPresent();
            rows = images ? null : new EventDecoder(spec);
            frames = images ? new ImageEventDecoder(spec) : null;
            event = new DecodedEvent(spec.features());
            this.meters = new StreamMeters(meters, stream);
        }

        /** Fills the event; why it is rejected, or null. */
        @Nullable
        Refusal decode(Record<byte[], byte[]> record) {
            if (frames != null) {
                return frames.decode(
                        record.key(), record.value(), name -> header(record, name), record.timestamp(), event);
            }
            RejectReason reason =
                    Objects.requireNonNull(rows).decode(record.key(), record.value(), record.timestamp(), event);
            return reason == null ? null : new Refusal(reason, "");
        }

        private static byte @Nullable [] header(Record<byte[], byte[]> record, String name) {
            Header newest = record.headers().lastHeader(name);
            return newest == null ? null : newest.value();
        }
    }

    DecodeProcessor(String topic, List<StreamSpec> streams, Meters meters) {
        this.topic = topic;
        this.meters = meters;
        for (StreamSpec stream : streams) watchers.add(new Watcher(stream, meters));
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        outcomes = new EventOutcomes(
                context, topic, IngestTopology.DECODE_SCORES, IngestTopology.DECODE_DEAD_LETTERS, meters);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], byte[]> target = Objects.requireNonNull(context);
        RecordMetadata origin = target.recordMetadata().orElseThrow();
        for (Watcher watcher : watchers) {
            watcher.meters.events.increment();
            DecodedEvent event = watcher.event;
            event.partition = origin.partition();
            event.offset = origin.offset();
            Refusal refusal = watcher.decode(record);
            if (refusal != null) {
                Objects.requireNonNull(outcomes)
                        .reject(
                                watcher.stream,
                                event,
                                refusal.reason(),
                                record.key(),
                                record.value(),
                                refusal.detail(),
                                watcher.meters);
                continue;
            }
            byte[] key = TopicNames.key(watcher.stream, event.series).getBytes(StandardCharsets.UTF_8);
            byte[] value = EventRecord.encode(wire, watcher.stream, event);
            target.forward(new Record<>(key, value, target.currentSystemTimeMs()), IngestTopology.TO_EVENTS);
        }
    }

    @Override
    public void close() {
        for (Watcher watcher : watchers) {
            if (watcher.frames != null) watcher.frames.close();
        }
    }
}
