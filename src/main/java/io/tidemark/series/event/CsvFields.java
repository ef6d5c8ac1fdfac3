package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.series.table.Cells;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds fields in one row of CSV by the declared columns, or, where none are declared, in the order time, series parts,
 * features. Columns that are not declared are passed over; a line break after the row is allowed, a second row is not.
 */
final class CsvFields implements FieldReader {
    /** Places by column. */
    private final int[][] places;

    private final InputSpec.Csv csv;

    CsvFields(InputSpec input, Fields fields) {
        csv = input.encoding().csv();
        boolean byOrder = csv.header().isEmpty();
        List<String> columns = byOrder ? fields.names : csv.header();
        places = new int[columns.size()][];
        for (int column = 0; column < places.length; column++) {
            List<Integer> found = new ArrayList<>();
            for (int place = 0; place < fields.names.size(); place++) {
                if (fields.isOutside(place)) continue;
                boolean meant = byOrder && place < fields.where
                        ? place == column
                        : fields.names.get(place).equals(columns.get(column));
                if (meant) found.add(place);
            }
            places[column] = found.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @Override
    public int open(byte[] record, Function<String, byte @Nullable []> headers, Fields fields) {
        String row = new String(record, StandardCharsets.UTF_8);
        List<String> cells = Cells.ofOne(row.startsWith("\uFEFF") ? row.substring(1) : row, csv);
        if (cells == null) return MALFORMED;
        for (int column = 0; column < Math.min(cells.size(), places.length); column++) {
            for (int place : places[column]) fields.text(place, cells.get(column));
        }
        return 1;
    }

    @Override
    public void event(int index, Fields fields) {}
}
