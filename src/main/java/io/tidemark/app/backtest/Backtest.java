package io.tidemark.app.backtest;

import io.tidemark.config.StreamSpec;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.registry.Model;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Runs a stream over files: each series, of a file or named by its rows, has a flow of its own, and each row gives one outcome.
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
     * @param path the file
     * @param rows rows read
     * @param statuses rows by status
     * @param alerts alerts that opened
     * @param scores the continuous score of each row, 0 where there is none
     * @param members the same of each network by itself, by name; empty unless asked for
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record FileResult(
            String series,
            Path path,
            long rows,
            Map<ScoreStatus, Long> statuses,
            int alerts,
            double[] scores,
            Map<String, double[]> members,
            Unread unread) {

        /**
         * What was not judged.
         *
         * @param passedOver rows of another kind than the stream declares
         * @param rejections rejected rows by reason
         * @param unjudged rows that came too late or twice, by status
         * @param badValues values that were no numbers
         */
        public record Unread(
                long passedOver,
                List<RowOutcomes.Rejection> rejections,
                List<RowOutcomes.Rejection> unjudged,
                RowOutcomes.BadValues badValues) {}
    }

    /** Below the output folder: one folder for each network that is judged by itself. */
    public static final String MEMBERS = "members";

    private static final int PROGRESS_ROWS = 256;

    private final Settings settings;
    private final Engine engine;
    private final List<Network> networks;
    /** The file that each series named by rows was met in. */
    private final Map<String, SeriesFile> seriesFiles = new ConcurrentHashMap<>();

    private final AtomicLong done = new AtomicLong();
    private LongConsumer progress = rows -> {};
    private int files = 1;

    public Backtest(Settings settings, Engine engine) {
        this.settings = settings;
        this.engine = engine;
        StreamSpec stream = settings.stream();
        networks = stream.networks().stream()
                .map(name -> settings.zoo().spec(name).bind(stream))
                .toList();
    }

    /** About how many rows a run over a folder reads, those that teach first among them: lines, whatever they hold. */
    public long rows(Path data) throws IOException {
        long rows = 0;
        Set<String> series = new HashSet<>();
        for (SeriesFile file : SeriesFile.below(data)) {
            rows += FileText.lines(file.path());
            series.add(file.series());
        }
        if (settings.train().isEmpty()) return rows;
        for (SeriesFile part : SeriesFile.below(settings.train().get())) {
            if (series.contains(part.series())) rows += FileText.lines(part.path());
        }
        return rows;
    }

    /** Hands a row on and tells how far the run is. */
    private Consumer<FileRow> counted(SeriesFlow flow) {
        return row -> {
            flow.row(row);
            long rows = done.incrementAndGet();
            if (rows % PROGRESS_ROWS == 0) progress.accept(rows);
        };
    }

    /**
     * Runs every file below a folder.
     *
     * @param out receives one CSV file for each, at the same relative path
     * @param continuous whether {@code anomaly_score} is the continuous score instead of the alert score
     * @param progress told of the rows done so far, those that teach first among them; by any thread, in no order
     */
    public List<FileResult> run(Path data, Path out, boolean continuous, LongConsumer progress) throws IOException {
        seriesFiles.clear();
        List<SeriesFile> found = SeriesFile.below(data);
        files = found.size();
        RowOutcomes.Column column = continuous ? RowOutcomes.Column.CONTINUOUS : RowOutcomes.Column.ALERT;
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads(), task -> new Thread(task, "backtest"));
        try {
            this.progress = progress;
            done.set(0);
            List<Future<FileResult>> results = new ArrayList<>();
            for (SeriesFile file : found) {
                results.add(pool.submit(() -> run(file, out, column)));
            }
            List<FileResult> all = new ArrayList<>();
            for (Future<FileResult> result : results) all.add(result.get());
            progress.accept(done.get());
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
        RowOutcomes outcomes = new RowOutcomes(stream.input().fields().features());
        Map<String, RowOutcomes> alone = new LinkedHashMap<>();
        int alerts;
        if (SplitRows.needed(file, stream)) {
            SplitRows taught = settings.train().isPresent()
                    ? SplitRows.of(partner(settings.train().get(), file), stream, new RowOutcomes(List.of()), 0)
                    : SplitRows.NONE;
            SplitRows rows = SplitRows.of(file, stream, outcomes, taught.read());
            alerts = 0;
            if (settings.members()) {
                for (String network : stream.networks()) alone.put(network, outcomes.bare());
            }
            for (String series : rows.series()) {
                SeriesFile other = seriesFiles.putIfAbsent(series, file);
                if (other != null && !other.equals(file)) throw inTwoFiles(series, other, file);
                RowOutcomes part = new RowOutcomes(stream.input().fields().features());
                List<FileRow> own = rows.of(series);
                Map<String, RowOutcomes> members = new LinkedHashMap<>();
                One one = new One(series, file.path(), rows.series().size());
                alerts += judge(one, new Listed(taught.of(series)), new Listed(own), part, members);
                outcomes.merge(series, part, own);
                members.forEach((network, m) ->
                        Objects.requireNonNull(alone.get(network)).merge(series, m, own));
            }
        } else {
            RowSource train = settings.train().isPresent()
                    ? new Streamed(partner(settings.train().get(), file), stream)
                    : new Listed(List.of());
            One one = new One(file.series(), file.path(), 1);
            alerts = judge(one, train, new Streamed(file, stream), outcomes, alone);
        }
        outcomes.write(out.resolve(file.series() + ".csv"), column);
        Map<String, double[]> members = new LinkedHashMap<>();
        for (Map.Entry<String, RowOutcomes> member : alone.entrySet()) {
            RowOutcomes own = member.getValue();
            own.write(out.resolve(MEMBERS).resolve(member.getKey()).resolve(file.series() + ".csv"), column);
            members.put(member.getKey(), own.scores(RowOutcomes.Column.CONTINUOUS));
        }
        Map<ScoreStatus, Long> statuses = new EnumMap<>(ScoreStatus.class);
        for (ScoreStatus status : ScoreStatus.values()) statuses.put(status, outcomes.count(status));
        return new FileResult(
                file.series(),
                file.path(),
                outcomes.size(),
                statuses,
                alerts,
                outcomes.scores(RowOutcomes.Column.CONTINUOUS),
                members,
                new FileResult.Unread(
                        outcomes.passedOver(),
                        outcomes.rejections(),
                        outcomes.unjudged(),
                        outcomes.badValues(file.lines()
                                || stream.input().fields().longForm().isPresent())));
    }

    private static IOException inTwoFiles(String series, SeriesFile one, SeriesFile other) {
        return new IOException("series " + series + " has rows in " + one.path() + " and in " + other.path()
                + "; put them into one file, in the order of time");
    }

    /**
     * A series to judge.
     *
     * @param path of its file
     * @param ofFile series of that file
     */
    private record One(String series, Path path, int ofFile) {}

    /**
     * Judges the rows of one series.
     *
     * @param train rows that teach first, where a part for it is given
     * @param outcomes receives one outcome for each row
     * @param alone receives the outcomes of each network by itself
     * @return alerts that opened
     */
    private int judge(One one, RowSource train, RowSource rows, RowOutcomes outcomes, Map<String, RowOutcomes> alone)
            throws IOException {
        String series = one.series();
        StreamSpec stream = settings.stream();
        boolean frozen = !settings.models().isEmpty() || settings.train().isPresent();
        try (SeriesFlow flow = new SeriesFlow(stream, networks, engine, series, settings.learns() && !frozen)) {
            for (Model model : settings.models()) {
                flow.swap(model.manifest().id().network(), model.manifest().version(), model.weights());
            }
            if (settings.members()) flow.judgeAlone(stream, series);
            flow.seriesOfStream((long) files * one.ofFile());
            long before = 0;
            if (settings.train().isPresent()) {
                if (settings.models().isEmpty())
                    taught(series, train).forEach(p -> flow.swap(p.network(), 1, p.state()));
                flow.begin(0, null);
                before = train.each(0, counted(flow));
            }
            flow.begin(before, outcomes);
            rows.each(before, counted(flow));
            flow.end();
            if (flow.ranBackwards()) {
                throw new IOException(one.path() + " runs backwards: the rows of series " + series
                        + " are newest first; turn their order round");
            }
            alone.putAll(flow.alone());
            return flow.alerts();
        }
    }

    /** Rows in order. */
    private interface RowSource {
        /**
         * Hands over every row; how many.
         *
         * @param firstTime the time of the first row where rows are timed by their number
         */
        long each(long firstTime, Consumer<FileRow> to) throws IOException;
    }

    private record Listed(List<FileRow> rows) implements RowSource {
        @Override
        public long each(long firstTime, Consumer<FileRow> to) {
            rows.forEach(to);
            return rows.size();
        }
    }

    private record Streamed(SeriesFile file, StreamSpec stream) implements RowSource {
        @Override
        public long each(long firstTime, Consumer<FileRow> to) throws IOException {
            try (FileEvents events = new FileEvents(file, stream, firstTime)) {
                return FileRow.each(events, stream, to);
            }
        }
    }

    /** The file of the same series below another folder. */
    static SeriesFile partner(Path folder, SeriesFile file) throws IOException {
        return SeriesFile.below(folder).stream()
                .filter(other -> other.series().equals(file.series()))
                .findFirst()
                .orElseThrow(() -> new IOException(folder + " has no file for series " + file.series()));
    }

    /** Networks taught by every row of a part. */
    private List<LearningEvent.Publish> taught(String series, RowSource rows) throws IOException {
        StreamSpec stream = settings.stream();
        if (networks.isEmpty()) return List.of();
        List<LearningEvent.Publish> published = new ArrayList<>();
        try (StreamLearner learner = new StreamLearner(stream, networks, engine)) {
            Rows listener = new Rows(learner);
            RowReader reader = new RowReader(stream);
            SeriesPipeline pipeline = new WindowPlan(stream, 1).begin(series, true);
            long[] number = {0};
            rows.each(0, row -> {
                long offset = number[0]++;
                if (!row.broken().isEmpty()) return;
                RowReading reading = reader.read(row);
                reading.event().offset = offset;
                if (reading.reason() == null) pipeline.accept(reading.event(), listener);
            });
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
