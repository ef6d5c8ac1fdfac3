package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowEncoderTest {
    @TempDir
    Path folder;

    @Test
    void aRowBecomesAJsonEventWithItsFileAsSeries() throws IOException {
        StreamSpec spec = spec("{topic: t, series: [series], features: [{name: v, field: m.value}]}");
        RowEncoder encoder = new RowEncoder(spec, List.of("timestamp", "m.value", "ignored"), "aws/cpu");

        assertThat(text(encoder.encode(List.of("2014-05-14 01:14:00", "85.835", "x"), 0)))
                .isEqualTo("{\"series\":\"aws/cpu\",\"timestamp\":\"2014-05-14 01:14:00\",\"m\":{\"value\":85.835}}");
    }

    @Test
    void aRowWithoutATimeTakesItsNumber() throws IOException {
        StreamSpec spec = spec(
                "{topic: t, format: csv, series: [machine], time: {field: at, unit: row-number}, features: {count: 2}, csv: {header-line: false}}");
        RowEncoder encoder = new RowEncoder(spec, List.of("f0", "f1"), "machine-1");

        assertThat(text(encoder.encode(List.of("0.1", "0.2"), 2))).isEqualTo("1970-01-01T00:02:00Z,machine-1,0.1,0.2");
    }

    private StreamSpec spec(String input) throws IOException {
        Path file = folder.resolve("s.yaml");
        Files.writeString(file, "stream: s\nstep: 1m\ninput: " + input + "\n");
        return StreamFile.read(file);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
