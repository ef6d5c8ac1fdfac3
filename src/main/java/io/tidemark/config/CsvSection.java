package io.tidemark.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How rows of text are cut and their numbers written: {@code input.csv}. */
final class CsvSection {
    private static final Map<String, Character> DELIMITERS =
            Map.of("tab", '\t', "\\t", '\t', "space", ' ', "whitespace", InputSpec.Csv.WHITESPACE);

    private CsvSection() {}

    static InputSpec.Csv read(Section csv) {
        char delimiter = delimiter(csv);
        String decimal = csv.string("decimal", ".");
        if (!decimal.equals(".") && !decimal.equals(",")) {
            csv.problem("decimal", "must be '.' or ',', but was '" + decimal + "'");
            decimal = ".";
        }
        String thousands = oneCharacter(csv, "thousands");
        if (thousands.equals(decimal)) csv.problem("thousands", "must differ from decimal, but both are " + decimal);
        InputSpec.Csv cells = new InputSpec.Csv(
                csv.strings("header"),
                csv.bool("header-line", true),
                delimiter,
                decimal.charAt(0),
                thousands,
                oneCharacter(csv, "comment"),
                encoding(csv));
        csv.finish();
        return cells;
    }

    private static char delimiter(Section csv) {
        String text = csv.string("delimiter", ",");
        Character named = DELIMITERS.get(text);
        if (named != null) return named;
        if (text.length() == 1 && text.charAt(0) != '"' && text.charAt(0) != '\n' && text.charAt(0) != '\r') {
            return text.charAt(0);
        }
        csv.problem("delimiter", "must be one character, tab or whitespace, but was '" + text + "'");
        return ',';
    }

    private static String oneCharacter(Section csv, String key) {
        String text = csv.string(key, "none");
        if (text.equals("none")) return "";
        if (text.equals("space")) return " ";
        if (text.length() == 1) return text;
        csv.problem(key, "must be one character, or none, but was '" + text + "'");
        return "";
    }

    private static Charset encoding(Section csv) {
        String name = csv.string("encoding", "UTF-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            csv.problem("encoding", "must be a character set such as UTF-8 or windows-1252, but was " + name);
            return StandardCharsets.UTF_8;
        }
    }
}
