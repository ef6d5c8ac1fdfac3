package io.tidemark.app.backtest;

import io.tidemark.config.InputSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Compares the columns of a file with what its stream declares. */
final class FileHeader {
    private FileHeader() {}

    /**
     * What keeps a file of these columns from being read as declared: a declared column that is missing, there twice, or there under
     * another spelling. Series columns may be missing all together, for the file's name is the series then.
     *
     * @return a sentence that names both sides, or empty when they agree
     */
    static Optional<String> mistake(InputSpec input, List<String> columns) {
        if (columns.isEmpty()) return Optional.of("it is empty; a line that names the columns was expected");
        Set<String> needed = needed(input);
        List<String> lacks = new ArrayList<>();
        for (String field : needed) if (!columns.contains(field)) lacks.add(described(field, columns, needed));
        boolean named = input.fields().series().stream().anyMatch(columns::contains);
        for (String part : input.fields().series()) {
            if (columns.contains(part)) continue;
            boolean respelt = nearest(part, columns, needed, input).isPresent();
            if (named || respelt || input.fields().series().size() > 1) lacks.add(described(part, columns, needed));
        }
        List<String> wrong = new ArrayList<>();
        if (!lacks.isEmpty()) wrong.add("lacks " + String.join(", ", lacks));
        Set<String> declared = new LinkedHashSet<>(needed);
        declared.addAll(input.fields().series());
        for (String field : declared) {
            if (Collections.frequency(columns, field) > 1) wrong.add("has " + quoted(field) + " more than once");
        }
        if (wrong.isEmpty()) return Optional.empty();
        return Optional.of("its header " + String.join(" and ", wrong) + "; the stream declares " + quoted(declared)
                + ", the file has " + quoted(columns) + cutWrongly(columns, input));
    }

    private static Set<String> needed(InputSpec input) {
        Set<String> needed = new LinkedHashSet<>();
        boolean timed = !input.fields().time().field().isEmpty()
                && input.fields().time().unit() != InputSpec.TimeUnit.ROW_NUMBER;
        if (timed) needed.add(input.fields().time().field());
        input.choice().where().forEach(condition -> needed.add(condition.field()));
        input.fields()
                .longForm()
                .ifPresentOrElse(
                        form -> {
                            needed.add(form.name());
                            needed.add(form.value());
                        },
                        () -> input.fields().features().forEach(feature -> needed.add(feature.field())));
        return needed;
    }

    private static String described(String field, List<String> columns, Set<String> needed) {
        return quoted(field)
                + nearest(field, columns, needed)
                        .map(near -> " (is it " + quoted(near) + "?)")
                        .orElse("");
    }

    private static Optional<String> nearest(String part, List<String> columns, Set<String> needed, InputSpec input) {
        Set<String> taken = new LinkedHashSet<>(needed);
        taken.addAll(input.fields().series());
        return nearest(part, columns, taken);
    }

    /** The undeclared column whose name differs in little but case, or by a unit in brackets. */
    private static Optional<String> nearest(String field, List<String> columns, Set<String> taken) {
        for (String column : columns) {
            boolean unit = column.strip().matches("(?i)" + Pattern.quote(field) + "\\s*[(\\[].*[)\\]]");
            if (unit && !taken.contains(column)) return Optional.of(column);
        }
        String best = "";
        int distance = 1 + Math.max(1, field.length() / 4);
        for (String column : columns) {
            if (taken.contains(column)) continue;
            int edits = Spelling.edits(Spelling.plain(field), Spelling.plain(column));
            if (edits < distance) {
                best = column;
                distance = edits;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    private static String cutWrongly(List<String> columns, InputSpec input) {
        if (columns.isEmpty()) return "";
        String first = columns.get(0);
        if (first.length() > 1
                && "#%!".indexOf(first.charAt(0)) >= 0
                && input.encoding().csv().comment().isEmpty()) {
            return "; do lines of comment begin with \"" + first.charAt(0) + "\"? see input.csv.comment";
        }
        if (columns.size() > 1) return "";
        for (char other : new char[] {';', '\t', ',', '|'}) {
            if (other != input.encoding().csv().delimiter() && columns.get(0).indexOf(other) >= 0) {
                String name = other == '\t' ? "tab" : "\"" + other + "\"";
                return "; is input.csv.delimiter " + name + "?";
            }
        }
        return first.strip().matches("\\S+[ \t]+\\S.*") ? "; is input.csv.delimiter whitespace?" : "";
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static String quoted(Iterable<String> names) {
        List<String> all = new ArrayList<>();
        for (String name : names) all.add(all.size() < 20 ? quoted(name) : "…");
        return String.join(", ", all.size() > 21 ? all.subList(0, 21) : all);
    }
}
