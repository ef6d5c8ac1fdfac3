package io.tidemark.series.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellsTest {
    private static final InputSpec.Csv COMMAS = new InputSpec.Csv(List.of(), false, ',');

    @Test
    void quotedCellsMayHoldDelimitersQuotesAndLineEnds() throws IOException {
        assertThat(rows("a,\"4,993.12\"\r\n\"two\nlines\",\"say \"\"so\"\"\"\n", COMMAS))
                .containsExactly(List.of("a", "4,993.12"), List.of("two\nlines", "say \"so\""));
    }

    @Test
    void aRowKnowsTheLineItBeginsOn() throws IOException {
        try (Cells cells = new Cells(new StringReader("a\n\n\"b\nc\"\nd\n"), COMMAS)) {
            List<Long> lines = new ArrayList<>();
            while (cells.next() != null) lines.add(cells.line());
            assertThat(lines).containsExactly(1L, 3L, 5L);
        }
    }

    @Test
    void blanksAndTabsInAnyNumberStandBetweenCellsWhereThatIsDeclared() throws IOException {
        InputSpec.Csv columns = new InputSpec.Csv(List.of(), false, InputSpec.Csv.WHITESPACE);

        assertThat(rows("  1   2.5\t\"x\n\n 3 4 5  \n", columns))
                .containsExactly(List.of("1", "2.5", "\"x"), List.of("3", "4", "5"));
    }

    @Test
    void linesOfCommentAreNoRowsWhereTheirMarkIsDeclared() throws IOException {
        InputSpec.Csv marked = new InputSpec.Csv(List.of(), false, ',', '.', "", "#", StandardCharsets.UTF_8);

        assertThat(rows("# logger 7\na,b\n# pause\n1,#2\n", marked))
                .containsExactly(List.of("a", "b"), List.of("1", "#2"));
        assertThat(rows("#1,2\n", COMMAS)).containsExactly(List.of("#1", "2"));
    }

    @Test
    void aQuoteWithoutAnEndIsAnErrorThatNamesTheLine() {
        assertThatThrownBy(() -> rows("a,b\n1,\"2\n3,4\n", COMMAS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("after line 1");
    }

    private static List<List<String>> rows(String text, InputSpec.Csv csv) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (Cells cells = new Cells(new StringReader(text), csv)) {
            for (List<String> row = cells.next(); row != null; row = cells.next()) rows.add(row);
        }
        return rows;
    }
}
