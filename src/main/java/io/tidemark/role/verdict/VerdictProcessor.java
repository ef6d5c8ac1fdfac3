package io.tidemark.role.verdict;

import io.tidemark.config.StaleRule;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.feedback.FeedbackReason;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.judge.outcome.FeatureNames;
import io.tidemark.judge.outcome.Forecast;
import io.tidemark.judge.outcome.OutcomeWriter;
import io.tidemark.judge.outcome.Outcomes;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.judge.outcome.StoredVerdict;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.judge.outcome.VerdictScratch;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import io.tidemark.series.window.Population;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges the inferences of one task, in their order, and takes the labels of its series; one for each task. */
final class VerdictProcessor implements Processor<byte[], byte[], byte[], byte[]>, Outcomes {
    /** How often the wall clock is asked for silences. */
    private static final Duration SILENCE_EVERY = Duration.ofSeconds(1);

    /** How often the strangest series are shown to the meters. */
    private static final Duration STRANGEST_EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(VerdictProcessor.class);

    private static final String MALFORMED = "malformed-inference";
    private static final String UNKNOWN_STREAM = "unknown-stream";

    private final Map<String, Stream> streams = new HashMap<>();
    private final String labels;
    private final int partitions;
    private final Meters meters;
    private final InstantSource clock;
    private final OutcomeWriter writer = new OutcomeWriter();
    private final Wire gate = Wire.writer(128);
    private final Inference inference = new Inference();
    private final Score rejected = new Score();

    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable DeadLetters dead;
    private @Nullable SeriesStore store;
    private byte @Nullable [] key;
    private long timestamp;
    /** When the record at hand was taken. */
    private long nowMs;

    private @Nullable Stream present;

    /** A declared stream: how it is judged, its meters, and the open alerts of this task. */
    private static final class Stream {
        final VerdictPlan plan;
        final VerdictScratch scratch;
        final VerdictMeters meters;
        /** Key of its alerts in the inbox of incidents. */
        final byte[] group;
        /** The series that hold state here; which of them teach, ingest decides. */
        final Population population;

        final StaleWatch silence = new StaleWatch();
        final StrangestSeries strangest = new StrangestSeries();

        int openAlerts;
        boolean saidLost;

        Stream(StreamSpec spec, VerdictMeters meters) {
            plan = new VerdictPlan(spec);
            scratch = new VerdictScratch(plan);
            group = spec.incidentGroup().getBytes(StandardCharsets.UTF_8);
            this.meters = meters;
            long expireMs = spec.limits().expire().toMillis();
            population = new Population(Integer.MAX_VALUE, 0, expireMs, expireMs, 0);
        }

        void addOpenAlerts(int change) {
            openAlerts += change;
            meters.alertsOpen.add(change);
        }
    }

    /**
     * @param labels the topic whose records are labels; those of the other one are inferences
     * @param partitions tasks that share the series of a stream, at least 1
     */
    VerdictProcessor(Iterable<StreamSpec> specs, String labels, int partitions, Meters meters, InstantSource clock) {
        this.labels = labels;
        this.partitions = partitions;
        for (StreamSpec spec : specs) {
            streams.put(spec.name(), new Stream(spec, new VerdictMeters(meters, spec.name())));
        }
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        dead = new DeadLetters(context, VerdictTopology.DEAD_LETTERS, meters);
        store = context.getStateStore(VerdictTopology.STORE);
        for (Stream stream : streams.values()) {
            stream.population.clear();
            stream.silence.clear();
            stream.strangest.clear();
        }
        Objects.requireNonNull(store).forEachStored((key, open, newestMs, stale) -> {
            int slash = key.indexOf('/');
            Stream stream = streams.get(key.substring(0, slash));
            if (stream == null) return;
            stream.population.restore(key.substring(slash + 1), newestMs, false);
            long silenceMs = StoredVerdict.silenceMs(stream.plan, stale);
            stream.silence.restore(key.substring(slash + 1), newestMs, silenceMs);
            stream.addOpenAlerts(open);
        });
        nowMs = clock.millis();
        for (Stream stream : streams.values()) stream.silence.begin(nowMs);
        boolean watched = streams.values().stream().anyMatch(s -> !s.plan.idle().equals(StaleRule.NONE));
        context.schedule(STRANGEST_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> strangest());
        if (watched) context.schedule(SILENCE_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> silences());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        key = record.key();
        timestamp = record.timestamp();
        if (labels.equals(
                Objects.requireNonNull(context).recordMetadata().orElseThrow().topic())) {
            label(record);
        } else {
            judge(record);
        }
    }

    private void judge(Record<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            deadLetter(record, "", MALFORMED, "the record has no value");
            return;
        }
        try {
            inference.decode(value);
            RecordKey.check(record.key(), inference.step.stream, inference.step.series);
        } catch (MalformedRecordException e) {
            deadLetter(record, "", MALFORMED, String.valueOf(e.getMessage()));
            return;
        }
        Step step = inference.step;
        Stream stream = streams.get(step.stream);
        if (stream == null) {
            unknownStream(step, record);
            return;
        }
        SeriesStore.Series series = Objects.requireNonNull(store).touch(stream.plan, stream.scratch, step.series);
        key = series.key;
        present = stream;
        nowMs = clock.millis();
        stream.scratch.seriesOfStream((long) partitions * stream.population.size());
        series.verdict.judge(inference, nowMs, this);
        // 0 and -1 say that the producer set no timestamp
        if (step.producedMs > 0) {
            stream.meters.endToEnd.record(Math.max(0, nowMs - step.producedMs), TimeUnit.MILLISECONDS);
        }
        stream.population.seen(step.series, step.timeMs, nowMs);
        stream.silence.seen(step.series, step.timeMs, series.verdict.silenceMs(), nowMs);
        if (stream.population.isReviewDue()) stream.population.review(new Expiry(stream));
        if (stream.silence.isReviewDue()) stream.silence.review(silent -> stale(stream, silent));
    }

    /** Looks for series that are silent while nothing comes that could show it. */
    private void silences() {
        timestamp = Objects.requireNonNull(context).currentSystemTimeMs();
        for (Stream stream : streams.values()) {
            stream.silence.reviewByWall(clock.millis(), silent -> stale(stream, silent));
        }
    }

    private void strangest() {
        nowMs = clock.millis();
        for (Stream stream : streams.values()) stream.meters.strangest.show(stream, stream.strangest.now(nowMs));
    }

    private void stale(Stream stream, String name) {
        SeriesStore.Series series = Objects.requireNonNull(store).touch(stream.plan, stream.scratch, name);
        key = series.key;
        present = stream;
        series.verdict.silent(this);
    }

    /** Forgets series that have been silent for too long. */
    private final class Expiry implements Population.Review {
        private final Stream stream;

        Expiry(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void retired(Population.Member member) {}

        @Override
        public void expired(Population.Member member) {
            SeriesStore slots = Objects.requireNonNull(store);
            String name = stream.plan.name();
            SeriesStore.Series series = slots.touch(stream.plan, stream.scratch, member.series());
            key = series.key;
            present = stream;
            series.verdict.expire(VerdictProcessor.this);
            stream.silence.forget(member.series());
            slots.remove(name, member.series());
        }
    }

    private void label(Record<byte[], byte[]> record) {
        if (record.value() == null) return; // a label that was taken back below
        Label label;
        try {
            Feedback feedback = FeedbackDecoder.decode(record.value());
            if (!Arrays.equals(record.key(), feedback.key().getBytes(StandardCharsets.UTF_8))) {
                throw new FeedbackException(FeedbackReason.MALFORMED, "its key is not " + feedback.key());
            }
            label = feedback.toLabel();
        } catch (FeedbackException e) {
            deadLetter(record, "", e.reason().label(), e.sentence());
            return;
        }
        Stream stream = streams.get(label.stream());
        if (stream == null) {
            deadLetter(record, label.stream(), UNKNOWN_STREAM, "no stream of this name is declared here");
            return;
        }
        SeriesStore.Series series =
                Objects.requireNonNull(store).touchKnown(stream.plan, stream.scratch, label.series());
        if (series == null) {
            String reason = FeedbackReason.UNKNOWN_SERIES.label();
            dead().add(record, label.stream(), true, reason, "no step of this series has been judged");
            Objects.requireNonNull(context)
                    .forward(new Record<>(record.key(), null, timestamp), VerdictTopology.TAKEN_BACK);
            return;
        }
        key = series.key;
        present = stream;
        series.verdict.label(label, this);
        stream.meters.label(label).increment();
    }

    private DeadLetters dead() {
        return Objects.requireNonNull(dead);
    }

    /** Of a stream that is not known to be declared, so that its name is no label of a meter. */
    private void deadLetter(Record<byte[], byte[]> record, String stream, String reason, String detail) {
        dead().add(record, stream, false, reason, detail);
    }

    private void unknownStream(Step step, Record<byte[], byte[]> record) {
        deadLetter(record, step.stream, UNKNOWN_STREAM, "no stream of this name is declared here");
        rejected.begin(FeatureNames.NONE);
        rejected.stream = step.stream;
        rejected.series = step.series;
        rejected.timeMs = step.timeMs;
        rejected.status = ScoreStatus.REJECTED;
        rejected.reason = UNKNOWN_STREAM;
        rejected.events.set(step.events);
        forward(VerdictTopology.SCORES, writer.write(rejected));
    }

    private void forward(String sink, byte[] value) {
        Objects.requireNonNull(context).forward(new Record<>(key, value, timestamp), sink);
    }

    @Override
    public void score(Score score) {
        forward(VerdictTopology.SCORES, writer.write(score));
        Stream of = Objects.requireNonNull(present);
        of.meters.outcome(score.status).increment();
        if (score.status == ScoreStatus.SCORED) of.strangest.seen(score.series, score.returnLevel, nowMs);
    }

    @Override
    public void forecast(Forecast forecast) {
        forward(VerdictTopology.FORECASTS, writer.write(forecast));
        Objects.requireNonNull(present).meters.forecasts.increment();
    }

    @Override
    public void alert(Alert alert) {
        Stream of = Objects.requireNonNull(present);
        byte[] value = writer.write(alert);
        forward(VerdictTopology.ALERTS, value);
        Objects.requireNonNull(context).forward(new Record<>(of.group, value, timestamp), VerdictTopology.TO_GROUP);
        of.meters.alert(alert.state()).increment();
        of.addOpenAlerts(alert.state() == Alert.State.OPEN ? 1 : -1);
    }

    @Override
    public void calibrationLost() {
        Stream of = Objects.requireNonNull(present);
        of.meters.calibrationsLost.increment();
        if (of.saidLost) return;
        of.saidLost = true;
        LOG.warn(
                "stream {}: the stored calibration of series {} cannot be gone on with: it is of another version, of other settings or damaged."
                        + " The series warms up anew, as does each that tidemark_calibrations_lost_total counts",
                of.plan.name(),
                new String(Objects.requireNonNull(key), StandardCharsets.UTF_8));
    }

    @Override
    public void gate(Gate decided) {
        forward(VerdictTopology.GATES, decided.encode(gate));
    }

    @Override
    public void label(Label label) {
        forward(VerdictTopology.GATES, label.encode(gate));
    }

    @Override
    public void close() {
        for (Stream stream : streams.values()) {
            stream.addOpenAlerts(-stream.openAlerts);
            stream.meters.strangest.show(stream, Map.of());
        }
    }
}
