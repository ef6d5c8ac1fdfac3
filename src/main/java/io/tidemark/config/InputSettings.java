package io.tidemark.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Settings of where events come from and how they are read; those of images are {@link ImageSettings}. */
final class InputSettings {
    /** What becomes of a value that is no number, or not in the valid range. */
    enum OnBad {
        MISSING,
        REJECT;

        static OnBad of(InputSpec.Values values) {
            return values.rejectsBad() ? REJECT : MISSING;
        }
    }

    /** What becomes of a name that is no declared feature. */
    enum Unknown {
        REJECT,
        IGNORE
    }

    private static final Settings<StreamSpec> INPUT =
            new Settings<>("input", "Where events come from and how they are read.");
    private static final Settings<StreamSpec> TIME = new Settings<StreamSpec>(
                    "input.time", "Which field holds the event time, and how; a plain field name stands for `field`.")
            .shorthand("field");
    private static final Settings<StreamSpec> LONG = new Settings<>(
            "input.long",
            "Only for input with one value a record, which names its feature; left out, a record has all.");

    static final Setting<StreamSpec, String> TOPIC = INPUT.add(
                    "topic",
                    SettingType.text(
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
                    SettingType.oneOf(InputSpec.Format.class),
                    InputSpec.Format.JSON,
                    s -> s.input().encoding().format(),
                    "How a record's value is encoded.")
            .common();
    static final Setting<StreamSpec, Boolean> KEYED = INPUT.add(
            "keyed",
            SettingType.bool(),
            false,
            s -> s.input().keyed(),
            "Whether every record has its series as its key, so that no repartition is needed.");
    static final Setting<StreamSpec, List<String>> SERIES = INPUT.add(
                    "series",
                    SettingType.texts(),
                    List.of(),
                    s -> s.input().fields().series(),
                    "Fields whose values, joined by `/`, name the series; none: the record's Kafka key does.")
            .common();
    static final Setting<StreamSpec, List<FeatureList.Declared>> FEATURES = INPUT.addWhere(
                    "features",
                    FeatureList.KIND,
                    List.of(),
                    ofRows(s -> Optional.of(declared(s.input()))),
                    "Fields of the values, in order: `[cpu, {name: memory, field: used.bytes}]`, or `{count: 38, prefix: metric-}`"
                            + " for metric-0 to metric-37. Beside `name` and `field` a feature may have `missing`, `valid-range`, `on-bad`,"
                            + " `derive` and `fill` of its own. Not for images.")
            .required()
            .common();
    static final Setting<StreamSpec, List<String>> MISSING = INPUT.addWhere(
            "missing",
            SettingType.texts(),
            List.of(),
            ofRows(s -> Optional.of(s.input().shared().missing())),
            "Numbers and words that stand for no value, of every feature, beside empty, `NaN`, `null`, `n/a` and the like.");
    static final Setting<StreamSpec, ValidRange> VALID_RANGE = INPUT.addWhere(
            "valid-range",
            ValidRange.KIND,
            ValidRange.ALL,
            ofRows(s -> Optional.of(s.input().shared().valid())),
            "What a value can be at all, of every feature, as it is read and before `derive`; what lies outside is no value: it is"
                    + " never judged nor learnt, is counted, and becomes what `on-bad` says.");
    static final Setting<StreamSpec, OnBad> ON_BAD = INPUT.addWhere(
            "on-bad",
            SettingType.oneOf(OnBad.class),
            OnBad.MISSING,
            ofRows(s -> Optional.of(OnBad.of(s.input().shared()))),
            "What becomes of a value that is not a number, or outside `valid-range`. `missing`: it alone is missing, and counted;"
                    + " `reject`: the event is rejected.");
    static final Setting<StreamSpec, InputSpec.Derive> DERIVE = INPUT.addWhere(
            "derive",
            SettingType.oneOf(InputSpec.Derive.class),
            InputSpec.Derive.NONE,
            ofRows(s -> Optional.of(s.input().shared().derive())),
            "What is made of values: `rate`, a counter's increase per second, or `difference`, its increase since the step before.");
    static final Setting<StreamSpec, List<InputSpec.Condition>> WHERE = INPUT.addWhere(
            "where",
            ConditionList.KIND,
            List.of(),
            ofRows(s -> Optional.of(s.input().choice().where())),
            "Only records whose fields have one of these texts count: `{name: [cpu, mem]}`; others are passed over, and counted.");
    static final Setting<StreamSpec, Optional<String>> RECORDS = INPUT.addWhere(
            "records",
            SettingType.text().orWord("none"),
            Optional.empty(),
            ofRows(s -> Optional.of(s.input().choice().records())),
            "The array in a record whose elements are the events; empty: the record is the array; `none`: a record is one event.");

    static final Setting<StreamSpec, String> FIELD = TIME.add(
                    "field",
                    SettingType.text(),
                    "timestamp",
                    s -> s.input().fields().time().field(),
                    "The field that holds the event time; empty: the record's Kafka timestamp. For images a header, and empty by"
                            + " default.")
            .derived(s -> s.input().image().isPresent() ? "" : "timestamp")
            .common();
    static final Setting<StreamSpec, InputSpec.TimeUnit> UNIT = TIME.add(
            "unit",
            SettingType.oneOf(InputSpec.TimeUnit.class),
            InputSpec.TimeUnit.AUTO,
            s -> s.input().fields().time().unit(),
            "How the time is written. `auto`: RFC 3339, or a number whose size tells its unit; `row-number`: the number of the row in"
                    + " its file, one `step` a row; `excel`: days as spreadsheets count them.");
    static final Setting<StreamSpec, List<String>> PATTERN = TIME.add(
            "pattern",
            TimePattern.KIND,
            List.of(),
            s -> s.input().fields().time().patterns(),
            "Forms of the time in the letters of Java's DateTimeFormatter, tried in order, such as `dd/MM/yyyy HH:mm:ss`; none: as"
                    + " `unit` says.");
    static final Setting<StreamSpec, ZoneId> ZONE = TIME.add(
            "zone",
            SettingType.parsed(
                    InputSettings::zone,
                    zone -> zone.equals(ZoneOffset.UTC) ? "UTC" : SettingType.quoted(zone.getId()),
                    "a time zone such as UTC or Europe/Berlin",
                    "\"type\": \"string\"",
                    List.of("Europe/Berlin", "UTC", "'+05:30'"),
                    List.of("Atlantis/Central")),
            ZoneOffset.UTC,
            s -> s.input().fields().time().zone(),
            "The zone of timestamps without an offset.");

    static final Setting<StreamSpec, String> LONG_NAME = LONG.addWhere(
                    "name",
                    SettingType.text(),
                    "",
                    ofRows(s -> s.input().fields().longForm().map(InputSpec.LongForm::name)),
                    "The field that names the feature.")
            .required();
    static final Setting<StreamSpec, String> LONG_VALUE = LONG.addWhere(
                    "value",
                    SettingType.text(),
                    "",
                    ofRows(s -> s.input().fields().longForm().map(InputSpec.LongForm::value)),
                    "The field that holds its value.")
            .required();

    static final Setting<StreamSpec, Unknown> LONG_UNKNOWN = LONG.addWhere(
            "unknown",
            SettingType.oneOf(Unknown.class),
            Unknown.REJECT,
            ofRows(s ->
                    s.input().fields().longForm().map(form -> form.ignoresUnknown() ? Unknown.IGNORE : Unknown.REJECT)),
            "What becomes of a name that is not a feature.");

    static final List<Settings<StreamSpec>> ALL = List.of(INPUT, TIME, LONG);

    private InputSettings() {}

    static <T> Function<StreamSpec, Optional<T>> ofRows(Function<StreamSpec, Optional<T>> value) {
        return s -> s.input().image().isPresent() ? Optional.empty() : value.apply(s);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text).normalized();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<FeatureList.Declared> declared(InputSpec input) {
        return input.fields().features().stream()
                .map(feature -> FeatureList.Declared.of(feature, input.shared()))
                .toList();
    }

    /** @param fill what a missing value gets, unless its feature says otherwise */
    static InputSpec read(Reading<StreamSpec> file, GridSpec.Filling fill) {
        InputSpec.Format format = file.get(FORMAT);
        if (format == InputSpec.Format.IMAGE) return ImageSettings.input(file, file.get(TOPIC), file.get(KEYED));
        file.refuse(List.of("input.image"), "is for format: image");
        file.refuse(OutputSettings.PICTURES, "is for format: image");
        InputSpec.Time time = time(file, FIELD.fallback());
        InputSpec.Values shared = new InputSpec.Values(
                file.get(MISSING),
                file.get(VALID_RANGE),
                file.get(ON_BAD) == OnBad.REJECT,
                file.get(DERIVE),
                Optional.of(fill).filter(GridSpec.Filling::isValue));
        List<InputSpec.Feature> features =
                file.get(FEATURES).stream().map(feature -> feature.on(shared)).toList();
        Set<String> names = new HashSet<>();
        for (InputSpec.Feature f : features) {
            if (!names.add(f.name())) file.problem(FEATURES, "names " + f.name() + " twice");
        }
        if (format.isMetrics()) {
            String without = "says nothing with format: " + format.name().toLowerCase(Locale.ROOT)
                    + ", where a feature's field is the name of a metric";
            file.refuse(List.of("input.long"), without);
            if (file.get(RECORDS).isPresent()) file.problem(RECORDS, without);
        }
        Optional<InputSpec.LongForm> longForm = file.has("input.long")
                ? Optional.of(new InputSpec.LongForm(
                        file.get(LONG_NAME), file.get(LONG_VALUE), file.get(LONG_UNKNOWN) == Unknown.IGNORE))
                : Optional.empty();
        return new InputSpec(
                file.get(TOPIC),
                file.get(KEYED),
                new InputSpec.Encoding(format, CsvSettings.read(file), SchemaSettings.read(file, format)),
                new InputSpec.Fields(time, file.get(SERIES), features, longForm),
                Optional.empty(),
                new InputSpec.Choice(file.get(WHERE), file.get(RECORDS), file.get(GridSettings.SAME_TIME)),
                shared);
    }

    static InputSpec.Time time(Reading<StreamSpec> file, String fallback) {
        List<String> patterns = file.get(PATTERN);
        InputSpec.TimeUnit unit = file.get(UNIT);
        if (!patterns.isEmpty() && unit != InputSpec.TimeUnit.AUTO) {
            file.problem(UNIT, "says nothing beside pattern; leave one of them out");
        }
        return new InputSpec.Time(file.get(FIELD, fallback), unit, file.get(ZONE), patterns);
    }
}
