package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.judge.outcome.Forecast;
import io.tidemark.judge.outcome.Outcomes;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.judge.outcome.SeriesVerdict;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.judge.outcome.VerdictScratch;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.window.Admission;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One series from event bytes to outcomes, through the classes that ingest, worker, verdict and learner run on.
 *
 * <p>Rows come in batches of {@value #BATCH_ROWS}: a batch is scored with the models there are, judged, and then taught. Learning so
 * follows the number of rows and nothing else, and no score depends on a later batch. One thread.
 */
final class SeriesFlow implements AutoCloseable {
    /** Rows that are scored by the same models. */
    static final int BATCH_ROWS = 256;

    /** Fewer rows that step back in time say nothing of the order of a file. */
    private static final int ROWS_BACKWARDS = 4;

    /** A first row that lies further ahead of the second has a wrong clock, or the rows run backwards. */
    private static final long FIRST_AHEAD_MS = Duration.ofDays(1).toMillis();

    private static final String ALONE =
            "beyond the series' newest row by more than max-future, and the next row goes back";

    private final RowReader reader;
    /** Reads the row after the one at hand, where that has to say whether this one's time is right. */
    private final RowReader peeks;

    private final SeriesPipeline pipeline;
    private final BatchScorer scorer;
    private final VerdictScratch scratch;
    private final SeriesVerdict verdict;
    private final @Nullable StreamLearner learner;
    private final List<byte[]> samples = new ArrayList<>();
    private final List<byte[]> training = new ArrayList<>();
    private final List<PendingSample> pending = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final Inference inference = new Inference();
    private final TrainingRows rows = new TrainingRows();
    private final Sink sink = new Sink();
    private final List<Alone> alone = new ArrayList<>();
    private final Map<String, NetworkState> models = new HashMap<>();
    private int versions;
    private @Nullable RowOutcomes outcomes;
    private long firstRow;
    private long number;
    private final long aheadMsMax;
    private @Nullable FileRow held;
    private @Nullable FileRow following;
    private long clockMs = Long.MIN_VALUE;
    private long newestMs = Long.MIN_VALUE;
    private long backwards;
    private long forwards;

    /** @param learns whether rows teach as they come; else the models stay as they are given */
    SeriesFlow(StreamSpec spec, List<Network> networks, Engine engine, String series, boolean learns) {
        reader = new RowReader(spec);
        peeks = new RowReader(spec);
        aheadMsMax = spec.grid().maxFuture().plus(spec.grid().lateness()).toMillis();
        int context = 1;
        for (Network network : networks)
            context = Math.max(context, network.spec().rowsToScore());
        pipeline = new WindowPlan(spec, context).begin(series, true);
        scorer = new BatchScorer(engine, networks, spec.features(), BATCH_ROWS);
        VerdictPlan judges = new VerdictPlan(spec);
        scratch = new VerdictScratch(judges);
        verdict = judges.open(series, scratch);
        learner = learns && !networks.isEmpty() ? new StreamLearner(spec, networks, engine) : null;
    }

    /** How many series the stream has, about, this one among them: they share its budget. */
    void seriesOfStream(long series) {
        scratch.seriesOfStream(series);
    }

    /** Also judges each network by itself, beside the verdict on all of them; to be called before the first row. */
    void judgeAlone(StreamSpec spec, String series) {
        for (String network : spec.networks()) {
            SeriesVerdict own = new VerdictPlan(spec.withNetworks(List.of(network))).open(series);
            alone.add(new Alone(network, own, new RowOutcomes(List.of())));
        }
    }

    /** The outcomes of each network by itself, in declared order; of the rows of the last {@link #run} with outcomes. */
    Map<String, RowOutcomes> alone() {
        Map<String, RowOutcomes> outcomesOf = new LinkedHashMap<>();
        for (Alone member : alone) outcomesOf.put(member.network, member.written);
        return outcomesOf;
    }

    /** Makes a model score from the next batch on. */
    void swap(String network, int version, NetworkState state) {
        versions = Math.max(versions, version);
        scorer.swap(network, version, state);
        models.put(network, state);
    }

    /** The weights that a network scores with; null before its first. */
    @Nullable
    NetworkState model(String network) {
        return models.get(network);
    }

    int alerts() {
        return sink.alert.opened();
    }

    /**
     * Runs every row of a file.
     *
     * @param file of one series, that of this flow
     * @param firstRow number of the file's first row: its event ids and, without a time of their own, its times follow from it
     * @param into receives the outcome of each row; null when they are not wanted
     * @return rows read
     */
    long run(SeriesFile file, StreamSpec spec, long firstRow, @Nullable RowOutcomes into) throws IOException {
        begin(firstRow, into);
        try (FileEvents events = new FileEvents(file, spec, firstRow)) {
            return FileRow.each(events, spec, this::row);
        }
    }

    /** Rows that follow are numbered from here on, and their outcomes go here. */
    void begin(long firstRow, @Nullable RowOutcomes into) {
        takeHeld(null);
        this.firstRow = firstRow;
        outcomes = into;
        number = firstRow;
    }

    /** Takes the next row; what becomes of the one before is known then. */
    void row(FileRow row) {
        takeHeld(row);
        held = row;
    }

    private void takeHeld(@Nullable FileRow next) {
        FileRow row = held;
        held = null;
        following = next;
        if (row != null) take(row);
    }

    private void take(FileRow row) {
        RowOutcomes into = outcomes;
        if (into != null) {
            into.read(row.timestamp(), row.line());
            for (Alone member : alone) member.written.read(row.timestamp(), row.line());
        }
        if (row.cut() > 0 && into != null)
            into.bad(number - firstRow, row.cut(), "the row ends before " + row.cut() + " of the declared features");
        if (row.broken().isEmpty()) event(row);
        else reject(number, RejectReason.MALFORMED, row.broken());
        if (++number % BATCH_ROWS == 0) batch();
    }

    /** The input has ended: closes what is open and scores what is left. */
    void end() throws IOException {
        takeHeld(null);
        pipeline.end(sink);
        batch();
    }

    private void event(FileRow row) {
        RowReading reading = reader.read(row);
        RejectReason reason = reading.reason();
        DecodedEvent event = reading.event();
        event.partition = 0;
        event.offset = number;
        RowOutcomes into = outcomes;
        if (reason == RejectReason.OTHER_KIND) {
            if (into != null) into.passedOver(number - firstRow);
            for (Alone member : alone) if (into != null) member.written.passedOver(number - firstRow);
            return;
        }
        if (reason != null) {
            reject(number, reason, reading.detail());
            return;
        }
        if (into != null) {
            into.values(number - firstRow, event.values(), reading.bad()::get, reading.has()::get);
            if (reading.badValues() > 0) into.bad(number - firstRow, reading);
        }
        if (event.timeMs < newestMs) backwards++;
        else if (event.timeMs > newestMs && newestMs != Long.MIN_VALUE) forwards++;
        newestMs = event.timeMs;
        if (isAlone(event.timeMs)) {
            reject(number, RejectReason.TOO_FAR_FUTURE, ALONE);
            return;
        }
        clockMs = Math.max(clockMs, event.timeMs);
        Admission admission = pipeline.accept(event, sink);
        switch (admission) {
            case JOINED -> {}
            case LATE -> status(number, ScoreStatus.LATE);
            case DUPLICATE -> status(number, ScoreStatus.DUPLICATE);
            case SAME_TIME -> reject(number, RejectReason.SAME_TIME, "another row of the series has the same time");
            case STEP_FULL -> reject(number, RejectReason.STEP_FULL, "");
        }
    }

    /**
     * Whether a time lies beyond the series' newest row by more than {@code max-future} and {@code lateness}, and the next row is nearer to
     * that than to this: no later row shall be late because of one wrong clock. The first row of all is measured by the second.
     */
    private boolean isAlone(long timeMs) {
        FileRow next = following;
        boolean first = clockMs == Long.MIN_VALUE;
        if (next == null || !next.broken().isEmpty() || !first && timeMs - clockMs <= aheadMsMax) return false;
        RowReading peeked = peeks.read(next);
        if (peeked.reason() != null) return false;
        long nextMs = peeked.event().timeMs;
        long back = timeMs - nextMs;
        return first ? back > Math.max(aheadMsMax, FIRST_AHEAD_MS) : nextMs > clockMs && back > nextMs - clockMs;
    }

    /** Whether the rows came newest first. */
    boolean ranBackwards() {
        return backwards >= ROWS_BACKWARDS && forwards * 10 < backwards;
    }

    private void reject(long number, RejectReason reason, String detail) {
        RowOutcomes into = outcomes;
        if (into == null) return;
        into.reject(number - firstRow, reason.label(), detail);
        for (Alone member : alone) member.written.reject(number - firstRow, reason.label(), detail);
    }

    private void status(long number, ScoreStatus status) {
        RowOutcomes into = outcomes;
        if (into == null) return;
        into.status(number - firstRow, status.label());
        for (Alone member : alone) member.written.status(number - firstRow, status.label());
    }

    private void batch() {
        while (pending.size() < samples.size()) pending.add(new PendingSample());
        for (int i = 0; i < samples.size(); i++) pending.get(i).read(samples.get(i));
        List<PendingSample> batch = pending.subList(0, samples.size());
        scorer.score(batch);
        for (PendingSample sample : batch) {
            verdict.judge(inference.decode(sample.inference), 0, sink);
            for (int i = 0; i < alone.size(); i++) alone.get(i).judge(inference.decode(sample.inference), i);
        }
        samples.clear();
        teach();
        training.clear();
        gates.clear();
    }

    private void teach() {
        StreamLearner teacher = learner;
        if (teacher == null) return;
        for (byte[] chunk : training) teacher.rows(rows.decode(chunk)).forEach(this::learnt);
        for (Gate gate : gates) teacher.gate(gate).forEach(this::learnt);
    }

    private void learnt(LearningEvent learnt) {
        if (learnt instanceof LearningEvent.Publish publish) {
            swap(publish.network(), versions + 1, publish.state());
        }
    }

    /** What a verdict says, for a table of rows. */
    private abstract class Judged implements Outcomes {
        final OpenAlert alert = new OpenAlert();

        /** Where it is written; null before there is a table. */
        abstract @Nullable RowOutcomes into();

        @Override
        public void score(Score score) {
            RowOutcomes into = into();
            if (into != null) into.judged(score, alert, firstRow);
        }

        @Override
        public void forecast(Forecast forecast) {}

        @Override
        public void alert(Alert said) {
            alert.take(said);
        }

        @Override
        public void gate(Gate gate) {}

        @Override
        public void label(Label label) {}
    }

    /** One network judged as if it were the stream's only one. */
    private final class Alone extends Judged {
        private final String network;
        private final SeriesVerdict own;
        private final RowOutcomes written;

        Alone(String network, SeriesVerdict own, RowOutcomes written) {
            this.network = network;
            this.own = own;
            this.written = written;
        }

        void judge(Inference all, int member) {
            if (member < all.members()) all.keepOnly(member);
            own.judge(all, 0, this);
        }

        @Override
        @Nullable
        RowOutcomes into() {
            return outcomes == null ? null : written;
        }
    }

    private final class Sink extends Judged implements SampleListener {
        @Override
        public void givenUp(DecodedEvent lone) {
            reject(
                    lone.offset,
                    RejectReason.TOO_FAR_FUTURE,
                    "far beyond the series' newest row, and the next row does not agree");
        }

        @Override
        public void sample(Step step, byte[] record) {
            samples.add(record);
        }

        @Override
        public void training(byte[] record) {
            training.add(record);
        }

        @Override
        @Nullable
        RowOutcomes into() {
            return outcomes;
        }

        @Override
        public void gate(Gate gate) {
            gates.add(gate);
        }
    }

    @Override
    public void close() {
        scorer.close();
        if (learner != null) learner.close();
    }
}
