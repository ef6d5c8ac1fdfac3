package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoredRowsTest {
    @TempDir
    Path folder;

    @Test
    void anAlertOfInterleavedSeriesOpensOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), """
                timestamp,score,tail_probability,alert_id,series
                1,0.1,0.5,,A
                1,0.9,0.01,s/B@1,B
                2,0.9,0.01,s/A@2,A
                2,0.9,0.01,s/B@1,B
                3,0.9,0.01,s/A@2,A
                3,0.1,0.5,,B
                """);
        assertThat(ScoredRows.read(file).openings()).containsExactly(1, 2);
    }

    @Test
    void cellsWithLineEndsAndQuotesAreOneRow() throws IOException {
        Path file = folder.resolve("a.csv");
        Files.writeString(
                file, "timestamp,score,tail_probability,alert_id,summary\n1,0.5,0.1,s/x,\"one\n\"\"two\"\"\"\n2,,,,\n");
        ScoredRows rows = ScoredRows.read(file);
        assertThat(rows.times()).containsExactly("1", "2");
        assertThat(rows.scores()).containsExactly(0.5, 0);
    }
}
