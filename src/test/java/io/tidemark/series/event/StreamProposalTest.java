package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamProposalTest {
    @Test
    void regularJsonGivesTimeSeriesFeaturesAndAStepForEachEvent() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            records.add("""
                    {"at": "2026-01-01T00:%02d:00Z", "pump": "p%d", "flow": 1.5, "inner": {"heat": %d}, "note": "row %d", "label": 0}
                    """.formatted(i / 3 * 2, i % 3, i, i));
        }

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values())
                .containsEntry("input.format", "json")
                .containsEntry("input.time.field", "at")
                .containsEntry("input.series", "[pump]")
                .containsEntry("input.features", "[flow, inner.heat]")
                .containsEntry("step", "event");
        assertThat(proposal.why()).containsOnlyKeys(proposal.values().keySet());
        assertThat(proposal.why().get("input.features")).contains("label, which looks like a label");
        assertThat(proposal.why().get("step")).startsWith("Events of a series are 2m apart (100 % of them");
    }

    @Test
    void irregularEventsGetAGridOfAboutTheirMedianDistance() {
        List<String> records = new ArrayList<>();
        long second = 1_700_000_000;
        for (int i = 0; i < 40; i++)
            records.add("{\"ts\": " + (second += i % 2 == 0 ? 8 : 47) + ", \"value\": " + i + "}");

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values()).containsEntry("step", "1m").containsEntry("input.series", "[]");
    }

    @Test
    void csvWithoutANameOrTimeIsNumberedByItsRows() {
        StreamProposal proposal =
                StreamProposal.of(List.of("1;2.5", "2;2.6", "4;2.7")).orElseThrow();

        assertThat(proposal.values())
                .containsEntry("input.format", "csv")
                .containsEntry("input.csv.delimiter", "';'")
                .containsEntry("input.csv.header-line", "false")
                .containsEntry("input.csv.header", "[column-1, column-2]")
                .containsEntry("input.time.unit", "row-number")
                .containsEntry("input.features", "[column-1, column-2]")
                .containsEntry("step", "1m");
    }

    @Test
    void oneValueARecordIsLongForm() {
        List<String> records = new ArrayList<>(List.of("time,host,metric,value"));
        for (int i = 0; i < 20; i++) {
            records.add("2026-01-01 00:00:%02d,a,%s,%d".formatted(i / 2 * 5, i % 2 == 0 ? "cpu" : "disk", i));
        }

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values())
                .containsEntry("input.long.name", "metric")
                .containsEntry("input.long.value", "value")
                .containsEntry("input.features", "[cpu, disk]")
                .containsEntry("input.series", "[host]")
                .containsEntry("step", "5s");
    }

    @Test
    void collectdsArraysAreEventsOfNamesBesideValues() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String shared = "\"time\":%d.350,\"interval\":10.000,\"host\":\"web-1\",".formatted(1_700_000_000 + 10 * i);
            records.add(
                    "[{\"values\":[12.5],\"dstypes\":[\"gauge\"],\"dsnames\":[\"value\"]," + shared
                            + "\"plugin\":\"cpu\",\"plugin_instance\":\"\",\"type\":\"percent\",\"type_instance\":\"user\"},"
                            + "{\"values\":[0,1],\"dstypes\":[\"derive\",\"derive\"],\"dsnames\":[\"rx\",\"tx\"],"
                            + shared
                            + "\"plugin\":\"interface\",\"plugin_instance\":\"eth0\",\"type\":\"if_octets\",\"type_instance\":\"\"}]");
        }

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();
        assertThat(proposal.why().get("input.features"))
                .contains("No series has all of them: 1 of 2 series have rx, tx; 1 of 2 series have value.");
        assertThat(proposal.values())
                .containsEntry("input.format", "json")
                .containsEntry("input.records", "''")
                .containsEntry("input.time.field", "time")
                .containsEntry("input.series", "[host, plugin, plugin_instance, type, type_instance]")
                .containsEntry("input.long.name", "dsnames")
                .containsEntry("input.long.value", "values")
                .containsEntry("input.features", "[rx, tx, value]")
                .containsEntry("step", "10s");
    }

    @Test
    void eachElementOfABatchIsAnEvent() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            records.add("""
                    {"metrics": [{"fields": {"idle": %d.5}, "name": "cpu", "tags": {"host": "a"}, "timestamp": %d},
                                 {"fields": {"idle": 3.5}, "name": "cpu", "tags": {"host": "b"}, "timestamp": %d}]}
                    """.formatted(i, 1_700_000_000 + i, 1_700_000_000 + i));
        }

        assertThat(StreamProposal.of(records).orElseThrow().values())
                .containsEntry("input.records", "metrics")
                .containsEntry("input.time.field", "timestamp")
                .containsEntry("input.series", "[name, tags.host]")
                .containsEntry("input.features", "[fields.idle]")
                .containsEntry("step", "event");
    }

    @Test
    void linesOfInfluxGiveTheMeasurementThatMostLinesAreOf() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            records.add("cpu,host=a%d idle=9%d.5,user=3i,state=\"a b, c\" %d"
                    .formatted(i % 2, i, 1_700_000_000_000_000_000L + i / 2 * 10_000_000_000L));
            if (i < 3) records.add("disk,host=a free=3i 17000000000000%05d".formatted(i));
        }

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values())
                .containsEntry("input.format", "influx")
                .containsEntry("input.where", "{measurement: cpu}")
                .containsEntry("input.time.field", "timestamp")
                .containsEntry("input.series", "[tags.host]")
                .containsEntry("input.features", "[idle, user]")
                .containsEntry("step", "event")
                .doesNotContainKey("input.long.name");
        assertThat(proposal.why().get("input.where")).contains("disk");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            28/12/2015 10:00:%02d AM | pattern | dd/MM/yyyy hh:mm:ss a
            2015-12-28 10:00:%02d PM | pattern | yyyy-MM-dd hh:mm:ss a
            02/12/2015 10:00:%02d    | pattern | dd/MM/yyyy HH:mm:ss
            201512281000%02d         | pattern | yyyyMMddHHmmss
            45292.50%02d             | unit    | excel
            """)
    void aTimeOfAnotherFormIsDeclared(String form, String setting, String value) {
        List<String> records = new ArrayList<>(List.of("stamp;flow"));
        for (int i = 0; i < 20; i++) records.add(form.formatted(i) + ";" + i);

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values())
                .containsEntry("input.time.field", "stamp")
                .containsEntry("input.features", "[flow]");
        assertThat(String.valueOf(proposal.values().get("input.time." + setting))
                        .replace("'", ""))
                .isEqualTo(value);
        if (form.startsWith("02/12")) {
            assertThat(proposal.why().get("input.time.pattern")).contains("Months first would fit too: MM/dd/yyyy");
        }
    }

    @Test
    void recordsThatAreNeitherJsonNorCsvOrHoldNoNumberGiveNothing() {
        assertThat(StreamProposal.of(List.of("hello", "world"))).isEmpty();
        assertThat(StreamProposal.of(List.of("{\"a\": \"x\"}", "{\"a\": \"y\"}")))
                .isEmpty();
        assertThat(StreamProposal.of(List.of("{\"a\": 1}", "{broken"))).isEmpty();
        assertThat(StreamProposal.of(List.of())).isEmpty();
    }

    @Test
    void whatNumbersRecordsIsLeftOutAndACounterIsNamed() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            records.add("""
                    {"at": "2026-01-01T00:%02d:00Z", "pump": "p%d", "seq": %d, "bytes": %d, "flow": %d}
                    """.formatted(i / 2, i % 2, 1000 + i / 2, i * i, i % 7));
        }

        StreamProposal proposal = StreamProposal.of(records).orElseThrow();

        assertThat(proposal.values()).containsEntry("input.features", "[bytes, flow]");
        assertThat(proposal.why().get("input.features"))
                .isEqualTo(
                        "Every field whose values are all numbers, but not seq, which numbers the records. bytes only"
                                + " rises: a counter is judged by its rate, {field: bytes, derive: rate}.");
    }
}
