package io.tidemark.app.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels: as many as there are rows, each of them read as it is written, or an error with its line. */
class TruthTest {
    private static final int ROWS = 500;

    @TempDir
    private Path folder;

    @Test
    void everySpellingOfLabelsIsReadWholly() throws IOException {
        Random random = new Random(11);
        for (String kind : List.of("0|1", "0.0|1.0", "false|true")) {
            for (String name : List.of("a.txt", "a.csv", "a.tsv", "a.csv.zst")) {
                for (boolean header : new boolean[] {false, true}) {
                    boolean[] wanted = new boolean[ROWS];
                    List<String> lines = new ArrayList<>();
                    char delimiter = name.contains("tsv") ? '\t' : ',';
                    if (header) lines.add("\uFEFFat" + delimiter + "label");
                    for (int i = 0; i < ROWS; i++) {
                        wanted[i] = random.nextInt(10) == 0;
                        lines.add((header ? i + "" + delimiter : "") + kind.split("\\|")[wanted[i] ? 1 : 0]);
                    }
                    Path labels = Files.createDirectories(folder.resolve(kind.hashCode() + name + header));
                    byte[] text = (String.join("\r\n", lines) + "\n\n").getBytes(UTF_8);
                    Files.write(labels.resolve(name), name.endsWith("zst") ? Zstd.compress(text) : text);

                    assertThat(Truth.read(labels, "label").labels("a", ROWS)).isEqualTo(wanted);
                    assertThatThrownBy(() -> Truth.read(labels, "label").labels("a", ROWS - 1))
                            .hasMessageContaining("500 labels for 499 rows");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'0\n10\n0', has '10' in line 2",
        "'0\nanomaly\n0', has 'anomaly' in line 2",
        "'0\n1\n0\n1', 4 labels for 3 rows",
        "'at,truth\n1,0', begins with neither a label nor a header with the column label",
        "'at,label\n1,0\n2\n3,1', has a row without a label"
    })
    void whatIsNoLabelIsAnError(String text, String told) throws IOException {
        Files.writeString(folder.resolve("a.csv"), text);
        assertThatThrownBy(() -> Truth.read(folder, "label").labels("a", 3)).hasMessageContaining(told);
    }
}
