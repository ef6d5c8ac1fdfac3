package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesTableTest {
    @TempDir
    private Path folder = Path.of("");

    private SeriesTable read(String text) throws IOException {
        Files.writeString(folder.resolve("a.csv"), text);
        List<SeriesTable> tables = SeriesTable.below(folder, Optional.empty(), sentence -> {});
        assertThat(tables).hasSize(1);
        return tables.get(0);
    }

    @Test
    void columnsOfNumbersBehindTheTimeAreFeatures() throws IOException {
        SeriesTable table = read("timestamp,load,host,temp\n1,0.5,db,20\n2,,db,21\n3,0.7,db,x\n");
        assertThat(table.series()).isEqualTo("a");
        assertThat(table.columns()).containsExactly("load", "temp");
        assertThat(table.values()).containsExactly(0.5, 20, Double.NaN, 21, 0.7, Double.NaN);
    }

    @Test
    void filesWithoutHeaderAndWithOtherDelimitersAreRead() throws IOException {
        SeriesTable plain = read("1.5,2\n3,4\n");
        assertThat(plain.columns()).containsExactly("column-1", "column-2");
        assertThat(plain.values()).containsExactly(1.5, 2, 3, 4);
        assertThat(read("date;v\n2020-01-01;7\n").values()).containsExactly(7);
        assertThat(read("5\n6\n").values()).containsExactly(5, 6);
    }

    @Test
    void aStreamsFilesAreReadAsItsTopicIs() throws IOException {
        Files.writeString(folder.resolve("a.csv"), """
                at,pump,flow,on
                2024-01-01 00:00:00,p,-999,yes
                2024-01-01 00:01:00,q,"1.234,5",no
                2024-01-01 00:02:00,p,bad,no
                soon,p,3,no
                2024-01-01 00:03:00,,4,no
                2024-01-01 00:04:00,p,5
                """);
        String declared = """
                stream: s
                step: 1m
                input:
                  topic: t
                  format: csv
                  csv: {decimal: ",", thousands: "."}
                  time: at
                  series: [pump]
                  features: [flow, on]
                  missing: [-999]
                """;
        List<String> told = new ArrayList<>();
        List<SeriesTable> tables = SeriesTable.below(folder.resolve("a.csv"), Optional.of(stream(declared)), told::add);
        assertThat(tables).extracting(SeriesTable::series).containsExactly("p", "q");
        double none = Double.NaN;
        assertThat(tables.get(0).values()).containsExactly(none, 1, none, 0, none, none, 5, none);
        assertThat(tables.get(1).values()).containsExactly(1234.5, 0);
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith(
                        "of 6 rows 1 rejected (no-series), 1 rejected (time-unreadable), 1 of these in no series, 2 values that are no number;"
                                + " the first is line 5 of ")
                .contains("field at is \"soon\"");

        assertThatThrownBy(() -> SeriesTable.below(
                        folder.resolve("a.csv"), Optional.of(stream(declared + "  derive: rate\n")), told::add))
                .hasMessageContaining("feature flow is derived from a counter");
    }

    private StreamSpec stream(String text) throws IOException {
        return StreamFile.read(Files.writeString(folder.resolve("s.yaml"), text));
    }

    @Test
    void fileWithoutNumbersIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> read("name,site\nx,y\n")).hasMessageContaining("say with --stream how it is read");
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
    }

    @Test
    void smoothedErrorsFollowTheirSpanAndPassOverRowsWithoutOne() {
        double[] errors = {Double.NaN, 1, 3, Double.NaN, 0};
        assertThat(RowErrors.smoothed(errors, 3)).containsExactly(Double.NaN, 1, 2, 2, 1);
        assertThat(RowErrors.smoothed(errors, 1)).containsExactly(Double.NaN, 1, 3, 3, 0);
    }
}
