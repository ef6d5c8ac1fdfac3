package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as people have them: {@code streams init} proposes a stream that reads every row of them. */
class MessyFilesTest {
    private static final int ROWS = 60;
    private static final LocalDateTime START = LocalDateTime.of(2026, 3, 1, 0, 0);

    @TempDir
    private Path folder;

    private static String rows(String head, IntFunction<String> row) {
        return head + IntStream.range(0, ROWS).mapToObj(row).collect(Collectors.joining("\n")) + "\n";
    }

    private static String time(int i, String pattern) {
        return START.plusMinutes(i).format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
    }

    private static String text(String kind) {
        return switch (kind) {
            case "german" ->
                rows(
                        "\uFEFFZeitstempel;Anlage;Durchfluss (l/s);Zähler\r\n",
                        i -> time(i, "dd.MM.yyyy HH:mm") + ";P1;19," + i % 7 + ";1.0" + (10 + i) + ".000\r");
            case "german-bare" -> rows("", i -> time(i, "yyyy-MM-dd HH:mm") + ";19," + i % 7 + ";2,5");
            case "excel" -> rows("sep=;\nDay;Temp;State\n", i -> "46082," + (1000 + i) + ";" + i % 9 + ",5;ON");
            case "words" ->
                rows(
                        "time,flow\n",
                        i -> time(i, "yyyy-MM-dd HH:mm") + "," + (i % 20 == 3 ? "Bad Input" : i % 20 == 4 ? "n/a" : i));
            case "latin" -> rows("date,débit\n", i -> time(i, "yyyy-MM-dd HH:mm") + "," + i);
            case "array" ->
                "["
                        + IntStream.range(0, ROWS)
                                .mapToObj(i -> "{\"time\":\"" + time(i, "yyyy-MM-dd'T'HH:mm:ss")
                                        + "Z\",\"sensor\":\"a\",\"value\":" + i + "}")
                                .collect(Collectors.joining(","))
                        + "]\n";
            case "influx" ->
                rows("", i -> "weather,city=Bonn temp=" + i % 7 + ".5 " + (1772323200L + 60 * i) + "000000000");
            case "telegraf" ->
                rows(
                        "",
                        i -> "{\"metrics\":[{\"fields\":{\"idle\":" + i % 7
                                + "},\"name\":\"cpu\",\"tags\":{\"host\":\"h\"},\"timestamp\":" + (1772323200L + 10 * i)
                                + "}]}");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static byte[] bytes(String name, String text) throws IOException {
        byte[] plain =
                text.getBytes(name.startsWith("latin") ? Charset.forName("windows-1252") : StandardCharsets.UTF_8);
        if (!name.endsWith("gz")) return plain;
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "german.csv, Durchfluss (l/s)|Zähler, ''",
        "german-bare.csv, column-2|column-3, ''",
        "excel.csv, Temp, ''",
        "words.csv.gz, flow, ''",
        "latin.csv, débit, ''",
        "array.json, value, sensor",
        "influx.txt, temp, tags.city",
        "telegraf.ndjson.gz, fields.idle, name|tags.host",
    })
    void everyRowIsReadByTheProposedStream(String name, String features, String series) throws IOException {
        String kind = name.replaceFirst("\\..*", "");
        Path data = Files.write(folder.resolve(name), bytes(name, text(kind)));
        Path file = folder.resolve("s.yaml");
        var init = CommandLineSession.of("streams", "init", "s", "--file", data.toString(), "--out", file.toString());
        assertThat(init.exitCode()).as(init.err()).isZero();
        Files.writeString(file, Files.readString(file).replaceFirst("networks: .*", "networks: []"));

        InputSpec.Fields fields = StreamFile.read(file).input().fields();
        assertThat(fields.features().stream().map(InputSpec.Feature::name)).containsExactly(features.split("\\|"));
        assertThat(String.join("|", fields.series())).isEqualTo(series);
        var run = backtest(file, data);
        assertThat(run.exitCode()).as(run.err()).isZero();
        String lost = kind.equals("words") ? "rejected=6" : "rejected=0";
        assertThat(run.out()).contains("1 files, " + ROWS + " rows", "duplicate=0", "late=0", lost);
    }

    @Test
    void aTimeOfDayInAColumnOfItsOwnIsTold() throws IOException {
        Path data = Files.writeString(
                folder.resolve("us.tsv"),
                rows("Date\tTime\tUnits\n", i -> time(i, "MM/dd/yyyy") + "\t" + time(i, "hh:mm:ss a") + "\t" + i));
        Path file = folder.resolve("us.yaml");
        CommandLineSession.of("streams", "init", "us", "--file", data.toString(), "--out", file.toString());
        assertThat(Files.readString(file).replaceAll("\\s+#?\\s*", " ")).contains("The time of day is in Time");
    }

    @Test
    void jsonOverSeveralLinesIsNamed() throws IOException {
        Path data = Files.writeString(folder.resolve("a.json"), "[\n {\"time\": 1700000000,\n  \"flow\": 1}\n]\n");
        var init =
                CommandLineSession.of("streams", "init", "a", "--file", data.toString(), "--out", folder + "/a.yaml");
        assertThat(init.err()).contains("a.json holds JSON over several lines");
        Path file = Files.writeString(
                folder.resolve("s.yaml"), "stream: s\nnetworks: []\ninput: {topic: t, time: time, features: [flow]}\n");
        var run = backtest(file, data);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("a.json holds JSON over several lines");
    }

    private CommandLineSession backtest(Path stream, Path data) {
        return CommandLineSession.of(
                "backtest",
                "--stream",
                stream.toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve("out").toString());
    }
}
