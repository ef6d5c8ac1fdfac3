package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats whose records are bytes have no form in files. */
class BinaryFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "prometheus, a.csv, 'time,flow\n1700000000,1'",
        "prometheus, a.ndjson, '{}'",
        "avro, a.ndjson, '{}'",
        "avro, a.csv, 'time,flow\n1700000000,1'",
        "protobuf, a.txt, 'time,flow\n1700000000,1'",
        "otlp, a.csv, 'time,flow\n1700000000,1'",
    })
    void theErrorNamesTheFormatAndSaysWhatToDo(String format, String name, String text) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve(name), text + "\n");
        boolean schema = format.equals("avro") || format.equals("protobuf");
        Path stream = Files.writeString(folder.resolve("s.yaml"), """
                stream: s
                input: {topic: t, format: %s, series: [unit], features: [flow]%s}
                networks: []
                """.formatted(
                        format, schema ? ", schema: {registry: 'http://127.0.0.1:1'}" : ""));

        CommandLineSession session = CommandLineSession.backtest(stream, data, folder.resolve("out"));

        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err())
                .contains(name)
                .contains("declares format: " + format)
                .contains("for files declare json or csv in a copy of the stream file");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
