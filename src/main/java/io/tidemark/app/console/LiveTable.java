package io.tidemark.app.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A table of the present state, drawn over itself on a terminal. Where there is no terminal, the title and the notable rows are
 * written as plain lines now and then, so that a log of hours stays readable.
 *
 * <p>Rows beyond the terminal's height are left out and counted. One thread.
 */
public final class LiveTable {
    private static final String UP = "\u001b[%dA";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[0J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String DIM = "\u001b[2m";
    private static final String ALARM = "\u001b[1;31m";
    private static final String RESET = "\u001b[0m";
    /** Lines for title, header, footer and the cursor. */
    private static final int LINES_BESIDE_ROWS = 5;

    private final PrintStream out;
    private final Terminal terminal;
    private final Columns columns;
    private final long plainEveryNanos;
    private final LongSupplier nanoClock;

    private int linesDrawn;
    private boolean drawn;
    private long drawnAtNanos;

    /** @param notable stands out, and is what a log gets */
    public record Row(List<String> cells, boolean notable) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * @param plainEvery the time between two reports where there is no terminal
     * @param nanoClock such as {@code System::nanoTime}
     */
    public LiveTable(PrintStream out, Terminal terminal, Columns columns, Duration plainEvery, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.plainEveryNanos = plainEvery.toNanos();
        this.nanoClock = nanoClock;
    }

    /**
     * Shows this state in place of the one before.
     *
     * @param title one line above the table
     * @param footer lines below it, say the newest alerts
     */
    public void draw(String title, List<Row> rows, List<String> footer) {
        if (terminal.interactive()) {
            drawOver(title, rows, footer);
        } else {
            long now = nanoClock.getAsLong();
            if (!drawn || now - drawnAtNanos >= plainEveryNanos) {
                drawnAtNanos = now;
                writePlain(title, rows, footer);
            }
        }
        drawn = true;
    }

    /** Ends the table: what is written next stands below it. */
    public void close() {
        if (terminal.interactive() && drawn) {
            out.print(SHOW_CURSOR);
            out.flush();
        }
        linesDrawn = 0;
    }

    private void drawOver(String title, List<Row> rows, List<String> footer) {
        List<String> lines = new ArrayList<>();
        lines.add(fit(title));
        lines.add(colour(DIM, fit(columns.header())));
        int room = Math.max(1, terminal.rows() - LINES_BESIDE_ROWS - footer.size());
        for (Row row : rows.subList(0, Math.min(room, rows.size()))) {
            String line = fit(columns.line(row.cells()));
            lines.add(row.notable() ? colour(ALARM, line) : line);
        }
        if (rows.size() > room) {
            lines.add("… " + (rows.size() - room) + " more");
        }
        footer.forEach(line -> lines.add(fit(line)));

        StringBuilder frame = new StringBuilder(HIDE_CURSOR);
        if (linesDrawn > 0) {
            frame.append(UP.formatted(linesDrawn));
        }
        lines.forEach(line -> frame.append('\r').append(CLEAR_LINE).append(line).append('\n'));
        frame.append(CLEAR_BELOW);
        out.print(frame);
        out.flush();
        linesDrawn = lines.size();
    }

    private void writePlain(String title, List<Row> rows, List<String> footer) {
        out.println(title);
        rows.stream().filter(Row::notable).forEach(row -> out.println("  " + columns.line(row.cells())));
        footer.forEach(line -> out.println("  " + line));
        out.flush();
    }

    private String fit(String line) {
        return Columns.cut(line, terminal.columns() - 1);
    }

    private String colour(String colour, String line) {
        return terminal.coloured() ? colour + line + RESET : line;
    }
}
