package io.tidemark.app.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final Columns COLUMNS = new Columns(Columns.text("series", 6), Columns.number("score", 5));
    private static final LiveTable.Row CALM = new LiveTable.Row(List.of("pump-1", "0.10"), false);
    private static final LiveTable.Row ODD = new LiveTable.Row(List.of("pump-number-2", "0.97"), true);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    private String written() {
        String text = bytes.toString(UTF_8);
        bytes.reset();
        return text;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void controlCharactersOfForeignTextBecomeBlanks() {
        assertThat(COLUMNS.line(List.of("p\u001b[2J", "0.97"))).isEqualTo("p [2J    0.97");
        assertThat(COLUMNS.line(List.of("p", "a\n\u009bb\u202ec"))).isEqualTo("p       a  b c");
    }

    @Test
    void columnsKeepTheirWidthAndCutWhatIsTooLong() {
        assertThat(COLUMNS.header()).isEqualTo("series  score");
        assertThat(COLUMNS.line(List.of("pump-number-2", "0.97"))).isEqualTo("pump-…   0.97");
        assertThat(COLUMNS.line(List.of("p", "1234567.5"))).isEqualTo("p       1234567.5");
    }

    @Test
    void namesOfPartsKeepWhatTellsThemApart() {
        Columns names = new Columns(Columns.name("series", 16), Columns.number("score", 5));
        String shared = "web-1.example/interface/eth0/";
        assertThat(names.line(List.of(shared + "if_octets", "0.9"))).isEqualTo("web-1…/if_octets    0.9");
        assertThat(names.line(List.of(shared + "if_errors", "0.9"))).isEqualTo("web-1…/if_errors    0.9");
        assertThat(names.line(List.of("pump-1", "0.9"))).isEqualTo("pump-1              0.9");
    }

    @Test
    void aTableIsDrawnOverItselfOnATerminal() {
        var terminal = new Terminal(true, 40, 80, false);
        var table = new LiveTable(out, terminal, COLUMNS, Duration.ofSeconds(10), nanos::get);
        table.draw("first", List.of(CALM, ODD), List.of());
        assertThat(written()).doesNotContain("\u001b[4A").contains("first", "pump-1", "0.97");
        table.draw("second", List.of(CALM), List.of("alert"));
        assertThat(written()).contains("\u001b[4A").contains("second", "alert").endsWith("\u001b[0J");
    }

    @Test
    void aTableTallerThanTheTerminalSaysWhatItLeavesOut() {
        var terminal = new Terminal(true, 7, 80, true);
        var table = new LiveTable(out, terminal, COLUMNS, Duration.ofSeconds(10), nanos::get);
        table.draw("all", List.of(ODD, CALM, CALM, CALM, CALM), List.of());
        assertThat(written()).contains("… 3 more").contains("\u001b[1;31mpump-…");
    }

    @Test
    void withoutATerminalOnlyNotableRowsAreWrittenNowAndThen() {
        var table = new LiveTable(out, Terminal.plain(), COLUMNS, Duration.ofSeconds(10), nanos::get);
        table.draw("at 0 s", List.of(CALM, ODD), List.of());
        pass(Duration.ofSeconds(9));
        table.draw("at 9 s", List.of(CALM, ODD), List.of());
        pass(Duration.ofSeconds(1));
        table.draw("at 10 s", List.of(CALM), List.of("none"));
        assertThat(written().lines()).containsExactly("at 0 s", "  pump-…   0.97", "at 10 s", "  none");
    }

    @Test
    void progressSaysItsRateAndTheTimeLeft() {
        try (var progress = new Progress(out, false, "records", 1000, nanos::get)) {
            progress.at(10);
            assertThat(written()).isEmpty();
            pass(Duration.ofSeconds(5));
            progress.at(250);
            assertThat(written()).isEqualToIgnoringNewLines("250 of 1,000 records (25 %), 50 a second, 15 s left");
            pass(Duration.ofSeconds(5));
            progress.at(1000);
            written();
            progress.close();
            assertThat(written()).isEqualToIgnoringNewLines("1,000 records in 10.0 s, 100 a second");
        }
        assertThat(written()).isEmpty();
    }

    @Test
    void progressOfUnknownSizeHasNoTimeLeft() {
        var progress = new Progress(out, true, "events", Progress.TOTAL_UNKNOWN, nanos::get);
        pass(Duration.ofSeconds(2));
        progress.at(5000);
        assertThat(written()).isEqualTo("\r\u001b[2K5,000 events, 2,500 a second");
    }

    @Test
    void aPipeIsNoTerminal() {
        assertThat(Terminal.detect(Map.of("TERM", "dumb")).interactive()).isFalse();
    }
}
