package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of files as people have them. */
class BacktestFilesTest {
    private static final int ROWS = 200;
    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aHeaderThatIsNotTheDeclaredOneEndsTheCommandWithBothSidesNamed() throws IOException {
        for (String header : List.of(
                "timestamp,flow,presure",
                "Timestamp,Flow,Pressure",
                "timestamp,flow",
                "timestamp,flow,pressure,flow")) {
            write("a.csv", header, rows("A", 0));

            CommandLineSession session = backtest("");

            assertThat(session.exitCode()).as(header).isEqualTo(1);
            assertThat(session.err())
                    .contains("a.csv")
                    .contains("the stream declares \"timestamp\", \"flow\", \"pressure\"")
                    .contains("the file has \"" + header.split(",")[0] + "\", \"" + header.split(",")[1] + "\"");
            assertThat(folder.resolve("out")).doesNotExist();
        }
        write("a.csv", "timestamp,flow,presure", rows("A", 0));
        assertThat(backtest("").err()).contains("lacks \"pressure\" (is it \"presure\"?)");
    }

    @Test
    void aSeriesColumnUnderAnotherSpellingIsNotTakenForAFileOfOneSeries() throws IOException {
        write("a.csv", "timestamp,flow,pressure,Unit", rows("A", 3));

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("lacks \"unit\" (is it \"Unit\"?)");
    }

    @Test
    void labelsThatAreNotThereAreMissedBeforeARowIsJudged() throws IOException {
        write("a.csv", "timestamp,flow,pressure,unit", rows("A", ROWS));

        CommandLineSession session =
                session("", "--labels", folder.resolve("windows.json").toString());

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("there are no labels at ", "windows.json");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anotherDelimiterIsGuessedForTheMessage() throws IOException {
        write("a.csv", "timestamp;flow;pressure", List.of("2024-01-01T00:00:00Z;1;2"));

        assertThat(backtest("").err()).contains("is input.csv.delimiter \";\"?");
    }

    @Test
    void theRowsOfSeveralUnitsInOneFileAreSeveralSeries() throws IOException {
        List<String> mixed = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            mixed.add(row(i, 50 + i % 7) + ",A");
            mixed.add(row(i, 900 + i % 5) + ",B");
        }
        write("plant.csv", "timestamp,flow,pressure,unit", mixed);
        CommandLineSession both = backtest("");
        List<String> together = outcomes("plant.csv");
        assertThat(Files.readAllLines(folder.resolve("out/plant.csv")).get(0)).endsWith(",series");
        assertThat(together.get(0)).endsWith(",A");
        assertThat(together.get(1)).endsWith(",B");
        for (String unit : List.of("A", "B")) {
            List<String> own = mixed.stream().filter(row -> row.endsWith(unit)).toList();
            write("plant.csv", "timestamp,flow,pressure,unit", own);
            backtest("");
            List<String> alone = outcomes("plant.csv");
            List<String> part = new ArrayList<>();
            for (int i = unit.equals("A") ? 0 : 1; i < together.size(); i += 2) part.add(together.get(i));

            assertThat(part).isEqualTo(alone);
        }
        assertThat(json(both).path("rows").asInt()).isEqualTo(2 * ROWS);
        assertThat(json(both).path("statuses").path("duplicate").asInt()).isZero();
        assertThat(both.exitCode()).isZero();
    }

    @Test
    void aSeriesOfTwoFilesIsAnError() throws IOException {
        write("jan.csv", "timestamp,flow,pressure,unit", rows("A", 3));
        write("feb.csv", "timestamp,flow,pressure,unit", rows("A", 3));

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("series A").contains("jan.csv").contains("feb.csv");
    }

    @Test
    void rejectedRowsAreCountedByReasonWithTheirFirstLine() throws IOException {
        List<String> rows = rows("A", 0);
        rows.set(20, "yesterday,1,2");
        rows.set(30, "2024-01-01T05:00:00Z,4,993,12");
        rows.set(40, "someday,1,2");
        write("a.csv", "timestamp,flow,pressure", rows);

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isZero();
        JsonNode json = json(session);
        assertThat(json.path("rejections")).hasSize(2);
        JsonNode time = json.path("rejections").get(0);
        assertThat(time.path("reason").asText()).isEqualTo("time-unreadable");
        assertThat(time.path("rows").asInt()).isEqualTo(2);
        assertThat(time.path("line").asInt()).isEqualTo(22);
        assertThat(time.path("detail").asText()).contains("field timestamp").contains("yesterday");
        JsonNode cut = json.path("rejections").get(1);
        assertThat(cut.path("reason").asText()).isEqualTo("malformed");
        assertThat(cut.path("line").asInt()).isEqualTo(32);
        assertThat(outcomes("a.csv").get(20)).contains(",rejected,time-unreadable,");
        int all = 0;
        for (JsonNode count : json.path("statuses")) all += count.asInt();
        assertThat(all).isEqualTo(ROWS).isEqualTo(json.path("rows").asInt());

        assertThat(session("").out())
                .contains("rejected: 2 of 200 rows of")
                .contains("time-unreadable, first in line 22: field timestamp is \"yesterday\"");
    }

    @Test
    void aFileOfWhichNothingWasJudgedIsAnError() throws IOException {
        write("a.csv", "timestamp,flow,pressure", rows("A", 0));
        write("b.csv", "timestamp,flow,pressure", List.of("never,1,2"));

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("no row of").contains("b.csv");
    }

    @Test
    void aFeatureOfWhichNoValueIsANumberIsAnErrorAndOneBadValueIsTold() throws IOException {
        List<String> rows = rows("A", 0);
        rows.set(7, time(7) + ",Bad,5");
        write("a.csv", "timestamp,flow,pressure", rows);

        CommandLineSession one = session("");

        assertThat(one.exitCode()).isZero();
        assertThat(one.out()).contains("missing: 1 values of").contains("first in line 9: field flow is \"Bad\"");

        rows.replaceAll(row -> row.split(",")[0] + ",\"5,128.82\",5");
        write("a.csv", "timestamp,flow,pressure", rows);

        CommandLineSession all = session("");

        assertThat(all.exitCode()).isEqualTo(1);
        assertThat(all.err()).contains("no value of feature flow in").contains("5,128.82");
        assertThat(all.err()).doesNotContain("feature pressure");

        rows.replaceAll(row -> row.split(",")[0] + ",,5");
        write("a.csv", "timestamp,flow,pressure", rows);
        assertThat(session("").exitCode()).as("a feature that is not there").isZero();
    }

    @Test
    void rowsThatEndEarlyAndInfiniteValuesAreMissingAndTold() throws IOException {
        for (String format : List.of("format: json", "format: csv")) {
            List<String> rows = rows("A", 0);
            rows.set(20, time(20) + ",50");
            rows.set(30, time(30) + ",50,inf");
            write("a.csv", "timestamp,flow,pressure", rows);

            CommandLineSession session = session(format);

            assertThat(session.exitCode()).isZero();
            assertThat(session.out())
                    .contains("missing: 2 values of ")
                    .contains("first in line 22: the row ends before 1 of the declared features");
        }
    }

    @Test
    void anEventOfALineIsARowOfItsOwnSeries() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add("{\"at\":\"" + time(i) + "\",\"all\":[{\"u\":\"a\",\"flow\":" + (5 + i % 3)
                    + "},{\"u\":\"b\",\"flow\":" + (5000 + i % 4) + "},{\"u\":\"b\"},7]}");
        }
        write("a.ndjson", "", lines);
        Path stream = Files.writeString(
                folder.resolve("s.yaml"),
                "stream: s\nstep: 10m\nnetworks: []\ninput: {topic: t, records: all, time: at, series: [u], features: [flow]}\n");

        JsonNode json =
                json(CommandLineSession.backtest(stream, folder.resolve("data"), folder.resolve("out"), "--json"));

        assertThat(json.path("rows").asInt()).isEqualTo(400);
        assertThat(json.path("statuses").path("rejected").asInt()).isEqualTo(200);
        assertThat(json.path("statuses").path("warming-up").asInt()).isEqualTo(60);
        assertThat(json.path("statuses").path("scored").asInt()).isEqualTo(140);
        assertThat(json.path("statuses").path("duplicate").asInt()).isZero();
    }

    @Test
    void aFeatureThatComesOrGoesForGoodIsTold() throws IOException {
        List<String> rows = rows("A", 0);
        for (int i = 0; i < rows.size(); i++) {
            rows.set(i, time(i) + (i < 60 ? ",," : ",50,") + (i < 20 || i % 9 == 0 && i < 60 ? "5" : ""));
        }
        write("a.csv", "timestamp,flow,pressure", rows);

        assertThat(session("").out())
                .containsPattern(
                        "changed: in .*a.csv feature flow has its first value in line 62 of " + (rows.size() + 1))
                .containsPattern("changed: in .*a.csv feature pressure has no value after line 56 of ");
    }

    @Test
    void rowsThatRunBackwardsAreAnError() throws IOException {
        List<String> rows = rows("A", 0);
        Collections.reverse(rows);
        write("a.csv", "timestamp,flow,pressure", rows);

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("a.csv runs backwards");
    }

    @Test
    void aRowFarAheadThatTheNextOneContradictsIsRejectedAndMakesNoOtherLate() throws IOException {
        for (int at : new int[] {0, 80}) {
            for (String ahead : List.of("2099-01-01T00:00:00Z", "2024-01-04T00:00:00Z")) {
                List<String> rows = rows("A", 0);
                rows.set(at, ahead + ",50,5");
                write("a.csv", "timestamp,flow,pressure", rows);

                CommandLineSession session = backtest("");

                assertThat(session.exitCode()).isZero();
                JsonNode json = json(session);
                assertThat(json.path("statuses").path("late").asInt()).isZero();
                assertThat(json.path("rejections").get(0).path("reason").asText())
                        .as(ahead + " in row " + at)
                        .isEqualTo("too-far-future");
                assertThat(json.path("rejections").get(0).path("rows").asInt()).isEqualTo(1);
            }
        }
    }

    @Test
    void rowsBehindAGapAreTakenHoweverLongItIs() throws IOException {
        List<String> rows = rows("A", 0);
        for (int gap : new int[] {20, 25, 90}) rows.subList(gap, gap + 3).clear();
        rows.subList(100, rows.size())
                .replaceAll(row -> row.replace("2024-01-0", "2024-06-0")); // five months later, and on from there
        write("a.csv", "timestamp,flow,pressure", rows);

        JsonNode json = json(backtest(""));

        assertThat(json.path("rejections")).isEmpty();
        assertThat(json.path("statuses").path("late").asInt()).isZero();
    }

    @Test
    void aTimeOfAnotherFormIsRejectedWithThePatternThatItMayHave() throws IOException {
        for (String[] form : new String[][] {
            {"31/12/2023 10:00:00", "pattern: \"dd/MM/yyyy HH:mm:ss\""},
            {"12/31/2023 10:00", "pattern: \"MM/dd/yyyy HH:mm\""},
            {"05/06/2023 10:00", "pattern: \"dd/MM/yyyy HH:mm\" or \"MM/dd/yyyy HH:mm\""},
            {" 12/28/2015 10:00:00 AM", "pattern: \"MM/dd/yyyy hh:mm:ss a\""},
            {"20231231100000", "pattern: \"yyyyMMddHHmmss\""},
            {"20231231", "pattern: \"yyyyMMdd\""},
            {"31.12.2023 10:00", "pattern: \"dd.MM.yyyy HH:mm\""},
            {"31-Dec-2023 10:00:00", "pattern: \"dd-MMM-yyyy HH:mm:ss\""},
            {"2023-1-5 0:05", "pattern: \"yyyy-M-d H:mm\""},
            {"31.12.23 10:00", "pattern: \"dd.MM.yy HH:mm\""},
            {"638396640000000000", "ticks"},
            {"45291.4166", "declare unit: excel"}
        }) {
            write("a.csv", "timestamp,flow,pressure", List.of(form[0] + ",1,2", form[0] + ",1,3"));
            CommandLineSession session = session("");
            assertThat(session.exitCode()).isEqualTo(1);
            assertThat(session.out()).contains("time-unreadable").contains(form[1]);
        }
    }

    @Test
    void aFieldThatNoLineOfJsonHasIsAnErrorAndOneThatIsNullIsNot() throws IOException {
        for (String field : List.of("Pressure", "pressure")) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                lines.add("{\"timestamp\":\"" + time(i) + "\",\"unit\":\"A\",\"flow\":" + (50 + i % 7) + ",\"" + field
                        + "\":null}");
            }
            write("a.ndjson", "", lines);

            CommandLineSession session = backtest("");

            boolean misspelt = field.equals("Pressure");
            assertThat(session.exitCode()).isEqualTo(misspelt ? 1 : 0);
            assertThat(session.err()).contains(misspelt ? "no row has the field or the name of feature pressure" : "");
        }
    }

    @Test
    void aFeatureThatNoRowOfLongFormNamesIsAnErrorAndOtherNamesAreCounted() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(time(i) + ",flow," + (50 + i % 7));
            rows.add(time(i) + ",Pressure,5");
        }
        write("a.csv", "timestamp,metric,reading", rows);

        CommandLineSession session = session("long: {name: metric, value: reading, unknown: ignore}");

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.out()).contains("passed over: 200 of 400 rows of");
        assertThat(session.err()).contains("no row has the field or the name of feature pressure");
    }

    @Test
    void blanksBetweenThousandsMayBeOfAnyWidth() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++)
            rows.add(time(i) + ";4" + "  \u00a0\u202f".charAt(i % 4) + "99" + i % 7 + ",5;5");
        write("a.csv", "timestamp;flow;pressure", rows);

        CommandLineSession session = backtest("csv: {delimiter: ';', decimal: ',', thousands: ' '}");

        assertThat(session.exitCode()).isZero();
        assertThat(json(session).path("bad_values")).isEmpty();
        assertThat(json(session).path("rejections")).isEmpty();
    }

    @Test
    void rowsThatAreLateOrThereTwiceAreToldWithTheirFirstLine() throws IOException {
        List<String> rows = rows("A", 0);
        rows.add(rows.get(50));
        rows.add(100, rows.get(99));
        write("a.csv", "timestamp,flow,pressure", rows);

        assertThat(session("").out())
                .contains("duplicate: 1 of 202 rows of")
                .contains("first in line 102: of the same time and values as a row before")
                .contains("late: 1 of 202 rows of")
                .contains("first in line 203: older than a newer row");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithWhatMayMendIt() throws IOException {
        for (String[] broken : new String[][] {
            {"a.csv.gz", "timestamp,flow,pressure\n", "a.csv.gz ends in .gz, but is not packed by gzip"},
            {"a.csv", "# of logger 7\ntimestamp,flow,pressure\n", "see input.csv.comment"},
            {"a.txt", "timestamp   flow   pressure\n", "is input.csv.delimiter whitespace?"}
        }) {
            Files.createDirectories(folder.resolve("data"));
            Path file = Files.writeString(folder.resolve("data").resolve(broken[0]), broken[1]);
            CommandLineSession session = backtest("");
            assertThat(session.exitCode()).isEqualTo(1);
            assertThat(session.err()).contains(broken[0]).contains(broken[2]);
            Files.delete(file);
        }
    }

    @Test
    void theDelimiterLineOfSpreadsheetsIsNoHeader() throws IOException {
        List<String> rows = new ArrayList<>(rows("A", 0));
        rows.add(0, "timestamp,flow,pressure");
        rows.replaceAll(row -> row.replace(',', ';'));
        write("a.csv", "sep=;", rows);

        CommandLineSession session = backtest("csv: {delimiter: ';'}");

        assertThat(session.exitCode()).as(session.err()).isZero();
        assertThat(json(session).path("rows").asInt()).isEqualTo(ROWS);
    }

    @Test
    void linesOfJsonAreReadAsRecordsAre() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            lines.add(
                    "{\"timestamp\":\"" + time(i) + "\",\"unit\":\"A\",\"flow\":" + (50 + i % 7) + ",\"pressure\":5}");
        }
        write("a.ndjson", "", lines);

        CommandLineSession session = backtest("");

        assertThat(session.exitCode()).isZero();
        assertThat(json(session).path("statuses").path("scored").asInt()).isGreaterThan(ROWS - 100);
    }

    @Test
    void decimalCommasAndMarksBetweenThousandsAreReadAsDeclared() throws IOException {
        List<String> german = new ArrayList<>();
        List<String> plain = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double flow = 4993.25 + i % 9;
            plain.add(time(i) + "," + flow + ",5.5");
            german.add(time(i) + ";" + String.format(Locale.GERMANY, "%,.2f", flow) + ";5,5");
        }
        write("a.csv", "timestamp,flow,pressure", plain);
        backtest("");
        List<String> expected = outcomes("a.csv");
        write("a.csv", "timestamp;flow;pressure", german);
        CommandLineSession session = backtest("csv: {delimiter: ';', decimal: ',', thousands: '.'}");

        assertThat(session.exitCode()).isZero();
        assertThat(outcomes("a.csv")).isEqualTo(expected);
        assertThat(expected.get(ROWS - 1)).contains("scored");
    }

    private CommandLineSession backtest(String further) throws IOException {
        return session(further, "--json");
    }

    private CommandLineSession session(String further, String... options) throws IOException {
        Path stream = Files.writeString(folder.resolve("s.yaml"), """
                stream: s
                input:
                  topic: t
                  series: [unit]
                  features: [flow, pressure]
                  %s
                step: 10m
                networks: []
                """.formatted(further));
        return CommandLineSession.backtest(stream, folder.resolve("data"), folder.resolve("out"), options);
    }

    private static JsonNode json(CommandLineSession session) throws IOException {
        return new ObjectMapper().readTree(session.out());
    }

    private List<String> outcomes(String name) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out").resolve(name));
        return lines.subList(1, lines.size());
    }

    private void write(String name, String header, List<String> rows) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve(name), (header.isEmpty() ? "" : header + "\n") + String.join("\n", rows) + "\n");
    }

    /** @param cells above 2: the unit stands at the end */
    private static List<String> rows(String unit, int cells) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) rows.add(row(i, 50 + i % 7) + (cells > 2 ? "," + unit : ""));
        return rows;
    }

    private static String row(int i, double flow) {
        return time(i) + "," + flow + "," + (5 + i % 3);
    }

    private static String time(int i) {
        return FROM.plus(Duration.ofMinutes(10L * i)).toString();
    }
}
