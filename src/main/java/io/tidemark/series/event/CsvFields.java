package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds fields in one row of CSV by the declared columns, or, where none are declared, in the order time, series parts,
 * features. Cells may be quoted, with a quote doubled inside. Columns that are not declared are passed over; a line break
 * after the row is allowed, a second row is not.
 */
final class CsvFields implements FieldReader {
    /** Places by column. */
    private final int[][] places;

    private final char delimiter;

    CsvFields(InputSpec input, Fields fields) {
        delimiter = input.csv().delimiter();
        List<String> columns =
                input.csv().header().isEmpty() ? fields.names : input.csv().header();
        places = new int[columns.size()][];
        for (int column = 0; column < places.length; column++) {
            List<Integer> found = new ArrayList<>();
            for (int place = 0; place < fields.names.size(); place++) {
                boolean byOrder = input.csv().header().isEmpty();
                boolean meant =
                        byOrder ? place == column : fields.names.get(place).equals(columns.get(column));
                if (meant) found.add(place);
            }
            places[column] = found.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @Override
    public boolean read(byte[] record, Fields fields) {
        String row = new String(record, StandardCharsets.UTF_8);
        int end = row.length();
        if (end > 0 && row.charAt(end - 1) == '\n') end--;
        if (end > 0 && row.charAt(end - 1) == '\r') end--;
        if (end == 0) return false;
        int at = 0;
        for (int column = 0; at <= end; column++) {
            int[] wanted = column < places.length ? places[column] : new int[0];
            boolean quoted = at < end && row.charAt(at) == '"';
            int cellEnd = quoted ? quotedEnd(row, at, end) : plainEnd(row, at, end);
            if (cellEnd < 0) return false;
            if (wanted.length > 0) {
                String cell = quoted
                        ? unquote(row, at, cellEnd)
                        : row.substring(at, cellEnd).trim();
                for (int place : wanted) fields.text(place, cell);
            }
            at = cellEnd + 1;
        }
        return true;
    }

    /** Where the delimiter or the row's end is; -1 when the row breaks before. */
    private int plainEnd(String row, int at, int end) {
        for (int i = at; i < end; i++) {
            char c = row.charAt(i);
            if (c == delimiter) return i;
            if (c == '\n') return -1;
        }
        return end;
    }

    /** Where the delimiter after the closing quote is; -1 when the cell is not closed. */
    private int quotedEnd(String row, int at, int end) {
        for (int i = at + 1; i < end; i++) {
            if (row.charAt(i) != '"') continue;
            if (i + 1 == end || row.charAt(i + 1) == delimiter) return i + 1;
            if (row.charAt(i + 1) != '"') return -1;
            i++;
        }
        return -1;
    }

    private static String unquote(String row, int at, int cellEnd) {
        String inner = row.substring(at + 1, cellEnd - 1);
        return inner.indexOf('"') < 0 ? inner : inner.replace("\"\"", "\"");
    }
}
