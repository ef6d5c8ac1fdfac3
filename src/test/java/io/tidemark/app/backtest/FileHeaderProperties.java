package io.tidemark.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10^5 headers, whole or damaged, fixed seed: either the file is refused by a sentence that names the column, or every declared column is read
 * from where it stands, whatever stands beside it and in whatever order.
 */
class FileHeaderProperties {
    private static final int CASES = 100_000;
    private static final List<String> DECLARED =
            List.of("at", "pump", "flow", "motor heat", "\u00e9tat (\u00b0C)", "a;b");
    private static final List<String> OTHERS =
            List.of("note", "flow2", "FLOW", "Flow", " flow", "heat", "", "at2", "pum");

    private final Random random = new Random(23);

    @TempDir
    Path folder;

    @Test
    void aHeaderIsReadWholeOrRefusedByName() throws IOException {
        StreamSpec stream = StreamFile.read(
                Files.writeString(
                        folder.resolve("s.yaml"),
                        "stream: s\nstep: 1m\ninput: {topic: t, time: at, series: [pump], features: [flow, motor heat, \"\u00e9tat (\u00b0C)\", \"a;b\"]}\n"));
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            List<String> columns = new ArrayList<>(DECLARED);
            for (int n = random.nextInt(3); n > 0; n--) columns.add(OTHERS.get(random.nextInt(OTHERS.size())));
            Collections.shuffle(columns, random);
            String damaged = i % 3 == 0 ? damage(columns) : "";
            String said = FileHeader.mistake(stream.input(), columns).orElse("");
            if (!damaged.isEmpty()) {
                assertThat(said).as("of %s", columns).contains("\"" + damaged + "\"");
                refused++;
                continue;
            }
            assertThat(said).as("of %s", columns).isEmpty();
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) cells.add("v" + columns.indexOf(columns.get(c)));
            String event = new String(new RowEncoder(stream, columns, "file").encode(cells, 0), StandardCharsets.UTF_8);
            StringBuilder wanted = new StringBuilder();
            for (String field : DECLARED) {
                wanted.append(wanted.isEmpty() ? "{" : ",")
                        .append('"')
                        .append(field)
                        .append("\":\"v")
                        .append(columns.indexOf(field))
                        .append('"');
            }
            assertThat(event).as("of %s", columns).isEqualTo(wanted + "}");
        }
        assertThat(refused).isGreaterThan(CASES / 4);
    }

    /** Takes a declared column away, renames it or repeats it. */
    private String damage(List<String> columns) {
        // the file names the series of rows where none of its columns does
        String field = DECLARED.get(random.nextInt(5) == 0 ? 0 : 2 + random.nextInt(DECLARED.size() - 2));
        int at = columns.indexOf(field);
        switch (random.nextInt(3)) {
            case 0 -> columns.remove(at);
            case 1 -> columns.set(at, field + "_");
            default -> columns.add(random.nextInt(columns.size() + 1), field);
        }
        return field;
    }
}
