package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.registry.Model;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Runs a stream over files: each file is a series with a flow of its own, and gives one outcome for each of its rows.
 *
 * <p>The same files, settings and seed give the same bytes, whatever the number of threads.
 */
public final class Backtest {
    /**
     * @param stream the stream
     * @param zoo where its networks are declared
     * @param train teaches one model for each file from the file of the same series below this folder, before it is scored
     * @param models frozen models to score with; no row teaches then
     * @param learns whether rows teach as they are scored
     * @param members whether each network is also judged by itself
     * @param threads files at a time; in [1, 64]
     */
    public record Settings(
            StreamSpec stream,
            Zoo zoo,
            Optional<Path> train,
            List<Model> models,
            boolean learns,
            boolean members,
            int threads) {
        public Settings {
            models = List.copyOf(models);
        }
    }

    /**
     * What one file gave.
     *
     * @param series its key
     * @param rows rows read
     * @param statuses rows by status
     * @param alerts alerts that opened
     * @param scores the continuous score of each row, 0 where there is none
     * @param alertScores the alert score of each row, 0 where there is none
     * @param members the same of each network by itself, by name; empty unless asked for
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record FileResult(
            String series,
            long rows,
            Map<ScoreStatus, Long> statuses,
            int alerts,
            double[] scores,
            double[] alertScores,
            Map<String, MemberResult> members) {}

    /**
     * What one network said by itself of one file.
     *
     * @param scores the continuous score of each row, 0 where there is none
     * @param alertScores the alert score of each row, 0 where there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record MemberResult(double[] scores, double[] alertScores) {}

    /** Below the output folder: one folder for each network that is judged by itself. */
    public static final String MEMBERS = "members";

    private final Settings settings;
    private final Engine engine;
    private final List<Network> networks;

    public Backtest(Settings settings, Engine engine) {
        this.settings = settings;
        this.engine = engine;
        StreamSpec stream = settings.stream();
        networks = stream.networks().stream()
                .map(name -> settings.zoo().spec(name).bind(stream))
                .toList();
    }

    /**
     * Runs every file below a folder.
     *
     * @param out receives one CSV file for each, at the same relative path
     * @param continuous whether {@code anomaly_score} is the continuous score instead of the alert score
     * @param progress told of the files done so far
     */
    public List<FileResult> run(Path data, Path out, boolean continuous, LongConsumer progress) throws IOException {
        List<SeriesFile> files = SeriesFile.below(data);
        if (files.isEmpty()) throw new IOException(data + " holds no .csv or .txt files, plain or gzip");
        RowOutcomes.Column column = continuous ? RowOutcomes.Column.CONTINUOUS : RowOutcomes.Column.ALERT;
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads(), task -> new Thread(task, "backtest"));
        try {
            AtomicLong done = new AtomicLong();
            List<Future<FileResult>> results = new ArrayList<>();
            for (SeriesFile file : files) {
                results.add(pool.submit(() -> {
                    FileResult result = run(file, out, column);
                    progress.accept(done.incrementAndGet());
                    return result;
                }));
            }
            List<FileResult> all = new ArrayList<>();
            for (Future<FileResult> result : results) all.add(result.get());
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) throw io;
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private FileResult run(SeriesFile file, Path out, RowOutcomes.Column column) throws IOException {
        StreamSpec stream = settings.stream();
        boolean frozen = !settings.models().isEmpty() || settings.train().isPresent();
        try (SeriesFlow flow = new SeriesFlow(stream, networks, engine, file.series(), settings.learns() && !frozen)) {
            for (Model model : settings.models()) {
                flow.swap(model.manifest().network(), model.manifest().version(), model.weights());
            }
            if (settings.members()) flow.judgeAlone(stream, file.series());
            long before = 0;
            if (settings.train().isPresent()) {
                SeriesFile part = partner(settings.train().get(), file);
                if (settings.models().isEmpty()) taught(part).forEach(p -> flow.swap(p.network(), 1, p.state()));
                before = flow.run(part, stream, 0, null);
            }
            RowOutcomes outcomes = new RowOutcomes(stream.input().features());
            long rows = flow.run(file, stream, before, outcomes);
            flow.end();
            outcomes.write(out.resolve(file.series() + ".csv"), column);
            Map<String, MemberResult> members = new LinkedHashMap<>();
            for (Map.Entry<String, RowOutcomes> member : flow.alone().entrySet()) {
                RowOutcomes own = member.getValue();
                own.write(out.resolve(MEMBERS).resolve(member.getKey()).resolve(file.series() + ".csv"), column);
                members.put(
                        member.getKey(),
                        new MemberResult(
                                own.scores(RowOutcomes.Column.CONTINUOUS), own.scores(RowOutcomes.Column.ALERT)));
            }
            Map<ScoreStatus, Long> statuses = new EnumMap<>(ScoreStatus.class);
            for (ScoreStatus status : ScoreStatus.values()) statuses.put(status, outcomes.count(status));
            return new FileResult(
                    file.series(),
                    rows,
                    statuses,
                    flow.alerts(),
                    outcomes.scores(RowOutcomes.Column.CONTINUOUS),
                    outcomes.scores(RowOutcomes.Column.ALERT),
                    members);
        }
    }

    /** The file of the same series below another folder. */
    static SeriesFile partner(Path folder, SeriesFile file) throws IOException {
        return SeriesFile.below(folder).stream()
                .filter(other -> other.series().equals(file.series()))
                .findFirst()
                .orElseThrow(() -> new IOException(folder + " has no file for series " + file.series()));
    }

    /** Networks taught by every row of a file. */
    private List<LearningEvent.Publish> taught(SeriesFile file) throws IOException {
        StreamSpec stream = settings.stream();
        if (networks.isEmpty()) return List.of();
        List<LearningEvent.Publish> published = new ArrayList<>();
        try (StreamLearner learner = new StreamLearner(stream, networks, engine);
                SeriesFile.Rows rows = file.open(stream.input())) {
            Rows listener = new Rows(learner);
            EventDecoder decoder = new EventDecoder(stream);
            DecodedEvent event = new DecodedEvent(stream.features());
            SeriesPipeline pipeline = new WindowPlan(stream, 1).begin(file.series(), true);
            RowEncoder encoder = new RowEncoder(stream, rows.columns(), file.series());
            long number = 0;
            for (List<String> cells = rows.next(); cells != null; cells = rows.next()) {
                event.offset = number;
                byte[] value = encoder.encode(cells, number++);
                if (decoder.decode(null, value, Long.MAX_VALUE / 4, event) == null) pipeline.accept(event, listener);
            }
            pipeline.end(listener);
            for (LearningEvent learnt : learner.train()) {
                if (learnt instanceof LearningEvent.Publish publish) published.add(publish);
            }
        }
        return published;
    }

    /** Keeps the rows of a file for training. */
    private static final class Rows implements SampleListener {
        private final StreamLearner learner;
        private final TrainingRows rows = new TrainingRows();

        Rows(StreamLearner learner) {
            this.learner = learner;
        }

        @Override
        public void sample(Step step, byte[] record) {}

        @Override
        public void training(byte[] record) {
            learner.remember(rows.decode(record));
        }
    }
}
