package io.tidemark.series.event;

import io.tidemark.config.InputSpec;
import io.tidemark.config.Section;
import io.tidemark.config.SettingType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Settings that a sample of records suggests: format, where its events are, time, series, features and step.
 *
 * @param values settings as YAML, by path
 * @param why a sentence for each choice, by path
 */
public record StreamProposal(Map<String, String> values, Map<String, String> why) {
    /** Records that a proposal needs at least, and as many as are worth reading. */
    public static final int RECORDS_MIN = 2;

    public static final int RECORDS_MAX = 5000;

    private static final String TIME_OF_DAY = "(?i)\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?[ap]m)?";
    /** A field is of numbers when this share of its values is; the others are missing. */
    private static final double NUMBERS = 0.8;

    private static final String LABEL_NAMES = "(?i).*(label|anomal).*";
    private static final String SERIES_NAMES =
            "(?i)(.*[^a-z])?(id|key|name|host|device|machine|sensor|site|pump|node|unit|station)";
    private static final String NAME_OF_A_FEATURE =
            "(?i)(.*\\.)?(metric|measure|measurement|variable|feature|tag|quantity|channel)";
    private static final long EARLIEST_MS =
            Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();
    private static final long LATEST_MS = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();
    /** A field with more different texts than one for so many rows is a message or a serial number, not the name of a series. */
    private static final int ROWS_PER_SERIES = 3;
    /** Steps are regular when this share of their distances is within a tenth of the median. */
    private static final double REGULAR = 0.9;

    private static final Duration[] STEPS = {
        Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10),
                Duration.ofSeconds(30),
        Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofMinutes(30),
                Duration.ofHours(1),
        Duration.ofHours(6), Duration.ofDays(1)
    };

    public StreamProposal {
        values = Map.copyOf(values);
        why = Map.copyOf(why);
    }

    /**
     * What a sample suggests; empty when its records are neither JSON, rows of CSV nor lines of Influx, or hold no number.
     *
     * @param records in the order in which they were written; the first may be a header of CSV
     */
    public static Optional<StreamProposal> of(List<String> records) {
        return SampleRows.of(records, RECORDS_MAX)
                .filter(rows -> rows.rows().size() >= RECORDS_MIN)
                .flatMap(rows -> new Reader(rows).propose());
    }

    /** Makes the choices one after another. */
    private static final class Reader {
        private static final String EXAMPLES_OF_TIMES = "Every value is a time, such as ";
        private static final int TIMES_TRIED = 500;

        private SampleRows rows;
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, String> why = new HashMap<>();
        private EventTime times = times(InputSpec.TimeUnit.AUTO, List.of());

        private Reader(SampleRows rows) {
            this.rows = rows;
        }

        private void choose(String path, String yaml, String sentence) {
            values.put(path, yaml);
            why.put(path, sentence);
        }

        private Optional<StreamProposal> propose() {
            int count = rows.rows().size();
            switch (rows.form()) {
                case JSON -> json(count);
                case INFLUX -> influx(count);
                case CSV -> {
                    choose("input.format", "csv", "All " + count + " records of the sample are rows of CSV.");
                    csv();
                }
            }
            Optional<String> time = time();
            List<String> series = series(time);
            if (!features(time, series)) return Optional.empty();
            step(time, series);
            return Optional.of(new StreamProposal(values, why));
        }

        private static EventTime times(InputSpec.TimeUnit unit, List<String> patterns) {
            return new EventTime(new InputSpec.Time("time", unit, ZoneOffset.UTC, patterns), 0);
        }

        private void json(int count) {
            choose(
                    "input.format",
                    "json",
                    rows.records().isPresent()
                            ? "The records are JSON that holds several events each."
                            : "All " + count + " records of the sample are JSON objects.");
            rows.records()
                    .ifPresent(path -> choose(
                            "input.records",
                            SettingType.quoted(path),
                            path.isEmpty()
                                    ? "A record is an array, and each of its elements an event."
                                    : "Each element of this array is an event."));
            rows.pairs().ifPresent(pairs -> {
                choose("input.long.name", SettingType.quoted(pairs.names()), "Names, each beside its value.");
                choose("input.long.value", SettingType.quoted(pairs.numbers()), "Values, each beside its name.");
            });
        }

        /** The measurement that most lines are of; a stream has the fields of one. */
        private void influx(int count) {
            choose("input.format", "influx", "All " + count + " lines of the sample are lines of Influx.");
            Map<String, Long> lines = rows.values("measurement").stream()
                    .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
            if (lines.size() < 2) return;
            String most = Collections.max(lines.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            rows = rows.only("measurement", most);
            lines.remove(most);
            choose(
                    "input.where",
                    "{measurement: " + SettingType.quoted(most) + "}",
                    "Most lines are of this measurement; of others (" + String.join(", ", lines.keySet())
                            + ") make streams of their own.");
        }

        private void csv() {
            if (rows.delimiter() != ',') {
                choose(
                        "input.csv.delimiter",
                        rows.delimiter() == '\t' ? "\"\\t\"" : SettingType.quoted(rows.delimiter() + ""),
                        "It cuts every row into the same number of cells.");
            }
            if (rows.marks().decimal() != '.') {
                choose(
                        "input.csv.decimal",
                        SettingType.quoted(rows.marks().decimal() + ""),
                        "With it more columns are of numbers.");
            }
            if (!rows.marks().thousands().isEmpty()) {
                choose(
                        "input.csv.thousands",
                        SettingType.quoted(rows.marks().thousands()),
                        "It stands between groups of three digits.");
            }
            String sentence = rows.header()
                    ? "The first row of the sample names the columns."
                    : "The first row of the sample has numbers, so the columns need names here.";
            choose("input.csv.header-line", Boolean.toString(rows.header()), sentence);
            choose("input.csv.header", SettingType.list(rows.fields()), "The columns in their order.");
        }

        private Optional<String> time() {
            for (boolean byName : new boolean[] {true, false}) {
                for (String field : rows.fields()) {
                    List<String> found = rows.values(field);
                    boolean numeric = found.stream().allMatch(SampleRows::isNumber);
                    if (byName != SampleRows.isNameOfTime(field) || numeric && !byName || found.isEmpty()) continue;
                    if (!found.stream().allMatch(this::isTime) && !declared(found, byName)) continue;
                    choose(
                            "input.time.field",
                            SettingType.quoted(field),
                            EXAMPLES_OF_TIMES + found.get(0) + "." + timeOfDay(field, found));
                    return Optional.of(field);
                }
            }
            if (rows.form() != SampleRows.Form.CSV) {
                choose(
                        "input.time.field",
                        "''",
                        "No field is a time in every record, so the record's Kafka timestamp is taken.");
            } else {
                choose("input.time.field", "''", "No column is a time.");
                choose("input.time.unit", "row-number", "No column is a time, so rows are numbered, one `step` a row.");
            }
            return Optional.empty();
        }

        /** A sentence on a time of day that stands apart from its date; empty where there is none. */
        private String timeOfDay(String chosen, List<String> dates) {
            if (dates.stream().anyMatch(text -> text.indexOf(':') >= 0 || SampleRows.isNumber(text))) return "";
            for (String field : rows.fields()) {
                List<String> found = rows.values(field);
                if (field.equals(chosen) || found.isEmpty()) continue;
                if (found.stream().allMatch(text -> text.matches(TIME_OF_DAY))) {
                    return " The time of day is in " + field + ", which is not read with it: join the two into one"
                            + " column, or all rows of a day have one time.";
                }
            }
            return "";
        }

        /** Whether texts are times by a pattern, or by the days of spreadsheets, that is then chosen. */
        private boolean declared(List<String> found, boolean byName) {
            List<String> tried = found.stream().distinct().limit(TIMES_TRIED).toList();
            List<String> patterns = new ArrayList<>(TimeForms.patterns(tried.get(0)));
            for (String text : tried) patterns.retainAll(TimeForms.patterns(text));
            for (String pattern : patterns) {
                times = times(InputSpec.TimeUnit.AUTO, List.of(pattern));
                if (!found.stream().allMatch(this::isTime)) continue;
                String other = patterns.stream()
                        .filter(p -> !p.equals(pattern) && p.length() == pattern.length() && p.startsWith("MM"))
                        .findFirst()
                        .map(p -> " Months first would fit too: " + p + ".")
                        .orElse("");
                choose("input.time.pattern", SettingType.quoted(pattern), "Every value has this form." + other);
                return true;
            }
            if (byName && tried.stream().allMatch(TimeForms::isExcel)) {
                times = times(InputSpec.TimeUnit.EXCEL, List.of());
                choose("input.time.unit", "excel", "Every value may be days as spreadsheets count them.");
                return true;
            }
            times = times(InputSpec.TimeUnit.AUTO, List.of());
            return false;
        }

        private boolean isTime(String text) {
            long ms = times.parse(text);
            return ms != EventTime.UNREADABLE && ms >= EARLIEST_MS && ms <= LATEST_MS;
        }

        private List<String> series(Optional<String> time) {
            List<String> series = new ArrayList<>();
            for (String field : rows.fields()) {
                if (time.filter(field::equals).isPresent() || field.matches(NAME_OF_A_FEATURE)) continue;
                List<String> found = rows.values(field);
                boolean tag = rows.form() == SampleRows.Form.INFLUX && field.startsWith("tags.");
                boolean named = tag || field.matches(SERIES_NAMES);
                boolean numeric = found.stream().allMatch(SampleRows::isNumber);
                boolean truth = found.stream().allMatch(text -> text.matches("(?i)true|false|on|off|yes|no"));
                int different = new HashSet<>(found).size();
                if (rows.pairs().filter(pairs -> pairs.names().equals(field)).isPresent()) continue;
                // in JSON and Influx a part of a name may be empty
                long present = rows.form() == SampleRows.Form.CSV ? found.size() : rows.present(field);
                if (numeric && !named
                        || truth
                        || found.isEmpty()
                        || present < rows.rows().size()) continue;
                if (found.size() < present) different++;
                if (numeric && found.stream().anyMatch(text -> text.contains("."))) continue;
                if (different > Math.max(1, found.size() / ROWS_PER_SERIES) || different == 1 && !named) continue;
                series.add(field);
            }
            String sentence = series.isEmpty()
                    ? "No field names a thing in every record, so the record's Kafka key is the series."
                    : "In every record, with " + keys(series).size() + " different values in "
                            + rows.rows().size() + " records.";
            choose("input.series", SettingType.list(series), sentence);
            return series;
        }

        private boolean features(Optional<String> time, List<String> series) {
            List<String> features = new ArrayList<>();
            List<String> out = new ArrayList<>();
            List<String> others = new ArrayList<>();
            boolean mixed = false;
            for (String field : rows.fields()) {
                if (time.filter(field::equals).isPresent() || series.contains(field)) continue;
                List<String> found = rows.values(field).stream()
                        .filter(text -> !Numbers.isMissing(text))
                        .toList();
                List<String> words = found.stream()
                        .filter(text -> !SampleRows.isNumber(text))
                        .toList();
                if (found.isEmpty() || found.size() - words.size() < NUMBERS * found.size()) continue;
                RisingFields.Kind rising = RisingFields.of(rows, field, series);
                if (field.matches(LABEL_NAMES)) out.add(field + ", which looks like a label");
                else if (rising == RisingFields.Kind.NUMBERING) out.add(field + ", which numbers the records");
                else features.add(field);
                if (rising == RisingFields.Kind.COUNTER) others.add(RisingFields.counter(field));
                mixed |= !words.isEmpty();
                if (!words.isEmpty()) {
                    others.add(words.size() + " values of " + field + " such as " + words.get(0)
                            + " are no numbers and will be missing.");
                }
            }
            Optional<String> names = rows.pairs().isPresent()
                    ? rows.pairs().map(SampleRows.Pairs::names)
                    : rows.fields().stream()
                            .filter(field -> field.matches(NAME_OF_A_FEATURE) && !features.contains(field))
                            .filter(field -> rows.form() != SampleRows.Form.INFLUX)
                            .findFirst();
            if (rows.pairs().isPresent() || features.size() == 1 && names.isPresent()) {
                if (rows.pairs().isEmpty()) {
                    choose(
                            "input.long.name",
                            SettingType.quoted(names.get()),
                            "It names the feature of the one value of a record.");
                    choose("input.long.value", SettingType.quoted(features.get(0)), "The one number of a record.");
                }
                List<String> found = List.copyOf(new TreeSet<>(rows.values(names.get())));
                choose(
                        "input.features",
                        SettingType.list(found),
                        "Every name that the sample has." + SeriesNames.apart(rows, names.get(), series, found.size()));
                return true;
            }
            String sentence = "Every field whose values are " + (mixed ? "mostly" : "all") + " numbers"
                    + (out.isEmpty() ? "." : ", but not " + String.join(", nor ", out) + ".")
                    + (others.isEmpty() ? "" : " " + String.join(" ", others));
            choose("input.features", SettingType.list(features), sentence);
            return !features.isEmpty();
        }

        private void step(Optional<String> time, List<String> series) {
            if (time.isEmpty()) {
                if (rows.form() != SampleRows.Form.CSV)
                    choose("step", "event", "Without a time in the records, every event is a step of its own.");
                else choose("step", "1m", "How far apart the rows are is not in them: put the true distance here.");
                return;
            }
            List<Long> distances = distances(time.get(), series);
            if (distances.isEmpty()) {
                choose("step", "event", "The sample is too short to see how far apart events are.");
                return;
            }
            long median = distances.get(distances.size() / 2);
            long near = distances.stream()
                    .filter(ms -> Math.abs(ms - median) <= median / 10)
                    .count();
            int percent = (int) (100 * near / distances.size());
            String usual = Section.show(Duration.ofMillis(median));
            boolean together = values.containsKey("input.long.name");
            if (near >= REGULAR * distances.size() && !together) {
                choose(
                        "step",
                        "event",
                        "Events of a series are " + usual + " apart (" + percent
                                + " % of them, within a tenth), so each is a step of its own.");
                return;
            }
            Duration step = STEPS[STEPS.length - 1];
            for (int i = STEPS.length - 1; i >= 0; i--)
                if (STEPS[i].toMillis() >= median - median / 10) step = STEPS[i];
            choose(
                    "step",
                    Section.show(step),
                    together
                            ? "Values of one moment come in several records, " + usual + " apart from the next moment."
                            : String.format(
                                    Locale.ROOT,
                                    "Events of a series are irregular, with a median of %s between them; a grid makes"
                                            + " them comparable.",
                                    usual));
        }

        /** Milliseconds between different times of a series, whose records may lie in several partitions; sorted. */
        private List<Long> distances(String time, List<String> series) {
            Map<String, TreeSet<Long>> all = new LinkedHashMap<>();
            for (Map<String, String> row : rows.rows()) {
                long ms = times.parse(row.getOrDefault(time, ""));
                if (ms != EventTime.UNREADABLE)
                    all.computeIfAbsent(SeriesNames.key(row, series), k -> new TreeSet<>())
                            .add(ms);
            }
            List<Long> distances = new ArrayList<>();
            for (TreeSet<Long> ascending : all.values()) {
                long before = ascending.first();
                for (long ms : ascending.tailSet(before, false)) {
                    distances.add(ms - before);
                    before = ms;
                }
            }
            distances.sort(null);
            return distances;
        }

        private HashSet<String> keys(List<String> series) {
            HashSet<String> keys = new HashSet<>();
            rows.rows().forEach(row -> keys.add(SeriesNames.key(row, series)));
            return keys;
        }
    }
}
