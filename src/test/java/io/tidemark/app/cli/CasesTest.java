package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data as people really have it, after public bug reports: files through the whole command, records in {@code CasesIT}.
 *
 * <table>
 * <caption>What each kind of data is held by</caption>
 * <tr><td>byte order marks, line ends</td><td>SeriesFileTest, CellsProperties</td></tr>
 * <tr><td>headers that name no feature, or in other case</td><td>BacktestFilesTest</td></tr>
 * <tr><td>delimiters within quotes, thousands, decimal commas</td><td>CellsTest, BacktestFilesTest</td></tr>
 * <tr><td>several units in one file, on one stamp or apart</td><td>BacktestFilesTest</td></tr>
 * <tr><td>forms of times; numbers that are none</td><td>EventTimeTest, EventTimeProperties, BacktestFilesTest</td></tr>
 * <tr><td>one wrong clock, rows that run backwards</td><td>BacktestFilesTest, SeriesPipelineTest</td></tr>
 * <tr><td>names of files, two files of a series</td><td>SeriesFileTest</td></tr>
 * <tr><td>errors of two features that stand still</td><td>SeriesEvidenceTest</td></tr>
 * <tr><td>stamps of one second, an hour that occurs twice, values that stand for none, counters, words in place of numbers, constants, features
 *     that are away, gaps, two spikes, another unit, counts that vanish</td><td>here</td></tr>
 * </table>
 */
class CasesTest {
    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
    private static final int ROWS = 1500;
    private static final int FAULT = 1200;

    @TempDir
    Path folder;

    private final Random random = new Random(13);

    @Test
    void valuesOfOneSecondAreEachAStep() throws IOException {
        List<String> rows = rows(300, i -> FROM.plusSeconds(i / 10) + "," + (wave(i) + i * 1e-5));

        JsonNode told = backtest("step: event", "at,flow", rows);

        assertThat(told.path("statuses").path("duplicate").asInt()).isZero();
        assertThat(told.path("statuses").path("scored").asInt()).isGreaterThan(250);
    }

    @Test
    void theHourThatOccursTwiceIsJudgedTwice() throws IOException {
        Instant night = LocalDateTime.parse("2024-10-26T12:00")
                .atZone(ZoneId.of("Europe/Berlin"))
                .toInstant();
        List<String> rows = rows(
                200,
                i -> night.plusSeconds(600L * i)
                                .atZone(ZoneId.of("Europe/Berlin"))
                                .toLocalDateTime() + "," + wave(i));

        JsonNode told = backtest("step: 10m", "at,flow", rows, "time: {field: at, zone: Europe/Berlin}");

        for (String lost : List.of("late", "duplicate", "rejected")) {
            assertThat(told.path("statuses").path(lost).asInt()).as(lost).isZero();
        }
    }

    @Test
    void aNumberThatStandsForNoneIsNoFaultAndHidesNone() throws IOException {
        IntToDoubleFunction flow = i -> i % 50 == 7 || i >= 800 && i < 830 ? -200 : i == FAULT ? 90 : wave(i);

        JsonNode declared = backtest("step: 10m", "at,flow,load", both(flow), "missing: [-200]");
        assertThat(alertRows()).first().isEqualTo(FAULT);
        assertThat(declared.path("alerts").asInt()).isEqualTo(1);

        assertThat(backtest("step: 10m", "at,flow,load", both(flow))
                        .path("alerts")
                        .asInt())
                .as("undeclared")
                .isGreaterThan(1);
    }

    @Test
    void aCounterThatBeginsAnewIsNoFaultAndABurstIs() throws IOException {
        double[] counter = new double[ROWS];
        double now = 1e6;
        for (int i = 0; i < ROWS; i++) {
            now += 1000 + 40 * random.nextGaussian() + (i == FAULT ? 5000 : 0);
            if (i == 500 || i == 700 || i == 1000) now = 12;
            counter[i] = now;
        }

        backtest("step: 10m", "at,bytes", times(i -> counter[i]), "derive: rate");

        assertThat(alertRows()).isNotEmpty().first().isEqualTo(FAULT);
    }

    @Test
    void aWordInPlaceOfANumberCostsThatValueAlone() throws IOException {
        List<String> rows = rows(
                600, i -> time(i) + "," + wave(i) + "," + (i / 100 == 3 ? "Bad Input" : wave(i)) + "," + (i % 3 == 0));

        JsonNode told = backtest("step: 10m", "at,flow,load,running", rows);

        assertThat(told.path("statuses").path("rejected").asInt()).isZero();
        assertThat(told.path("bad_values").path(0).path("values").asInt()).isEqualTo(100);
    }

    @Test
    void aValueThatItsFeatureCannotHaveIsMissingAndNeverAnAlert() throws IOException {
        List<String> rows = rows(600, i -> time(i) + "," + wave(i) + "," + (i == 500 ? 65_535 : wave(i)));

        JsonNode told = backtest("step: 10m", "at,flow,load", rows, "valid-range: [none, 1000]");

        assertThat(told.path("statuses").path("rejected").asInt()).isZero();
        assertThat(told.at("/bad_values/0/outside").asInt()).isEqualTo(1);
        assertThat(told.at("/bad_values/0/detail").asText())
                .isEqualTo("field load is \"65535.0\", outside of its valid-range [none, 1000]");
        assertThat(alertRows()).isEmpty();
    }

    @Test
    void theFirstChangeOfAConstantIsAnAlert() throws IOException {
        for (IntToDoubleFunction change : List.<IntToDoubleFunction>of(
                i -> i == FAULT ? 10 : 0, i -> i >= FAULT ? 1 : 0, i -> i == FAULT ? 1e-12 : 0)) {
            backtest("step: 10m", "at,errors", times(change));
            assertThat(alertRows()).isNotEmpty().first().isEqualTo(FAULT);
        }
    }

    @Test
    void aFeatureThatIsAwayOrComesLateIsNoAlertAndHidesNone() throws IOException {
        for (int[] away : new int[][] {{400, 1000}, {0, 700}, {0, ROWS}}) {
            List<String> rows = rows(
                    ROWS,
                    i -> time(i) + "," + (i == FAULT ? 80 : wave(i)) + ","
                            + (i >= away[0] && i < away[1] ? "" : wave(i)));
            // a feature of which no value is ever there would end the command
            if (away[1] == ROWS) rows.set(ROWS - 1, time(ROWS - 1) + ",50,50");

            backtest("step: 10m", "at,flow,load", rows);

            assertThat(alertRows()).isNotEmpty().first().isEqualTo(FAULT);
        }
    }

    @Test
    void gapsAndUnevenTimesAreNoAlert() throws IOException {
        List<String> rows = new ArrayList<>();
        int spike = 0;
        for (int i = 0; i < ROWS; i++) {
            if (i != FAULT && (random.nextInt(10) == 0 || i >= 500 && i < 1000)) continue;
            if (i == FAULT) spike = rows.size();
            rows.add(FROM.plusSeconds(600L * i + random.nextInt(560) - 280) + "," + (i == FAULT ? 90 : wave(i)));
        }

        backtest("step: 10m\nlateness: 10m", "at,flow", rows);

        assertThat(alertRows()).isNotEmpty().first().isEqualTo(spike);
    }

    @Test
    void aSecondSpikeTwoStepsAfterTheFirstIsFoundToo() throws IOException {
        List<Integer> spikes = List.of(FAULT, FAULT + 2);

        backtest("step: 10m", "at,flow", times(i -> spikes.contains(i) ? 90 : wave(i)));

        List<String[]> outcomes = outcomes();
        for (int spike : spikes)
            assertThat(Double.parseDouble(outcomes.get(spike)[1])).isGreaterThan(0.8);
        assertThat(alertRows()).containsAll(spikes).first().isEqualTo(FAULT);
    }

    /** A new user's first try: the same fault of half a minute, some minutes apart. */
    @Test
    void aFaultThatComesAgainHasAnAlertEachTimeThatEndsSoonAfterIt() throws IOException {
        int first = 3600;
        int apart = 280;
        int faults = 3;
        List<String> rows = rows(first + faults * apart, i -> {
            boolean faulty = i >= first && (i - first) % apart < 30;
            double latency = (48 + 2 * random.nextGaussian()) * (faulty ? 8 : 1);
            return FROM.plusSeconds(i) + "," + (12 + random.nextGaussian() / 2) + "," + latency;
        });

        JsonNode told = backtest("step: event", "at,orders,latency", rows);

        assertThat(told.path("alerts").asInt()).isEqualTo(faults);
        List<Integer> open = alertRows();
        for (int fault = first; fault < rows.size(); fault += apart) {
            assertThat(open).contains(fault).doesNotContain(fault + 150);
        }
    }

    @Test
    void anotherUnitIsOneAlertAndThenTheNewNormal() throws IOException {
        JsonNode told = backtest(
                "step: 10m", "at,heat", rows(3000, i -> time(i) + "," + (i < FAULT ? wave(i) : 32 + 1.8 * wave(i))));

        assertThat(alertRows()).first().isEqualTo(FAULT);
        assertThat(alertRows()).doesNotContain(2999);
        assertThat(told.path("alerts").asInt()).isLessThanOrEqualTo(2);
    }

    @Test
    void ordersThatCeaseAreAnAlertWhereNoneIsACountOfZero() throws IOException {
        for (boolean ceases : new boolean[] {true, false}) {
            List<String> rows = new ArrayList<>();
            for (int second = 0; second < 5 * 60 * ROWS; second += 12 + random.nextInt(24)) {
                int step = second / 300;
                if (ceases && step >= FAULT && step < FAULT + 8) continue;
                rows.add(FROM.plusSeconds(second) + ",1");
            }

            JsonNode told = backtest("step: 5m\naggregate: sum\ngaps: {fill: zero, max: 100}", "at,orders", rows);

            assertThat(told.path("alerts").asInt()).as("ceases " + ceases).isEqualTo(ceases ? 1 : 0);
        }
    }

    private double wave(int i) {
        return Math.round(1000 * (50 + 8 * Math.sin(i * Math.PI / 72) + random.nextGaussian())) / 1000.0;
    }

    private static String time(int i) {
        return FROM.plus(Duration.ofMinutes(10L * i)).toString();
    }

    private static List<String> rows(int count, java.util.function.IntFunction<String> row) {
        return new ArrayList<>(IntStream.range(0, count).mapToObj(row).toList());
    }

    private static List<String> times(IntToDoubleFunction value) {
        return rows(ROWS, i -> time(i) + "," + value.applyAsDouble(i));
    }

    private List<String> both(IntToDoubleFunction value) {
        return rows(ROWS, i -> time(i) + "," + value.applyAsDouble(i) + "," + wave(i));
    }

    /** @param header its first column is the time, the others are the features */
    private JsonNode backtest(String step, String header, List<String> rows, String... input) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("one.csv"), header + "\n" + String.join("\n", rows) + "\n");
        String time = String.join("\n", input).contains("time:") ? "" : "time: at\n";
        Path stream = Files.writeString(
                folder.resolve("s.yaml"),
                String.format(
                        Locale.ROOT,
                        "stream: s\n%s\nnetworks: []\ninput:\n  topic: t\n  format: csv\n  features: [%s]\n%s",
                        step,
                        header.substring(3),
                        (time + String.join("\n", input)).indent(2)));
        CommandLineSession session = CommandLineSession.backtest(stream, data, folder.resolve("out"), "--json");
        assertThat(session.exitCode()).as(session.err()).isZero();
        JsonNode told = new ObjectMapper().readTree(session.out());
        assertThat(told.path("rows").asInt()).isEqualTo(rows.size());
        return told;
    }

    private List<String[]> outcomes() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out/one.csv"));
        return lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
    }

    /** Rows under an open alert, from 0. */
    private List<Integer> alertRows() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out/one.csv"));
        int column = List.of(lines.get(0).split(",")).indexOf("alert");
        return IntStream.range(1, lines.size())
                .filter(i -> lines.get(i).split(",", -1)[column].equals("1"))
                .mapToObj(i -> i - 1)
                .toList();
    }
}
