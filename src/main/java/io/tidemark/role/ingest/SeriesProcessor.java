package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.GridSpec;
import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import io.tidemark.series.window.Admission;
import io.tidemark.series.window.Population;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
import io.tidemark.series.window.WindowScratch;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Runs the series of one task: events and ticks in, samples and training rows out. */
final class SeriesProcessor implements Processor<byte[], byte[], byte[], byte[]>, SampleListener {
    private static final String NO_VALUE = "the original record has the value";
    private static final Duration TICK_MIN = Duration.ofMillis(100);
    private static final Duration TICK_MAX = Duration.ofSeconds(5);

    private final String topic;
    private final String ticks;
    private final Map<String, Stream> streams = new HashMap<>();
    private final Meters meters;
    private final Wire wire = Wire.writer(512);
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable PipelineStore store;
    private @Nullable EventOutcomes outcomes;
    /** Of streams that are not declared; all in one, since a name is a label. */
    private @Nullable IngestMeters unknown;

    /** The stream of the record at hand. */
    private @Nullable Stream present;

    private byte[] key = new byte[0];
    /** Until what waits in state of other generations has its outcome. */
    private @Nullable Cancellable earlier;

    /** One declared stream in this task. */
    private static final class Stream {
        final StreamSpec spec;
        final WindowPlan plan;
        final WindowScratch scratch;
        final DecodedEvent event;
        final IngestMeters meters;
        final boolean frames;
        final Population population;
        /** Of series whose steps silence closes. */
        final OpenSteps open;
        /** Stored series of another generation, until the first review. */
        final Set<String> earlier = new LinkedHashSet<>();

        Stream(StreamSpec spec, int contextRows, int partitions, Meters meters) {
            this.spec = spec;
            plan = new WindowPlan(spec, contextRows);
            scratch = new WindowScratch(plan);
            event = new DecodedEvent(spec.features());
            this.meters = new IngestMeters(meters, spec.name());
            meters.level(MeterName.SERIES_LIMIT, spec.name()).set(spec.limits().series());
            meters.level(MeterName.STEP_WAIT, spec.name()).set(stepWaitSeconds(spec.grid()));
            frames = spec.input().image().isPresent();
            population = Population.of(spec, partitions);
            open = new OpenSteps(spec);
        }

        /** In [0, 732 days]. */
        private static double stepWaitSeconds(GridSpec grid) {
            return grid.step().map(grid.lateness()::plus).orElse(Duration.ZERO).toMillis() / 1000.0;
        }

        /** Whether a frame has the declared shape. */
        boolean fits(DecodedEvent event) {
            Frame frame = event.frame;
            if (frame == null) return true;
            ImageSpec image = spec.input().image().orElseThrow();
            return frame.channels() == image.size().channels()
                    && frame.rows() == image.size().height()
                    && frame.columns() == image.size().width();
        }
    }

    /** @param partitions tasks that share the limits of a stream */
    SeriesProcessor(
            String topic,
            String ticks,
            List<StreamSpec> specs,
            ToIntFunction<StreamSpec> contextRows,
            int partitions,
            Meters meters) {
        this.topic = topic;
        this.ticks = ticks;
        this.meters = meters;
        for (StreamSpec spec : specs) {
            streams.put(spec.name(), new Stream(spec, contextRows.applyAsInt(spec), partitions, meters));
        }
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        outcomes = new EventOutcomes(context, topic, IngestTopology.SCORES, IngestTopology.DEAD_LETTERS, meters);
        PipelineStore pipelines = Objects.requireNonNull(context.getStateStore(IngestTopology.STORE));
        store = pipelines;
        close();
        long nowMs = context.currentSystemTimeMs();
        pipelines.forEachStored((name, series, head) -> {
            Stream stream = streams.get(name);
            if (stream == null) return;
            if (!stream.plan.isCurrent(head)) {
                stream.earlier.add(series);
                return;
            }
            stream.population.restore(series, stream.plan.newestMs(head), stream.plan.teaches(head));
            stream.meters.series.add(1);
            // a series that fell silent before a restart must close too
            if (stream.open.closes()) {
                SeriesPipeline stored = pipelines.look(stream.plan, stream.scratch, series);
                if (stored != null) stream.open.note(stored, nowMs);
            }
        });
        streams.values().stream()
                .flatMap(stream -> stream.spec.grid().idleClose().stream())
                .min(Duration::compareTo)
                .ifPresent(this::schedule);
        if (streams.values().stream().anyMatch(stream -> !stream.earlier.isEmpty())) {
            earlier = context.schedule(TICK_MIN, PunctuationType.WALL_CLOCK_TIME, now -> settleEarlier());
        }
    }

    /** Once: in {@link #init} nothing can be forwarded yet. */
    private void settleEarlier() {
        Objects.requireNonNull(earlier).cancel();
        for (Stream stream : streams.values()) {
            for (String series : List.copyOf(stream.earlier)) {
                if (!settle(stream, series)) continue;
                stream.earlier.remove(series);
                slots().remove(stream.spec.name(), series);
            }
        }
    }

    /** Rejects the events that wait in state of another generation: they never become a step. Whether there were any. */
    private boolean settle(Stream stream, String series) {
        DecodedEvent event = new DecodedEvent(1);
        event.series = series;
        int waiting = slots().forEachWaiting(stream.spec.name(), series, (partition, offset) -> {
            event.partition = partition;
            event.offset = offset;
            reject(stream.spec.name(), event, RejectReason.STREAM_CHANGED, stream.meters);
        });
        return waiting > 0;
    }

    private void schedule(Duration shortestIdle) {
        Duration every = shortestIdle.dividedBy(4);
        if (every.compareTo(TICK_MIN) < 0) every = TICK_MIN;
        if (every.compareTo(TICK_MAX) > 0) every = TICK_MAX;
        Objects.requireNonNull(context).schedule(every, PunctuationType.WALL_CLOCK_TIME, this::writeTicks);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata origin = Objects.requireNonNull(context).recordMetadata().orElseThrow();
        try {
            byte[] value = record.value();
            if (value == null) throw new MalformedRecordException("the record has no value");
            if (origin.topic().equals(ticks)) tick(record.key(), TickRecord.decode(value));
            else event(record.key(), value);
        } catch (MalformedRecordException e) {
            Objects.requireNonNull(outcomes).passOver(record, String.valueOf(e.getMessage()));
        }
    }

    private void event(byte @Nullable [] recordKey, byte[] value) {
        Wire reader = Wire.reader(value);
        String name = EventRecord.stream(reader);
        Stream stream = streams.get(name);
        if (stream == null) {
            DecodedEvent event = new DecodedEvent(1);
            EventRecord.read(value, reader, event, false);
            RecordKey.check(recordKey, name, event.series);
            if (unknown == null) unknown = new IngestMeters(meters, "-");
            reject(name, event, RejectReason.UNKNOWN_STREAM, unknown);
            return;
        }
        DecodedEvent event = stream.event;
        boolean same = EventRecord.read(value, reader, event, stream.frames);
        RecordKey.check(recordKey, name, event.series);
        if (!same || !stream.fits(event)) {
            reject(name, event, RejectReason.STREAM_CHANGED, stream.meters);
            return;
        }
        PipelineStore slots = slots();
        PipelineStore.Series series = slots.find(stream.plan, stream.scratch, event.series);
        Population.Member member = stream.population.find(event.series);
        if (member == null) {
            if (series == null && stream.population.isFull()) {
                reject(name, event, RejectReason.SERIES_LIMIT, stream.meters);
                return;
            }
            if (series == null && stream.earlier.remove(event.series)) {
                settle(stream, event.series);
                slots.remove(name, event.series);
            }
            if (series == null) series = slots.begin(stream.plan, stream.scratch, event.series);
            member = stream.population.begin(event.series, series.pipeline.teaches());
            stream.meters.series.add(1);
        }
        seat(stream, member, Objects.requireNonNull(series), event.timeMs);
        accept(stream, Objects.requireNonNull(series), event);
        review(stream);
    }

    /** Notes the event; a series that teaches from now on, or no more, is stored so. */
    private void seat(Stream stream, Population.Member member, PipelineStore.Series series, long timeMs) {
        Population.Member retired = stream.population.seen(member, timeMs, wallMs());
        if (retired != null) teachNoMore(stream, retired);
        if (series.pipeline.teaches() == member.teaches()) return;
        turnTo(stream, series);
        series.pipeline.teach(member.teaches(), this);
        slots().touch(series);
    }

    private void teachNoMore(Stream stream, Population.Member retired) {
        PipelineStore.Series series = slots().find(stream.plan, stream.scratch, retired.series());
        if (series == null) return;
        turnTo(stream, series);
        series.pipeline.teach(false, this);
        slots().touch(series);
    }

    /** Gives back what is held for series that have been silent for too long. */
    private void review(Stream stream) {
        if (!stream.population.isReviewDue()) return;
        PipelineStore slots = slots();
        for (String series : stream.earlier) {
            if (stream.population.find(series) == null) slots.remove(stream.spec.name(), series);
        }
        stream.earlier.clear();
        stream.population.review(new Population.Review() {
            @Override
            public void retired(Population.Member member) {
                teachNoMore(stream, member);
            }

            @Override
            public void expired(Population.Member member) {
                expire(stream, slots, member.series());
            }
        });
    }

    /** What waits of it has its outcome first. */
    private void expire(Stream stream, PipelineStore slots, String name) {
        PipelineStore.Series series = slots.find(stream.plan, stream.scratch, name);
        if (series != null) {
            turnTo(stream, series);
            series.pipeline.end(this);
            stream.open.forget(name);
            slots.remove(stream.spec.name(), name);
        }
        stream.meters.series.add(-1);
        stream.meters.expired.increment();
    }

    private void turnTo(Stream stream, PipelineStore.Series series) {
        key = series.key;
        present = stream;
    }

    private PipelineStore slots() {
        return Objects.requireNonNull(store);
    }

    private long wallMs() {
        return Objects.requireNonNull(context).currentSystemTimeMs();
    }

    private void accept(Stream stream, PipelineStore.Series series, DecodedEvent event) {
        turnTo(stream, series);
        slots().touch(series);
        Admission admission = series.pipeline.accept(event, this);
        stream.open.note(series.pipeline, wallMs());
        EventOutcomes out = Objects.requireNonNull(outcomes);
        switch (admission) {
            case JOINED -> {}
            case LATE -> out.status(stream.spec.name(), event, ScoreStatus.LATE, "", stream.meters);
            case DUPLICATE -> out.status(stream.spec.name(), event, ScoreStatus.DUPLICATE, "", stream.meters);
            case SAME_TIME -> reject(stream.spec.name(), event, RejectReason.SAME_TIME, stream.meters);
            case STEP_FULL -> reject(stream.spec.name(), event, RejectReason.STEP_FULL, stream.meters);
        }
    }

    private void reject(String stream, DecodedEvent event, RejectReason reason, IngestMeters counted) {
        Objects.requireNonNull(outcomes).reject(stream, event, reason, null, null, NO_VALUE, counted);
    }

    private void tick(byte @Nullable [] recordKey, TickRecord tick) {
        RecordKey.check(recordKey, tick.stream(), tick.series());
        Stream stream = streams.get(tick.stream());
        if (stream == null || stream.plan.stream().generation() != tick.generation()) return;
        PipelineStore.Series series = slots().find(stream.plan, stream.scratch, tick.series());
        if (series == null) return;
        turnTo(stream, series);
        if (!series.pipeline.closeIdle(tick.joined(), this)) return;
        slots().touch(series);
        stream.open.closed(series.pipeline);
    }

    private void writeTicks(long nowMs) {
        for (Stream stream : streams.values()) {
            stream.open.silent(nowMs, tick -> {
                byte[] series = TopicNames.key(tick.stream(), tick.series()).getBytes(UTF_8);
                Objects.requireNonNull(context)
                        .forward(new Record<>(series, tick.encode(wire), nowMs), IngestTopology.TICKS);
            });
        }
    }

    @Override
    public void sample(Step step, byte[] record) {
        forward(IngestTopology.SAMPLES, record);
    }

    @Override
    public void training(byte[] record) {
        forward(IngestTopology.TRAINING, record);
    }

    @Override
    public void givenUp(DecodedEvent event) {
        Stream stream = Objects.requireNonNull(present);
        reject(stream.spec.name(), event, RejectReason.TOO_FAR_FUTURE, stream.meters);
    }

    private void forward(String sink, byte[] record) {
        ProcessorContext<byte[], byte[]> target = Objects.requireNonNull(context);
        target.forward(new Record<>(key, record, target.currentSystemTimeMs()), sink);
    }

    @Override
    public void close() {
        for (Stream stream : streams.values()) {
            stream.meters.series.add(-stream.population.size());
            stream.population.clear();
            stream.open.clear();
            stream.earlier.clear();
        }
    }
}
