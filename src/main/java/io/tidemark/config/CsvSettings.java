package io.tidemark.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Settings of how rows of text are cut and their numbers written. */
final class CsvSettings {
    private static final Map<String, Character> DELIMITERS =
            Map.of("tab", '\t', "\\t", '\t', "space", ' ', "whitespace", InputSpec.Csv.WHITESPACE);
    private static final String NONE = "none";

    private static final Settings<StreamSpec> CSV =
            new Settings<>("input.csv", "How CSV is cut into cells, and how its numbers are written.");

    static final Setting<StreamSpec, List<String>> HEADER = CSV.addWhere(
            "header",
            SettingType.texts(),
            List.of(),
            ofRows(InputSpec.Csv::header),
            "Columns in order; none: the first line of a file names them, and records on the topic are in the order time, series,"
                    + " features.");
    static final Setting<StreamSpec, Boolean> HEADER_LINE = CSV.addWhere(
            "header-line",
            SettingType.bool(),
            true,
            ofRows(InputSpec.Csv::headerLine),
            "Whether files begin with a line of column names.");
    static final Setting<StreamSpec, Character> DELIMITER = CSV.addWhere(
            "delimiter",
            SettingType.parsed(
                    CsvSettings::delimiter,
                    character -> character == InputSpec.Csv.WHITESPACE
                            ? "whitespace"
                            : SettingType.quoted(character.toString()),
                    "one character, `tab`, or `whitespace` for runs of blanks and tabs",
                    "\"type\": \"string\", \"minLength\": 1",
                    List.of("';'", "\"\\t\"", "tab", "whitespace"),
                    List.of("''", "';;'", "'\"'")),
            ',',
            ofRows(InputSpec.Csv::delimiter),
            "What stands between cells.");
    static final Setting<StreamSpec, Character> DECIMAL = CSV.addWhere(
            "decimal",
            SettingType.parsed(
                    CsvSettings::decimal,
                    character -> SettingType.quoted(character.toString()),
                    "`.` or `,`",
                    "\"enum\": [\".\", \",\"]",
                    List.of("'.'", "','"),
                    List.of("';'", "''")),
            '.',
            ofRows(InputSpec.Csv::decimal),
            "What stands between a number's whole and its fraction, in texts of JSON too.");
    static final Setting<StreamSpec, String> THOUSANDS = CSV.addWhere(
            "thousands",
            oneCharacter(),
            "",
            ofRows(InputSpec.Csv::thousands),
            "What stands between groups of three digits of a number, in texts of JSON too.");
    static final Setting<StreamSpec, String> COMMENT = CSV.addWhere(
            "comment",
            oneCharacter(),
            "",
            ofRows(InputSpec.Csv::comment),
            "What begins a line of a file that is no row.");
    static final Setting<StreamSpec, Charset> ENCODING = CSV.addWhere(
            "encoding",
            SettingType.parsed(
                    CsvSettings::encoding,
                    Charset::name,
                    "a character set such as UTF-8 or windows-1252",
                    "\"type\": \"string\"",
                    List.of("UTF-8", "windows-1252"),
                    List.of("no-such-set")),
            StandardCharsets.UTF_8,
            ofRows(InputSpec.Csv::encoding),
            "How the text of files is encoded.");

    static final List<Settings<StreamSpec>> ALL = List.of(CSV);

    private CsvSettings() {}

    private static <T> Function<StreamSpec, Optional<T>> ofRows(Function<InputSpec.Csv, T> value) {
        return InputSettings.ofRows(
                s -> Optional.of(value.apply(s.input().encoding().csv())));
    }

    private static SettingType<String> oneCharacter() {
        return SettingType.parsed(
                CsvSettings::oneCharacter,
                text -> text.isEmpty() ? NONE : SettingType.quoted(text),
                "one character, or `none`",
                "\"type\": \"string\", \"minLength\": 1",
                List.of(NONE, "'#'", "space"),
                List.of("''", "'##'"));
    }

    private static String oneCharacter(String text) {
        if (text.equals(NONE)) return "";
        if (text.equals("space")) return " ";
        if (text.length() == 1) return text;
        throw new IllegalArgumentException();
    }

    private static char delimiter(String text) {
        Character named = DELIMITERS.get(text);
        if (named != null) return named;
        if (text.length() == 1 && "\"\n\r".indexOf(text.charAt(0)) < 0) return text.charAt(0);
        throw new IllegalArgumentException();
    }

    private static char decimal(String text) {
        if (text.equals(".") || text.equals(",")) return text.charAt(0);
        throw new IllegalArgumentException();
    }

    private static Charset encoding(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(null, e);
        }
    }

    static InputSpec.Csv read(Reading<StreamSpec> file) {
        char decimal = file.get(DECIMAL);
        String thousands = file.get(THOUSANDS);
        if (thousands.equals(String.valueOf(decimal))) {
            file.problem(THOUSANDS, "must differ from decimal, but both are " + thousands);
        }
        return new InputSpec.Csv(
                file.get(HEADER),
                file.get(HEADER_LINE),
                file.get(DELIMITER),
                decimal,
                thousands,
                file.get(COMMENT),
                file.get(ENCODING));
    }
}
