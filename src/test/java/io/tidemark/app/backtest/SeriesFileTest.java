package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFileTest {
    private static final String ROWS = "timestamp,flow,pressure\n2024-01-01T00:00:00Z,1,2\n";

    @TempDir
    Path folder;

    @Test
    void endingsCountWhateverTheirCase() throws IOException {
        write("LOGGER7.CSV", ROWS);
        write("probe.tsv", ROWS.replace(',', '\t'));
        write("deep/er.Txt", ROWS);
        write("events.ndjson", "{}");
        write("README.md", "about");
        Files.write(folder.resolve("packed.csv.zst"), Zstd.compress(ROWS.getBytes(StandardCharsets.UTF_8)));

        List<SeriesFile> files = SeriesFile.below(folder);

        assertThat(files)
                .extracting(SeriesFile::series)
                .containsExactly("LOGGER7", "deep/er", "events", "packed", "probe");
        for (SeriesFile file : files) {
            if (file.lines()) continue;
            try (SeriesFile.Rows rows = file.open(spec("").input())) {
                assertThat(rows.columns()).containsExactly("timestamp", "flow", "pressure");
                assertThat(rows.next()).containsExactly("2024-01-01T00:00:00Z", "1", "2");
            }
        }
    }

    @Test
    void twoFilesOfOneSeriesAreAnError() throws IOException {
        write("pump.csv", ROWS);
        write("pump.txt", ROWS);

        assertThatThrownBy(() -> SeriesFile.below(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pump.csv")
                .hasMessageContaining("pump.txt")
                .hasMessageContaining("both of series pump");
    }

    @Test
    void aFileThatWouldBePassedOverIsAnError() throws IOException {
        write("pump.csv", ROWS);
        write("pump-2.xlsx", "?");

        assertThatThrownBy(() -> SeriesFile.below(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pump-2.xlsx");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() throws IOException {
        write("bom.csv", "\uFEFFflow,timestamp,pressure\r\n1,2024-01-01T00:00:00Z,2\r\n");

        assertThat(columns("")).containsExactly("flow", "timestamp", "pressure");
    }

    @Test
    void bytesOfAnotherEncodingAreAnErrorUnlessItIsDeclared() throws IOException {
        Charset western = Charset.forName("windows-1252");
        Files.write(folder.resolve("a.csv"), "timestamp,flow,pressure,Größe\n".getBytes(western));

        assertThatThrownBy(() -> columns(""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.csv is not in UTF-8")
                .hasMessageContaining("input.csv.encoding");
        assertThat(columns("csv: {encoding: windows-1252}")).endsWith("Größe");
    }

    @Test
    void wideCharactersAreNamed() throws IOException {
        Files.write(folder.resolve("a.csv"), ("\uFEFF" + ROWS).getBytes(StandardCharsets.UTF_16LE));

        assertThatThrownBy(() -> columns("")).isInstanceOf(IOException.class).hasMessageContaining("UTF-16");
        assertThat(columns("csv: {encoding: UTF-16}")).containsExactly("timestamp", "flow", "pressure");
    }

    private List<String> columns(String csv) throws IOException {
        StreamSpec spec = spec(csv);
        try (SeriesFile.Rows rows = SeriesFile.below(folder).get(0).open(spec.input())) {
            return rows.columns();
        }
    }

    private StreamSpec spec(String csv) throws IOException {
        Path outside = Files.createTempDirectory(folder.getParent(), "spec");
        Path file = Files.writeString(outside.resolve("s.yaml"), """
                stream: s
                input:
                  topic: t
                  series: [unit]
                  features: [flow, pressure]
                  %s
                """.formatted(csv));
        return StreamFile.read(file);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
