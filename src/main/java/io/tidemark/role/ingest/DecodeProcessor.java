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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Reads each record of the input topic for every stream that watches it: a good event goes on under its series' key. */
final class DecodeProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Duration TELL = Duration.ofSeconds(10);

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
        final IngestMeters meters;
        final @Nullable FeatureWatch watch;
        final FeatureWatch.Seen seen;
        private @Nullable Record<byte[], byte[]> record;
        private boolean frameWaits;

        Watcher(StreamSpec spec, Meters meters, @Nullable FeatureWatch watch, InstantSource clock) {
            stream = spec.name();
            boolean images = spec.input().image().isPresent();
            rows = images ? null : new EventDecoder(spec, clock);
            frames = images ? new ImageEventDecoder(spec) : null;
            event = new DecodedEvent(spec.features());
            this.meters = new IngestMeters(meters, stream);
            this.watch = watch;
            seen = new FeatureWatch.Seen(spec.features());
        }

        /** Takes a record; each {@link #next} then gives one of its events. */
        void open(Record<byte[], byte[]> record) {
            this.record = record;
            frameWaits = frames != null;
            if (rows != null) rows.open(record.key(), record.value(), name -> header(record, name), record.timestamp());
        }

        /** Fills the event; false when the record has no further one. */
        boolean next() {
            if (rows != null) return rows.next(event);
            boolean waits = frameWaits;
            frameWaits = false;
            return waits;
        }

        /** Why the event is rejected, or null; for frames this is where it is read. */
        @Nullable
        Refusal refusal() {
            if (rows != null) {
                RejectReason reason = rows.reason();
                return reason == null ? null : new Refusal(reason, rows.detail());
            }
            Record<byte[], byte[]> from = Objects.requireNonNull(record);
            return Objects.requireNonNull(frames)
                    .decode(from.key(), from.value(), name -> header(from, name), from.timestamp(), event);
        }

        /** Counts values that are missing because of what they were. */
        void count() {
            if (rows == null || rows.badValues() == 0) return;
            meters.outsideValues.increment(rows.outsideValues());
            meters.badValues.increment(rows.badValues() - rows.outsideValues());
        }

        private static byte @Nullable [] header(Record<byte[], byte[]> record, String name) {
            Header newest = record.headers().lastHeader(name);
            return newest == null ? null : newest.value();
        }
    }

    /** @param watches of the features of each stream of rows, shared by all tasks */
    DecodeProcessor(String topic, List<StreamSpec> streams, Map<String, FeatureWatch> watches, Meters meters) {
        this.topic = topic;
        this.meters = meters;
        for (StreamSpec stream : streams) {
            watchers.add(new Watcher(stream, meters, watches.get(stream.name()), this::now));
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(Objects.requireNonNull(context).currentSystemTimeMs());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        outcomes = new EventOutcomes(
                context, topic, IngestTopology.DECODE_SCORES, IngestTopology.DECODE_DEAD_LETTERS, meters);
        context.schedule(TELL, PunctuationType.WALL_CLOCK_TIME, this::tell);
    }

    private void tell(long nowMs) {
        for (Watcher watcher : watchers) if (watcher.watch != null) watcher.watch.add(watcher.seen, nowMs);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], byte[]> target = Objects.requireNonNull(context);
        RecordMetadata origin = target.recordMetadata().orElseThrow();
        for (Watcher watcher : watchers) {
            watcher.open(record);
            while (watcher.next()) take(watcher, record, origin, target);
        }
    }

    private void take(
            Watcher watcher,
            Record<byte[], byte[]> record,
            RecordMetadata origin,
            ProcessorContext<byte[], byte[]> target) {
        DecodedEvent event = watcher.event;
        event.partition = origin.partition();
        event.offset = origin.offset();
        Refusal refusal = watcher.refusal();
        if (refusal != null && refusal.reason() == RejectReason.OTHER_KIND) {
            watcher.meters.passedOver.increment();
            return;
        }
        watcher.meters.events.increment();
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
            return;
        }
        if (watcher.watch != null) watcher.seen.event(event.feature, event.values());
        watcher.count();
        byte[] key = TopicNames.key(watcher.stream, event.series).getBytes(StandardCharsets.UTF_8);
        byte[] value = EventRecord.encode(wire, watcher.stream, event);
        target.forward(new Record<>(key, value, target.currentSystemTimeMs()), IngestTopology.TO_EVENTS);
    }

    @Override
    public void close() {
        for (Watcher watcher : watchers) {
            if (watcher.frames != null) watcher.frames.close();
        }
    }
}
