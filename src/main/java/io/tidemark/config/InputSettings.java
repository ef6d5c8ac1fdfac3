package io.tidemark.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Settings of where events come from and how they are read; those of images are {@link ImageSettings}. */
final class InputSettings {
    private static final Settings<StreamSpec> INPUT =
            new Settings<>("input", "Where events come from and how they are read.");
    private static final Settings<StreamSpec> TIME = new Settings<StreamSpec>(
                    "input.time", "Which field holds the event time, and how; a plain field name stands for `field`.")
            .shorthand("field");
    private static final Settings<StreamSpec> LONG = new Settings<>(
            "input.long",
            "Only for input with one value a record, which names its feature; left out, a record has all.");
    private static final Settings<StreamSpec> CSV = new Settings<>("input.csv", "How CSV is cut into cells.");

    static final Setting<StreamSpec, String> TOPIC = INPUT.add(
                    "topic",
                    Kind.text(
                            "[a-zA-Z0-9._-]{1,249}",
                            "a Kafka topic name of letters, digits, '.', '_' and '-', at most 249",
                            List.of("a", "b".repeat(249)),
                            List.of("a b", "''", "b".repeat(250))),
                    "",
                    s -> s.input().topic(),
                    "The input topic, as it is named on the cluster.")
            .required()
            .common();
    static final Setting<StreamSpec, InputSpec.Format> FORMAT = INPUT.add(
                    "format",
                    Kind.oneOf(InputSpec.Format.class),
                    InputSpec.Format.JSON,
                    s -> s.input().format(),
                    "How a record's value is encoded.")
            .common();
    static final Setting<StreamSpec, Boolean> KEYED = INPUT.add(
            "keyed",
            Kind.bool(),
            false,
            s -> s.input().keyed(),
            "Whether every record has its series as its key, so that no repartition is needed.");
    static final Setting<StreamSpec, List<String>> SERIES = INPUT.add(
                    "series",
                    Kind.texts(),
                    List.of(),
                    s -> s.input().series(),
                    "Fields whose values, joined by `/`, name the series; none: the record's Kafka key does.")
            .common();
    static final Setting<StreamSpec, List<InputSpec.Feature>> FEATURES = INPUT.addWhere(
                    "features",
                    FeatureList.KIND,
                    List.of(),
                    ofRows(s -> Optional.of(s.input().features())),
                    "Fields of the values, in order: `[cpu, {name: memory, field: used.bytes}]`, or `{count: 38, prefix: metric-}`"
                            + " for metric-0 to metric-37. Not for images.")
            .required()
            .common();

    static final Setting<StreamSpec, String> FIELD = TIME.add(
                    "field",
                    Kind.text(),
                    "timestamp",
                    s -> s.input().time().field(),
                    "The field that holds the event time; empty: the record's Kafka timestamp. For images a header, and empty by"
                            + " default.")
            .derived(s -> s.input().image().isPresent() ? "" : "timestamp")
            .common();
    static final Setting<StreamSpec, InputSpec.TimeUnit> UNIT = TIME.add(
            "unit",
            Kind.oneOf(InputSpec.TimeUnit.class),
            InputSpec.TimeUnit.AUTO,
            s -> s.input().time().unit(),
            "How the time is written. `auto`: RFC 3339, or a number whose size tells its unit; `row-number`: the number of the row in"
                    + " its file, one `step` a row.");
    static final Setting<StreamSpec, ZoneId> ZONE = TIME.add(
            "zone",
            Kind.parsed(
                    InputSettings::zone,
                    zone -> zone.equals(ZoneOffset.UTC) ? "UTC" : Kind.quoted(zone.getId()),
                    "a time zone such as UTC or Europe/Berlin",
                    "\"type\": \"string\"",
                    List.of("Europe/Berlin", "UTC", "'+05:30'"),
                    List.of("Atlantis/Central")),
            ZoneOffset.UTC,
            s -> s.input().time().zone(),
            "The zone of timestamps without an offset.");

    static final Setting<StreamSpec, String> LONG_NAME = LONG.addWhere(
                    "name",
                    Kind.text(),
                    "",
                    ofRows(s -> s.input().longForm().map(InputSpec.LongForm::name)),
                    "The field that names the feature.")
            .required();
    static final Setting<StreamSpec, String> LONG_VALUE = LONG.addWhere(
                    "value",
                    Kind.text(),
                    "",
                    ofRows(s -> s.input().longForm().map(InputSpec.LongForm::value)),
                    "The field that holds its value.")
            .required();

    static final Setting<StreamSpec, List<String>> HEADER = CSV.addWhere(
            "header",
            Kind.texts(),
            List.of(),
            ofRows(s -> Optional.of(s.input().csv().header())),
            "Columns in order; none: the first line of a file names them, and records on the topic are in the order time, series,"
                    + " features.");
    static final Setting<StreamSpec, Boolean> HEADER_LINE = CSV.addWhere(
            "header-line",
            Kind.bool(),
            true,
            ofRows(s -> Optional.of(s.input().csv().headerLine())),
            "Whether files begin with a line of column names.");
    static final Setting<StreamSpec, Character> DELIMITER = CSV.addWhere(
            "delimiter",
            Kind.parsed(
                    InputSettings::oneCharacter,
                    character -> Kind.quoted(character.toString()),
                    "one character",
                    "\"type\": \"string\", \"minLength\": 1, \"maxLength\": 1",
                    List.of("';'", "\"\\t\""),
                    List.of("''", "';;'")),
            ',',
            ofRows(s -> Optional.of(s.input().csv().delimiter())),
            "What stands between cells.");

    static final List<Settings<StreamSpec>> ALL = List.of(INPUT, TIME, LONG, CSV);

    private InputSettings() {}

    private static <T> Function<StreamSpec, Optional<T>> ofRows(Function<StreamSpec, Optional<T>> value) {
        return s -> s.input().image().isPresent() ? Optional.empty() : value.apply(s);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text).normalized();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static char oneCharacter(String text) {
        if (text.length() == 1) return text.charAt(0);
        throw new IllegalArgumentException();
    }

    static InputSpec read(Reading<StreamSpec> file) {
        InputSpec.Format format = file.get(FORMAT);
        if (format == InputSpec.Format.IMAGE) return ImageSettings.input(file, file.get(TOPIC), file.get(KEYED));
        file.refuse(List.of("input.image", "outputs"), "is for format: image");
        InputSpec.Time time = time(file, FIELD.fallback());
        List<InputSpec.Feature> features = file.get(FEATURES);
        Set<String> names = new HashSet<>();
        for (InputSpec.Feature f : features) {
            if (!names.add(f.name())) file.problem(FEATURES, "names " + f.name() + " twice");
        }
        Optional<InputSpec.LongForm> longForm = file.has("input.long")
                ? Optional.of(new InputSpec.LongForm(file.get(LONG_NAME), file.get(LONG_VALUE)))
                : Optional.empty();
        return new InputSpec(
                file.get(TOPIC),
                format,
                file.get(KEYED),
                time,
                file.get(SERIES),
                features,
                longForm,
                new InputSpec.Csv(file.get(HEADER), file.get(HEADER_LINE), file.get(DELIMITER)));
    }

    static InputSpec.Time time(Reading<StreamSpec> file, String fallback) {
        return new InputSpec.Time(file.get(FIELD, fallback), file.get(UNIT), file.get(ZONE));
    }
}
