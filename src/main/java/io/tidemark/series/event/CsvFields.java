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
 * features. Columns that are not declared are passed over; a line break after the row is allowed, a second row is not, and neither is a
 * row with more cells than declared columns. What a row ends before is no value.
 */
final class CsvFields implements FieldReader {
    /** Places by column. */
    private final int[][] places;

    private final InputSpec.Csv csv;
    private String problem = "";

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
        problem = "";
        if (cells == null) return MALFORMED;
        if (!csv.header().isEmpty() && hasMore(cells)) {
            problem = "the row has " + cells.size() + " cells, but " + places.length + " columns are declared";
            return MALFORMED;
        }
        for (int column = 0; column < Math.min(cells.size(), places.length); column++) {
            for (int place : places[column]) fields.text(place, cells.get(column));
        }
        for (int column = cells.size(); column < places.length && !fields.longForm; column++) {
            for (int place : places[column]) if (fields.isValue(place)) fields.set(place, Fields.Found.CUT);
        }
        return 1;
    }

    /** Whether a cell without a column holds something. */
    private boolean hasMore(List<String> cells) {
        for (int i = places.length; i < cells.size(); i++) if (!cells.get(i).isEmpty()) return true;
        return false;
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void event(int index, Fields fields) {}
}
