package io.tidemark.app.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.Eventually;
import io.tidemark.WholePath;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelFiles;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same files through Kafka and through a backtest, with the same frozen models: the same outcome of every row. */
class BacktestAgreementIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final double CLOSE = 1e-5;
    private static final int ROWS = 600;
    private static final int REAL_ROWS_MAX = 5000;
    private static final Path REAL = Path.of("../shared/data/nab/data/realKnownCause/nyc_taxi.csv");

    @TempDir
    Path folder;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final List<Double> differences = new ArrayList<>();

    @Test
    void everyEventIsAStep() throws Exception {
        writeSeries();
        agree("step: event", "[dense-ae, conv-forecaster]");
    }

    @Test
    void stepsOfAMinuteThatWaitForLateEvents() throws Exception {
        writeSeries();
        agree("""
                step: 60s
                lateness: 120s
                idle-close: 5s
                gaps: {fill: linear, max: 5}""", "[dense-ae]");
    }

    @Test
    void realSeriesAgreeToo() throws Exception {
        if (!Files.exists(REAL)) {
            System.out.println("BacktestAgreementIT.realSeriesAgreeToo is skipped: " + REAL + " is not there");
            Assumptions.abort(REAL + " is not there");
        }
        List<String> lines = Files.readAllLines(REAL);
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.write(data.resolve("nyc_taxi.csv"), lines.subList(0, Math.min(lines.size(), REAL_ROWS_MAX + 1)));
        agree("step: event", "[dense-ae]");
    }

    private void agree(String grid, String networks) throws Exception {
        String topic = kafka.topic("agreed", 2);
        StreamSpec stream = declare(topic, grid, networks);
        WholePath.createTopics(connection);
        List<SeriesFile> files = SeriesFile.below(folder.resolve("data"));
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            List<Model> models = publish(stream, engine, files.get(0));
            Backtest backtest = new Backtest(
                    new Backtest.Settings(stream, WholePath.zoo(), Optional.empty(), models, true, false, 1), engine);
            backtest.run(folder.resolve("data"), folder.resolve("out"), false, done -> {});
        }
        long[] first = new long[files.size()];
        int rows = 0;
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < files.size(); i++) {
                long[] range = produce(producer, topic, i % 2, stream, files.get(i));
                first[i] = range[0];
                rows += (int) range[1];
            }
        }
        try (WholePath path = WholePath.start(
                connection,
                List.of(stream),
                EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT),
                folder.resolve("state"))) {
            path.awaitOutcomes(WITHIN, rows);
            path.outcomes().readUntilSilence();
            assertThat(path.outcomes().doubled()).isEmpty();
            for (int i = 0; i < files.size(); i++) compare(path, topic, i % 2, first[i], files.get(i));
        }
        double largest = differences.stream().mapToDouble(d -> d).max().orElseThrow();
        System.out.printf(Locale.ROOT, "%d rows, %d numbers agree within %.1e%n", rows, differences.size(), largest);
        assertThat(differences).as("numbers compared").hasSizeGreaterThan(rows);
    }

    private StreamSpec declare(String topic, String grid, String networks) throws IOException {
        Path file = folder.resolve("agreed.yaml");
        Files.writeString(file, """
                stream: agreed
                input: {topic: %s, series: [series], features: [value]}
                %s
                networks: %s
                """.formatted(topic, grid, networks));
        return StreamFile.read(file);
    }

    /** Trains on one file, publishes, exports, and reads the exports. */
    private List<Model> publish(StreamSpec stream, Engine engine, SeriesFile file) throws Exception {
        List<Network> networks = stream.networks().stream()
                .map(name -> WholePath.zoo().spec(name).bind(stream.features()))
                .toList();
        List<Model> models = new ArrayList<>();
        try (StreamLearner learner = new StreamLearner(stream, networks, engine)) {
            remember(stream, file, learner);
            for (LearningEvent event : learner.train()) {
                if (!(event instanceof LearningEvent.Publish taught)) continue;
                Network network = networks.stream()
                        .filter(n -> n.spec().name().equals(taught.network()))
                        .findFirst()
                        .orElseThrow();
                TestModels.champion(connection, draft(stream, network, taught), taught.state());
                ModelId id = new ModelId(stream.name(), taught.network());
                // a commit shows to readers a moment after it returns
                Model model = Eventually.gives(WITHIN, id + " can be read", () -> ModelReader.load(connection, id, 0));
                Path exported = folder.resolve(taught.network() + ".model");
                ModelFiles.write(exported, model.manifest(), model.weights());
                models.add(ModelFiles.read(exported));
            }
        }
        assertThat(models).hasSameSizeAs(networks);
        return models;
    }

    private static ModelVersion draft(StreamSpec stream, Network network, LearningEvent.Publish taught) {
        return new ModelVersion(
                ModelVersion.FORMAT,
                new ModelId(stream.name(), taught.network()),
                1,
                ModelVersion.Architecture.of(network),
                new ModelVersion.Origin(0, null, "", ""),
                new ModelVersion.Training(
                        stream.learning().seed(),
                        "dl4j/cpu",
                        taught.rowsTaught(),
                        taught.rowsWithheld(),
                        taught.loss(),
                        taught.lastTimeMs()),
                taught.reference(),
                ModelVersion.Weights.NONE);
    }

    private static void remember(StreamSpec stream, SeriesFile file, StreamLearner learner) throws IOException {
        EventDecoder decoder = new EventDecoder(stream);
        DecodedEvent event = new DecodedEvent(stream.features());
        SeriesPipeline pipeline = new WindowPlan(stream, 1).begin(file.series(), true);
        TrainingRows rows = new TrainingRows();
        SampleListener listener = new SampleListener() {
            @Override
            public void sample(Step step, byte[] record) {}

            @Override
            public void training(byte[] record) {
                learner.remember(rows.decode(record));
            }
        };
        try (SeriesFile.Rows reader = file.open(stream.input())) {
            RowEncoder encoder = new RowEncoder(stream, reader.columns(), file.series());
            List<String> cells;
            for (long n = 0; n < 1000 && (cells = reader.next()) != null; n++) {
                event.offset = n;
                if (decoder.decode(null, encoder.encode(cells, n), Long.MAX_VALUE / 4, event) == null) {
                    pipeline.accept(event, listener);
                }
            }
            pipeline.end(listener);
        }
    }

    /** Returns the offset of the first row, and how many there are. */
    private static long[] produce(
            Producer<byte[], byte[]> producer, String topic, int partition, StreamSpec stream, SeriesFile file)
            throws Exception {
        long first = -1;
        long number = 0;
        try (SeriesFile.Rows reader = file.open(stream.input())) {
            RowEncoder encoder = new RowEncoder(stream, reader.columns(), file.series());
            for (List<String> cells = reader.next(); cells != null; cells = reader.next()) {
                var sent = producer.send(new ProducerRecord<>(
                        topic, partition, file.series().getBytes(UTF_8), encoder.encode(cells, number++)));
                if (first < 0) {
                    RecordMetadata at = sent.get();
                    first = at.offset();
                }
            }
        }
        producer.flush();
        return new long[] {first, number};
    }

    private void compare(WholePath path, String topic, int partition, long first, SeriesFile file) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out/" + file.series() + ".csv"));
        for (int row = 0; row + 1 < lines.size(); row++) {
            String[] cells = lines.get(row + 1).split(",", -1);
            JsonNode outcome = path.outcomes().of("agreed", topic, partition, first + row);
            String where = file.series() + ", row " + row + ": " + lines.get(row + 1) + " against " + outcome;
            assertThat(outcome.get("status").asText()).as(where).isEqualTo(cells[4]);
            same(outcome.path("score"), cells[1], 1, where);
            same(outcome.path("alert_score"), cells[2], 1, where);
            if (!cells[4].equals("scored")) continue;
            // a band's edge may lie near 0 by cancellation: all three are as exact as the largest of them
            double size = 0;
            for (int i = 6; i < 9; i++)
                if (!cells[i].isEmpty()) size = Math.max(size, Math.abs(Double.parseDouble(cells[i])));
            same(outcome.path("expected").path("value"), cells[6], size, where);
            same(outcome.path("lower").path("value"), cells[7], size, where);
            same(outcome.path("upper").path("value"), cells[8], size, where);
        }
    }

    private void same(JsonNode kafka, String cell, double size, String where) {
        assertThat(kafka.isNumber()).as(where).isEqualTo(!cell.isEmpty());
        if (cell.isEmpty()) return;
        double other = Double.parseDouble(cell);
        double difference = Math.abs(kafka.doubleValue() - other) / Math.max(1, size);
        differences.add(difference);
        assertThat(difference).as(where).isLessThan(CLOSE);
    }

    /** Three series with spikes, gaps, late and doubled rows, missing and unreadable values. */
    private void writeSeries() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        for (int series = 0; series < 3; series++) {
            Random random = new Random(series);
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                long minute = i + (i > 400 ? 3 : 0) + (i > 500 ? 200 : 0);
                double value = 50 + 10 * Math.sin(i / 12.0 + series) + random.nextGaussian();
                if (i % 170 == 160) value += 60;
                String text = i % 97 == 50 ? "NaN" : i % 101 == 60 ? "oops" : i % 103 == 70 ? "1e308" : "" + value;
                String row = Instant.ofEpochSecond(1_700_000_000L + 60 * minute) + "," + text;
                rows.add(row);
                if (i % 89 == 40) rows.add(row);
                if (i % 83 == 80) rows.add(rows.get(rows.size() - 3));
                if (i % 79 == 70) rows.add(rows.get(rows.size() - 20));
                if (i % 149 == 140) rows.add("yesterday,5");
            }
            Files.writeString(
                    data.resolve("pump-" + series + ".csv"), "timestamp,value\n" + String.join("\n", rows) + "\n");
        }
    }
}
