package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    void recordsThatAreNeitherJsonNorCsvOrHoldNoNumberGiveNothing() {
        assertThat(StreamProposal.of(List.of("hello", "world"))).isEmpty();
        assertThat(StreamProposal.of(List.of("{\"a\": \"x\"}", "{\"a\": \"y\"}")))
                .isEmpty();
        assertThat(StreamProposal.of(List.of("{\"a\": 1}", "{broken"))).isEmpty();
        assertThat(StreamProposal.of(List.of())).isEmpty();
    }
}
