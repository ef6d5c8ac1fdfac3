package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each setting, whichever it is: every one that is added to {@link StreamSettings} is tried here. */
class StreamSettingsTest {
    private static final String ROWS = """
            stream: s
            input: {topic: t, features: [value]}
            """;
    private static final String IMAGES = """
            stream: s
            input: {topic: t, format: image, image: {width: 64, height: 64}}
            """;

    static List<Setting<StreamSpec, ?>> settings() {
        return StreamSettings.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aValueOtherThanTheDefaultArrivesInItsPlaceAndNowhereElse(Setting<StreamSpec, ?> setting) {
        int others = 0;
        for (String text : setting.kind().inside()) {
            StreamSpec base = read(beside(setting, text));
            StreamSpec spec = read(file(setting, text));
            String written = setting.textOf(spec).orElseThrow();

            StreamSpec again = read(file(setting, written));
            assertThat(setting.of(again)).as("%s written as %s", text, written).isEqualTo(setting.of(spec));
            if (setting.of(spec).equals(setting.of(base))) continue;
            others++;
            if (setting == InputSettings.FORMAT) continue;
            assertThat(changed(base, spec))
                    .as("settings that change with %s: %s", setting, text)
                    .containsExactly(setting.path());
        }
        assertThat(others).as("values of %s that are not the default", setting).isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aValueOneStepBeyondItsRangeIsNamedWithItsLine(Setting<StreamSpec, ?> setting) {
        for (String text : setting.kind().outside()) {
            List<Problem> problems = new ArrayList<>();
            StreamSettings.read(YamlFile.parse("s.yaml", file(setting, text), problems));
            assertThat(problems)
                    .as("%s: %s", setting, text)
                    .anySatisfy(problem ->
                            assertThat(problem.toString()).matches("s\\.yaml:\\d+: " + setting.path() + ".*"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void everySettingHasASentence(Setting<StreamSpec, ?> setting) {
        assertThat(setting.about()).matches("(?s)[A-Z0-9`].*\\.");
        assertThat(setting.kind().inside()).isNotEmpty();
    }

    @Test
    void recordsRefuseValuesThatAFileMayNotHold() {
        assertThatThrownBy(() -> new StreamSpec.Scaling(0, 10, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scaling.floor must be a number in [1e-12, 1e12], but was 0");
        assertThatThrownBy(() -> new StreamSpec.Verdict(
                        new StreamSpec.Verdict.Hysteresis(0.3, 0.7, 1, 5), 500, Optional.empty()))
                .hasMessageContaining("verdict.close must be at most verdict.open");
        assertThatThrownBy(() -> new GuardSpec(Duration.ofDays(2), 200, 3, 3, 5, 3, 0.05))
                .hasMessageContaining("guard.watch");
        assertThatThrownBy(() -> new StreamSpec.Limits(0, 64, 8192, 1)).hasMessageContaining("limits.series");
    }

    @Test
    void aThresholdDeclaredAloneTakesThePlaceOfTheBudget() {
        assertThat(read(ROWS).verdict().budget()).contains(AlertBudget.DEFAULT);
        assertThat(read(ROWS + "verdict: {open: 0.4}\n").verdict().budget()).isEmpty();
        assertThat(read(ROWS + "verdict: {open: 0.4, budget: 1 / week}\n")
                        .verdict()
                        .budget())
                .contains(AlertBudget.parse("1 / week"));
    }

    @Test
    void aBudgetOfTheStreamIsForATimeAndBesideThatOfEachSeries() {
        assertThat(read(ROWS).verdict().streamBudget()).isEmpty();
        StreamSpec.Verdict both =
                read(ROWS + "verdict: {stream-budget: 5 / day}\n").verdict();
        assertThat(both.streamBudget()).contains(AlertBudget.parse("5 / day"));
        assertThat(both.budget()).contains(AlertBudget.DEFAULT);
        assertThat(problems(ROWS + "verdict: {stream-budget: 1 / 1000 steps}\n"))
                .singleElement()
                .asString()
                .contains("must be for a time, such as `5 / day`");
        assertThat(problems(ROWS + "verdict: {open: 0.4, stream-budget: 5 / day}\n"))
                .containsExactly(
                        "s.yaml:3: verdict.stream-budget needs verdict.budget, but alerts open at the threshold verdict.open");
    }

    @Test
    void theSeriesOfAStreamShareItsBudgetInEqualParts() {
        AlertBudget budget = AlertBudget.parse("10 / day");
        assertThat(budget.level(60_000, 1)).isCloseTo(Math.log10(144), within(1e-12));
        assertThat(budget.level(60_000, 1000)).isCloseTo(Math.log10(144_000), within(1e-12));
        assertThat(budget.level(60_000)).isEqualTo(budget.level(60_000, 1));
    }

    @Test
    void anAlertClosesAfterTwentyStepsByTheBudgetAndAfterFiveAtAThreshold() {
        assertThat(read(ROWS).verdict().hysteresis().closeSteps()).isEqualTo(20);
        assertThat(read(ROWS + "verdict: {open: 0.4}\n").verdict().hysteresis().closeSteps())
                .isEqualTo(5);
        assertThat(read(ROWS + "verdict: {open: 0.4, close-after: 9}\n")
                        .verdict()
                        .hysteresis()
                        .closeSteps())
                .isEqualTo(9);
    }

    @Test
    void closeIsHalfOfOpenUnlessDeclaredAndNeverAboveIt() {
        assertThat(read(ROWS + "verdict: {open: 0.4}\n").verdict().hysteresis().close())
                .isEqualTo(0.2);
        assertThat(problems(ROWS + "verdict: {open: 0.4, close: 0.5}\n"))
                .containsExactly("s.yaml:3: verdict.close must be at most verdict.open, which is 0.4, but was 0.5");
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOne() {
        assertThat(problems(ROWS + "verdict: {close-aftr: 3}\n"))
                .singleElement()
                .asString()
                .startsWith("s.yaml:3: verdict.close-aftr is not a known setting; did you mean verdict.close-after?");
        assertThat(problems(ROWS + "verdict: {lateness: 3s}\n"))
                .singleElement()
                .asString()
                .contains("did you mean lateness?");
        assertThat(problems(ROWS + "zzzzzzzz: 1\n")).singleElement().asString().doesNotContain("did you mean");
    }

    @Test
    void schemasAreDeclaredWhereTheyAreNeededAndNowhereElse() {
        String avro = "stream: s\ninput: {topic: t, features: [v], format: avro";
        assertThat(problems(avro + "}\n")).singleElement().asString().contains("must name a registry or a file");
        assertThat(problems(avro + ", schema: {registry: 'http://r:1', file: a.avsc}}\n"))
                .singleElement()
                .asString()
                .contains("leave one of them out");
        assertThat(problems(avro + ", schema: {file: a.avsc, message: M}}\n"))
                .singleElement()
                .asString()
                .contains("input.schema.message is for format: protobuf");
        assertThat(problems("stream: s\ninput: {topic: t, features: [v], schema: {file: a.avsc}}\n"))
                .singleElement()
                .asString()
                .contains("input.schema is for format: avro and format: protobuf");
        assertThat(problems("stream: s\ninput: {topic: t, features: [v], format: otlp, records: a}\n"))
                .singleElement()
                .asString()
                .contains("says nothing with format: otlp");
    }

    @Test
    void settingsOfImagesAreRefusedElsewhere() {
        assertThat(problems(ROWS + "outputs: {codes: true, size: 64, anomaly-maps: true}\n"))
                .containsExactly(
                        "s.yaml:3: outputs.anomaly-maps is for format: image",
                        "s.yaml:3: outputs.size is for format: image");
        assertThat(read(ROWS + "outputs: {codes: true}\n").codes()).isTrue();
        assertThat(read(IMAGES + "outputs: {codes: true}\n").codes()).isTrue();
        assertThat(problems(IMAGES + "step: 10s\n"))
                .containsExactly("s.yaml:3: step must be event for images: every frame is a step");
    }

    @Test
    void aTimeMayBeAFieldNameAlone() {
        StreamSpec spec = read("stream: s\ninput: {topic: t, features: [v], time: at}\n");
        assertThat(spec.input().fields().time())
                .isEqualTo(read("stream: s\ninput: {topic: t, features: [v], time: {field: at}}\n")
                        .input()
                        .fields()
                        .time());
        assertThat(spec.input().fields().time().field()).isEqualTo("at");
        assertThat(read("stream: s\ninput:\n  topic: t\n  features: [v]\n  time:\n    # field: at\n")
                        .input()
                        .fields()
                        .time()
                        .field())
                .isEqualTo("timestamp");
    }

    @Test
    void featuresTakeOverWhatHoldsForAllAndSayTheRestThemselves() {
        StreamSpec spec = read("""
                stream: s
                gaps: {fill: zero}
                input:
                  topic: t
                  missing: [-9]
                  on-bad: reject
                  derive: rate
                  valid-range: [0, 150]
                  features: [a, {name: b, missing: no, valid-range: none, on-bad: missing, derive: none, fill: previous}]
                """);
        InputSpec.Values all = new InputSpec.Values(
                List.of("-9"),
                new ValidRange(0, 150),
                true,
                InputSpec.Derive.RATE,
                Optional.of(new GridSpec.Filling(GridSpec.Fill.ZERO, 0)));
        InputSpec.Values own = new InputSpec.Values(
                List.of("-9", "no"),
                ValidRange.ALL,
                false,
                InputSpec.Derive.NONE,
                Optional.of(new GridSpec.Filling(GridSpec.Fill.PREVIOUS, 0)));
        assertThat(spec.input().fields().features())
                .containsExactly(new InputSpec.Feature("a", "a", all), new InputSpec.Feature("b", "b", own));
        assertThat(spec.grid().fillMax()).isEqualTo(1024);
        assertThat(read(StreamText.describe(spec))).isEqualTo(spec);
    }

    @Test
    void aFeatureSaysWhatOfItCountsAndTheRestSayNothing() {
        StreamSpec spec = read("""
                stream: s
                input: {topic: t, features: [temp, flow]}
                verdict:
                  direction: below
                  minimum-deviation: 2
                  features: {temp: {direction: above, minimum-absolute: 0.5, minimum-relative: 0.1}}
                """);
        assertThat(spec.verdict().deviations())
                .isEqualTo(new Deviations(
                        StreamSpec.Direction.BELOW,
                        2,
                        Map.of("temp", new Deviations.Own(Optional.of(StreamSpec.Direction.ABOVE), 0.5, 0.1))));
        assertThat(read(StreamText.describe(spec))).isEqualTo(spec);
        assertThat(read(ROWS).verdict().deviations()).isEqualTo(Deviations.ALL);
    }

    @Test
    void aFeatureThatIsNoneOfTheStreamIsNamedWithTheNearest() {
        assertThat(problems(ROWS + "verdict:\n  features:\n    valeu: {direction: above}\n"))
                .containsExactly(
                        "s.yaml:5: verdict.features.valeu is not a feature of the stream; did you mean value?");
        assertThat(problems(ROWS + "verdict: {features: {temp: {direction: above}}}\n"))
                .containsExactly(
                        "s.yaml:3: verdict.features.temp is not a feature of the stream; the features are those"
                                + " below input.features");
        assertThat(problems(ROWS + "verdict: {features: {value: {minimum-absolut: 1}}}\n"))
                .singleElement()
                .asString()
                .contains("did you mean verdict.features.value.minimum-absolute?");
    }

    @Test
    void aValidRangeHasAnEndAndTheRightWayRound() {
        assertThat(problems("stream: s\ninput: {topic: t, features: [{name: v, valid-range: [3, 2]}]}\n"))
                .containsExactly(
                        "s.yaml:2: input.features[0].valid-range must be two numbers, the least and the most, such as"
                                + " [0, 150], of which one may be `none`, but was [3, 2]");
        assertThatThrownBy(() -> new ValidRange(3, 2)).hasMessageContaining("but was [3, 2]");
        assertThat(new ValidRange(2, 3).holds(3)).isTrue();
        assertThat(new ValidRange(2, 3).holds(Math.nextUp(3.0))).isFalse();
    }

    @Test
    void settingsOfInputThatContradictEachOtherAreNamed() {
        String rows = "stream: s\ninput: {topic: t, features: [v], ";
        assertThat(problems(rows + "time: {pattern: yyyy-MM-dd, unit: seconds}}\n"))
                .containsExactly("s.yaml:2: input.time.unit says nothing beside pattern; leave one of them out");
        assertThat(problems(rows + "csv: {decimal: ',', thousands: ','}}\n"))
                .containsExactly("s.yaml:2: input.csv.thousands must differ from decimal, but both are ,");
        assertThat(problems(ROWS + "same-time: aggregate\n"))
                .containsExactly("s.yaml:3: same-time aggregate needs a step of some length, such as step: 1s");
        assertThat(problems(ROWS + "same-time: sequence\nstep: 1s\n"))
                .containsExactly("s.yaml:3: same-time sequence needs step: event, where every event is a step");
        assertThat(problems(IMAGES + "gaps: {fill: 0}\n"))
                .containsExactly("s.yaml:3: gaps.fill must be previous, linear or none for images");
    }

    /** A file with a setting and what it needs beside it. */
    static String file(Setting<StreamSpec, ?> setting, String value) {
        Map<String, String> keys = needs(setting, value);
        keys.put(setting.path(), value);
        return yaml(keys);
    }

    /** The same file without the setting. */
    private static String beside(Setting<StreamSpec, ?> setting, String value) {
        return yaml(needs(setting, value));
    }

    private static Map<String, String> needs(Setting<StreamSpec, ?> setting, String value) {
        Map<String, String> keys = new TreeMap<>(Map.of("stream", "s", "input.topic", "t"));
        String path = setting.path();
        String section = setting.section();
        if (path.startsWith("input.image") || path.startsWith("outputs") || value.equals("image")) {
            keys.put("input.format", "image");
            keys.put("input.image.width", "64");
            keys.put("input.image.height", "64");
        } else {
            keys.put("input.features", "[value]");
        }
        // its default follows the budget
        if (path.equals("verdict.budget")) keys.put("verdict.close-after", "7");
        switch (section) {
            case "input.image.tiles" -> {
                int side = path.endsWith("overlap") ? 2048 : 64;
                keys.put("input.image.width", path.endsWith("width") && value.equals("4096") ? value : side + "");
                keys.put("input.image.height", path.endsWith("height") && value.equals("4096") ? value : side + "");
                keys.put("input.image.tiles.overlap", "0");
            }
            case "input.image.crop" -> {
                keys.put("input.image.crop.width", "5");
                keys.put("input.image.crop.height", "5");
            }
            case "input.schema" -> {
                boolean file = path.endsWith("file") || path.endsWith("frame");
                keys.put("input.format", "protobuf");
                keys.put(file ? "input.schema.file" : "input.schema.registry", file ? "a.proto" : "http://other:1");
            }
            case "input.long" -> {
                keys.put("input.long.name", "n");
                keys.put("input.long.value", "v");
            }
            default -> {
                // nothing else is needed
            }
        }
        if (value.equals("avro") || value.equals("protobuf")) {
            keys.put("input.format", value);
            keys.put("input.schema.registry", "http://other:1");
        }
        if (setting == InputSettings.UNIT) keys.put("step", "1s");
        if (setting == GridSettings.FILL) keys.put("gaps.max", "3");
        if (setting == VerdictSettings.OPEN) {
            keys.put("verdict.close", "0");
            keys.put("verdict.budget", "none");
        }
        if (setting == VerdictSettings.CLOSE) keys.put("verdict.open", "1");
        return keys;
    }

    /** Paths and values as YAML. */
    private static String yaml(Map<String, String> keys) {
        StringBuilder text = new StringBuilder();
        Map<String, Map<String, String>> sections = new TreeMap<>();
        keys.forEach((path, value) -> {
            int dot = path.indexOf('.');
            if (dot < 0) text.append(path).append(": ").append(value).append('\n');
            else
                sections.computeIfAbsent(path.substring(0, dot), s -> new TreeMap<>())
                        .put(path.substring(dot + 1), value);
        });
        sections.forEach((section, inner) ->
                text.append(section).append(":\n").append(yaml(inner).indent(2)));
        return text.toString();
    }

    private static List<String> changed(StreamSpec before, StreamSpec after) {
        return StreamSettings.all().stream()
                .filter(setting -> !setting.of(before).equals(setting.of(after)))
                .map(Setting::path)
                .toList();
    }

    private static StreamSpec read(String text) {
        List<Problem> problems = new ArrayList<>();
        StreamSpec spec = StreamSettings.read(YamlFile.parse("s.yaml", text, problems));
        assertThat(problems).as(text).isEmpty();
        return spec;
    }

    private static List<String> problems(String text) {
        List<Problem> problems = new ArrayList<>();
        StreamSettings.read(YamlFile.parse("s.yaml", text, problems));
        return problems.stream().map(Problem::toString).toList();
    }
}
