package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateCommandTest {
    private static final int ROWS = 400;

    @TempDir
    Path folder;

    @Test
    void faultsWindowsAndRowLabelsOfTheSameIncidentsGiveTheSameFinds() throws IOException {
        scored("out/pump/a.csv", 105, 300);
        Path faults = text("faults.json", """
                {"pump/a.csv": [{"kind": "spike", "from": 100, "to": 109}, {"kind": "drift", "from": 200, "to": 209}]}
                """);
        Path windows = text("windows.json", """
                {"pump/a.csv": [["2026-01-01 01:40:00.000000", "2026-01-01 01:49:00.000000"],
                                ["2026-01-01 03:20:00.000000", "2026-01-01 03:29:00.000000"]]}
                """);
        StringBuilder rows = new StringBuilder();
        StringBuilder column = new StringBuilder("timestamp,label\n");
        for (int i = 0; i < ROWS; i++) {
            int label = i >= 100 && i < 110 || i >= 200 && i < 210 ? 1 : 0;
            rows.append(label).append('\n');
            column.append(i).append(',').append(label).append('\n');
        }
        text("plain/pump/a.txt", rows.toString());
        text("named/pump/a.csv", column.toString());
        Path packed = Files.createDirectories(folder.resolve("packed/pump")).resolve("a.csv.gz");
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(packed)), StandardCharsets.UTF_8)) {
            out.write(rows.toString());
        }

        for (Path labels :
                new Path[] {faults, windows, folder.resolve("plain"), folder.resolve("named"), folder.resolve("packed")
                }) {
            JsonNode ours = rate(labels, "out")[0];
            assertThat(ours.path("found").asInt()).as(labels.toString()).isEqualTo(1);
            assertThat(ours.path("incidents").asInt()).isEqualTo(2);
            assertThat(ours.path("false_alerts").asInt()).isEqualTo(1);
            assertThat(ours.path("median_delay_rows").asDouble()).isEqualTo(5);
            assertThat(ours.path("false_in_10000_rows").asDouble()).isEqualTo(25);
            // of the 380 rows outside incidents the five of the false alert
            assertThat(ours.path("tails_below_hundredth").asDouble()).isCloseTo(5.0 / 380, within(1e-12));
            assertThat(ours.path("false_in_series_week").asDouble()).isCloseTo(10080.0 / ROWS, within(1e-9));
        }
        assertThat(rate(faults, "out")[0]
                        .path("kinds")
                        .path("spike")
                        .path("found")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void uniformRandomNumbersStandBesideIt() throws IOException {
        scored("out/a.csv", 105);
        Path faults = text("f.json", "{\"a.csv\": [{\"kind\": \"spike\", \"from\": 100, \"to\": 109}]}");

        JsonNode[] lines = rate(faults, "out");

        assertThat(lines).hasSize(2);
        assertThat(lines[1].path("judged").asText()).isEqualTo("uniform random");
        assertThat(lines[1].path("alerts").asInt()).isEqualTo(1);
        // five of ten rows at the top, the other five tied with 390 quiet ones
        assertThat(lines[0].path("ap").asDouble()).isCloseTo(0.5 + 0.5 * 10 / ROWS, within(1e-12));
        assertThat(lines[1].path("auc_roc").asDouble()).isBetween(0.2, 0.8);
    }

    @Test
    void twoFoldersAreComparedWithIntervalsOverSeries() throws IOException {
        scored("out/a.csv", 105);
        scored("out/b.csv", 105);
        scored("other/a.csv", 105);
        scored("other/b.csv");
        Path faults = text("f.json", """
                {"a.csv": [{"kind": "spike", "from": 100, "to": 109}], "b.csv": [{"kind": "spike", "from": 100, "to": 109}]}
                """);

        JsonNode[] lines =
                rate(faults, "out", "--compare", folder.resolve("other").toString());

        JsonNode found = lines[3];
        assertThat(found.path("difference").asText()).isEqualTo("found");
        assertThat(found.path("mean").asDouble()).isEqualTo(0.5);
        assertThat(found.path("low").asDouble()).isEqualTo(0);
        assertThat(found.path("high").asDouble()).isEqualTo(1);
    }

    @Test
    void labelsThatDoNotFitAreSaidInASentence() throws IOException {
        scored("out/a.csv", 105);
        assertThat(failure(text("none.json", "{\"b.csv\": []}"))).contains("says nothing of series a");
        assertThat(failure(text("late.json", "{\"a.csv\": [{\"from\": 1, \"to\": 400}]}")))
                .contains("up to row 400 of series a, which has 400 rows");
        assertThat(failure(text("w.json", "{\"a.csv\": [[\"2027-01-01 00:00:00\", \"2027-01-02 00:00:00\"]]}")))
                .contains("a window without rows");
        text("short/a.txt", "0\n1\n");
        assertThat(failure(folder.resolve("short"))).contains("has 2 labels for 400 rows");
        text("odd/a.txt", "0\nyes\n");
        assertThat(failure(folder.resolve("odd"))).contains("'yes' in line 2, where a label of 0 or 1 is expected");
        text("headed/a.csv", "time,anomaly\n1,0\n");
        assertThat(failure(folder.resolve("headed"))).contains("a header with the column label");
    }

    private String failure(Path labels) {
        var session = CommandLineSession.of(
                "rate", "--labels", labels.toString(), folder.resolve("out").toString());
        assertThat(session.exitCode()).isEqualTo(1);
        return session.err();
    }

    private JsonNode[] rate(Path labels, String out, String... more) throws IOException {
        String[] arguments = new String[5 + more.length];
        arguments[0] = "rate";
        arguments[1] = "--labels";
        arguments[2] = labels.toString();
        arguments[3] = folder.resolve(out).toString();
        arguments[4] = "--json";
        System.arraycopy(more, 0, arguments, 5, more.length);
        var session = CommandLineSession.of(arguments);
        assertThat(session.err()).isEmpty();
        String[] lines = session.out().strip().split("\n");
        JsonNode[] nodes = new JsonNode[lines.length];
        for (int i = 0; i < lines.length; i++) nodes[i] = new ObjectMapper().readTree(lines[i]);
        return nodes;
    }

    private Path text(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** What a backtest writes: quiet rows, and alerts of five rows with high scores. */
    private void scored(String name, int... openings) throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,score,status,alert,alert_id,tail_probability,reasons\n");
        for (int i = 0; i < ROWS; i++) {
            boolean open = false;
            for (int opening : openings) open |= i >= opening && i < opening + 5;
            String time =
                    LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes(i).toString().replace('T', ' ');
            csv.append(time.length() == 16 ? time + ":00" : time);
            csv.append(open ? ",0.9,scored,1,id-" + i / 10 + ",0.001,\"a, \"\"b\"\"\"\n" : ",0.1,scored,0,,0.5,\n");
        }
        text(name, csv.toString());
    }
}
