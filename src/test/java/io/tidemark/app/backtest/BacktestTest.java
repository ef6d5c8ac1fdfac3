package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.tidemark.config.StreamFile;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestTest {
    private static final int ROWS = 3000;

    @TempDir
    Path folder;

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engines.open("dl4j", new DeviceSpec.Cpu());
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void theSameFilesGiveTheSameBytesWhateverTheNumberOfThreads() throws IOException {
        write("data/one.csv", values());
        write("data/two.csv", values().subList(0, ROWS / 2));

        run("data", "first", 1);
        run("data", "second", 2);

        for (String name : List.of("one.csv", "two.csv")) {
            assertThat(folder.resolve("second").resolve(name))
                    .hasSameTextualContentAs(folder.resolve("first").resolve(name));
        }
        assertThat(Files.readString(folder.resolve("first/one.csv"))).contains("scored");
    }

    @Test
    void aScoreKnowsNothingOfLaterRows() throws IOException {
        List<Double> values = values();
        List<Double> scrambled = new ArrayList<>(values);
        Collections.shuffle(scrambled.subList(ROWS / 2, ROWS), new Random(5));
        write("plain/a.csv", values);
        write("scrambled/a.csv", scrambled);

        run("plain", "plain-out", 1);
        run("scrambled", "scrambled-out", 1);

        List<String> plain = Files.readAllLines(folder.resolve("plain-out/a.csv"));
        List<String> other = Files.readAllLines(folder.resolve("scrambled-out/a.csv"));
        assertThat(other.subList(0, ROWS / 2 + 1)).isEqualTo(plain.subList(0, ROWS / 2 + 1));
        assertThat(other.subList(ROWS / 2 + 1, ROWS)).isNotEqualTo(plain.subList(ROWS / 2 + 1, ROWS));
    }

    @Test
    void everyRowHasOneOutcomeAndAPlantedSpikeHasTheHighestAlertScore() throws IOException {
        List<Double> values = values();
        values.set(2500, 9.0);
        write("data/a.csv", values);

        Backtest.FileResult result = run("data", "out", 1).get(0);

        assertThat(result.rows()).isEqualTo(ROWS);
        assertThat(result.statuses().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(ROWS);
        assertThat(result.statuses().get(ScoreStatus.SCORED)).isGreaterThan(ROWS - 100L);
        int highest = 0;
        double[] scores = alertScores("out/a.csv");
        for (int i = 0; i < ROWS; i++) if (scores[i] > scores[highest]) highest = i;
        assertThat(highest).isEqualTo(2500);
    }

    @Test
    void aNetworkJudgedBesideOthersByItselfSaysWhatItSaysAlone() throws IOException {
        List<Double> values = values();
        write("train/a.csv", values);
        values.set(2500, 9.0);
        write("test/a.csv", values, ROWS);
        Optional<Path> train = Optional.of(folder.resolve("train"));

        Backtest.FileResult both =
                run("test", "both", "dense-ae, denoising-ae", train, true, 1).get(0);
        for (String network : List.of("dense-ae", "denoising-ae")) {
            Backtest.FileResult alone =
                    run("test", network, network, train, false, 1).get(0);
            assertThat(both.members().get(network)).isEqualTo(alone.scores());
            assertThat(alertScores("both/members/" + network + "/a.csv")).isEqualTo(alertScores(network + "/a.csv"));
            assertThat(alone.scores()).isNotEqualTo(both.scores());
            assertThat(alone.members()).isEmpty();
        }
    }

    private double[] alertScores(String file) throws IOException {
        List<List<String>> rows = rows(folder.resolve(file));
        int column = rows.get(0).indexOf("anomaly_score");
        return rows.stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.get(column)))
                .toArray();
    }

    private static List<List<String>> rows(Path file) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            return reader.stream().map(CsvRecord::getFields).toList();
        }
    }

    @Test
    void anAlertStaysOpenAtRowsThatAreNotJudged() throws IOException {
        List<Double> values = values();
        for (int i = 2500; i < 2510; i++) values.set(i, 9.0);
        write("data/a.csv", values);
        Path file = folder.resolve("data/a.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(2506, lines.get(2505));
        Files.write(file, lines);

        int opened = run("data", "out", 1).get(0).alerts();

        List<List<String>> rows = rows(folder.resolve("out/a.csv"));
        List<String> twice = rows.get(2506);
        assertThat(twice.get(rows.get(0).indexOf("status"))).isEqualTo("duplicate");
        assertThat(twice.get(rows.get(0).indexOf("alert_id")))
                .isNotEmpty()
                .isEqualTo(rows.get(2505).get(rows.get(0).indexOf("alert_id")));
        int alert = rows.get(0).indexOf("alert");
        int openings = 0;
        for (int i = 1; i < rows.size(); i++) {
            openings += rows.get(i).get(alert).equals("1")
                            && !rows.get(i - 1).get(alert).equals("1")
                    ? 1
                    : 0;
        }
        assertThat(openings).isEqualTo(opened);
    }

    @Test
    void rowsSayWhichAlertIsOpenAndWhy() throws IOException {
        List<Double> values = values();
        for (int i = 2500; i < 2510; i++) values.set(i, 9.0);
        write("data/a.csv", values);

        int opened = run("data", "out", 1).get(0).alerts();

        List<List<String>> lines = rows(folder.resolve("out/a.csv"));
        List<String> header = lines.get(0);
        assertThat(header)
                .containsSubsequence(
                        "alert",
                        "alert_id",
                        "tail_probability",
                        "smoothed_score",
                        "return_level",
                        "kind",
                        "summary",
                        "reasons");
        Set<String> ids = new HashSet<>();
        for (List<String> cells : lines.subList(1, lines.size())) {
            assertThat(cells).hasSameSizeAs(header);
            String id = cells.get(header.indexOf("alert_id"));
            assertThat(cells.get(header.indexOf("alert"))).isEqualTo(id.isEmpty() ? "0" : "1");
            if (!id.isEmpty()) ids.add(id);
        }
        assertThat(ids).hasSize(opened).isNotEmpty();
        List<String> strange = lines.get(2501);
        assertThat(strange.get(header.indexOf("alert"))).isEqualTo("1");
        assertThat(strange.get(header.indexOf("summary"))).startsWith("value of a is 9, ");
        assertThat(Double.parseDouble(strange.get(header.indexOf("return_level"))))
                .isGreaterThan(4);
        assertThat(strange.get(header.indexOf("kind"))).isEqualTo("point");
        assertThat(strange.get(header.indexOf("reasons"))).startsWith("value 9.000 where ");
        assertThat(Double.parseDouble(strange.get(header.indexOf("tail_probability"))))
                .isLessThan(0.01);
        assertThat(Double.parseDouble(strange.get(header.indexOf("smoothed_score"))))
                .isBetween(0.0, 1.0);
    }

    @Test
    void rowsTimedByTheirNumberGoOnBehindThoseThatTaught() throws IOException {
        for (boolean seriesInRow : new boolean[] {false, true}) {
            String header = seriesInRow ? "series,value\n" : "value\n";
            StringBuilder text = new StringBuilder(header);
            for (double value : values().subList(0, 600)) {
                text.append(seriesInRow ? "a," : "").append(value).append('\n');
            }
            for (String part : List.of("train", "test")) {
                Files.createDirectories(folder.resolve(part + seriesInRow));
                Files.writeString(folder.resolve(part + seriesInRow).resolve("a.csv"), text);
            }
            Path spec = folder.resolve("numbered.yaml");
            Files.writeString(spec, """
                    stream: s
                    input: {topic: t, time: {field: row, unit: row-number}, series: [series], features: [value]}
                    step: 1m
                    networks: []
                    """);
            Backtest.Settings settings = new Backtest.Settings(
                    StreamFile.read(spec),
                    Zoo.load(Path.of("topology/zoo")),
                    Optional.of(folder.resolve("train" + seriesInRow)),
                    List.of(),
                    true,
                    false,
                    1);
            Backtest.FileResult result = new Backtest(settings, engine)
                    .run(folder.resolve("test" + seriesInRow), folder.resolve("numbered"), false, done -> {})
                    .get(0);
            assertThat(result.statuses().get(ScoreStatus.SCORED))
                    .as("series in row: %s", seriesInRow)
                    .isEqualTo(600L);
        }
    }

    private List<Backtest.FileResult> run(String data, String out, int threads) throws IOException {
        return run(data, out, "dense-ae", Optional.empty(), false, threads);
    }

    private List<Backtest.FileResult> run(
            String data, String out, String networks, Optional<Path> train, boolean members, int threads)
            throws IOException {
        Path spec = folder.resolve("s.yaml");
        Files.writeString(spec, """
                stream: s
                input: {topic: t, series: [series], features: [value]}
                step: event
                networks: [%s]
                learning: {first-rows: 300, first-steps: 20, publish-rows: 500, rows-per-step: 50, passes: 1}
                """.formatted(networks));
        Backtest.Settings settings = new Backtest.Settings(
                StreamFile.read(spec), Zoo.load(Path.of("topology/zoo")), train, List.of(), true, members, threads);
        return new Backtest(settings, engine).run(folder.resolve(data), folder.resolve(out), false, done -> {});
    }

    private static List<Double> values() {
        Random random = new Random(3);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) values.add(Math.sin(i / 10.0) + 0.1 * random.nextGaussian());
        return values;
    }

    private void write(String name, List<Double> values) throws IOException {
        write(name, values, 0);
    }

    private void write(String name, List<Double> values, int firstMinute) throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < values.size(); i++) {
            csv.append(Instant.ofEpochSecond(1_700_000_000L + 60L * (firstMinute + i)))
                    .append(',')
                    .append(values.get(i))
                    .append('\n');
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, csv);
    }
}
