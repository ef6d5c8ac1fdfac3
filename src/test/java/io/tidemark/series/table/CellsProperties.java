package io.tidemark.series.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CellsProperties {
    private static final int CASES = 100_000;
    private static final String[] PIECES = {
        "a",
        "7",
        ",",
        ";",
        "\"",
        "\"\"",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\t",
        "#",
        "é",
        "泵",
        "\uD83D\uDE00",
        "'",
        "-1.5",
        "\u00A0"
    };

    private final SplittableRandom random = new SplittableRandom(13);

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        InputSpec.Csv csv = new InputSpec.Csv(List.of(), false, ',');
        for (int i = 0; i < CASES; i++) {
            List<List<String>> rows = new ArrayList<>();
            for (int r = 1 + random.nextInt(3); r > 0; r--) rows.add(row());
            StringWriter text = new StringWriter();
            try (CellWriter writer = new CellWriter(text)) {
                for (List<String> row : rows) writer.row(row);
            }
            List<List<String>> read = new ArrayList<>();
            try (Cells cells = new Cells(new StringReader(text.toString()), csv)) {
                for (List<String> row = cells.next(); row != null; row = cells.next()) read.add(row);
            }
            assertThat(read).as("of %s", text).isEqualTo(rows);
        }
    }

    @Test
    void aRowIsReadBackAsARecord() {
        for (int i = 0; i < CASES; i++) {
            char delimiter = random.nextBoolean() ? ',' : ';';
            List<String> row = row();
            String text = CellWriter.one(row, delimiter);
            assertThat(Cells.ofOne(text, new InputSpec.Csv(List.of(), false, delimiter)))
                    .as("of %s", text)
                    .isEqualTo(row);
        }
    }

    private List<String> row() {
        List<String> cells = new ArrayList<>();
        for (int c = 1 + random.nextInt(4); c > 0; c--) {
            StringBuilder cell = new StringBuilder();
            for (int p = random.nextInt(5); p > 0; p--) cell.append(PIECES[random.nextInt(PIECES.length)]);
            cells.add(cell.toString());
        }
        return cells;
    }
}
