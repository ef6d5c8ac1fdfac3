package io.tidemark.app.console;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Columns of fixed width with two blanks between them. A cell that is too long ends in an ellipsis, or has it in a third where its end tells more; the last
 * column takes what it needs. Control characters become blanks, so that no foreign text moves the cursor or rings the bell.
 */
public final class Columns {
    private static final String GAP = "  ";
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");

    private final List<Column> columns;

    /**
     * A column.
     *
     * @param width in characters; at least 1
     * @param keepsEnd whether a cell that is too long keeps its beginning and its end, as names with parts do
     */
    public record Column(String name, int width, Align align, boolean keepsEnd) {
        public Column {
            if (width < 1) {
                throw new IllegalArgumentException("width of column " + name + " must be at least 1, but was " + width);
            }
        }
    }

    /** Which side of its column a cell keeps to. */
    public enum Align {
        LEFT,
        RIGHT
    }

    public Columns(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Text, kept to the left. */
    public static Column text(String name, int width) {
        return new Column(name, width, Align.LEFT, false);
    }

    /** A name made of parts, the last of which tells it from others; kept to the left. */
    public static Column name(String name, int width) {
        return new Column(name, width, Align.LEFT, true);
    }

    /** A number, kept to the right. */
    public static Column number(String name, int width) {
        return new Column(name, width, Align.RIGHT, false);
    }

    /** The names of the columns. */
    public String header() {
        return line(columns.stream().map(Column::name).toList());
    }

    /**
     * One line; missing cells at the end stay blank.
     *
     * @throws IllegalArgumentException when there are more cells than columns
     */
    public String line(List<String> cells) {
        if (cells.size() > columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells do not fit " + columns.size() + " columns");
        }
        StringBuilder line = new StringBuilder();
        for (int index = 0; index < cells.size(); index++) {
            if (index > 0) {
                line.append(GAP);
            }
            append(line, columns.get(index), cells.get(index), index == columns.size() - 1);
        }
        return line.toString().stripTrailing();
    }

    private static void append(StringBuilder line, Column column, String cell, boolean last) {
        String plain = CONTROL.matcher(cell).replaceAll(" ");
        String text = last ? plain : column.keepsEnd() ? cutWithin(plain, column.width()) : cut(plain, column.width());
        String padding = " ".repeat(Math.max(0, column.width() - text.length()));
        if (column.align() == Align.RIGHT) {
            line.append(padding).append(text);
        } else {
            line.append(text).append(padding);
        }
    }

    private static String cutWithin(String text, int width) {
        if (text.length() <= width) return text;
        int first = (width - 1) / 3;
        return text.substring(0, first) + "…" + text.substring(text.length() - (width - 1 - first));
    }

    /** The text, or its beginning and an ellipsis where it is longer than the width. */
    public static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
