package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamFileTest {
    @TempDir
    Path folder;

    @Test
    void fiveMistakesAreReportedAtOnceWithFileAndLine() throws IOException {
        Path file = folder.resolve("pump.yaml");
        Files.writeString(file, """
                stream: Pump 1
                input:
                  topic: pump
                  format: xml
                  features: []
                step: 10 parsecs
                verdict:
                  treshold: 0.9
                """);

        assertThatThrownBy(() -> StreamFile.read(file))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::line)
                                .containsExactlyInAnyOrder(1, 4, 5, 6, 8))
                .hasMessageContaining("pump.yaml:8: verdict.treshold is not a known setting")
                .hasMessageContaining("input.format must be one of json, csv, but was xml");
    }

    @Test
    void everyKeyIsReadIntoItsSetting() {
        StreamSpec spec = parse("""
                stream: pump
                about: what a person should know
                input:
                  topic: plant.pump
                  format: csv
                  keyed: true
                  time: {field: at, unit: millis, zone: Europe/Berlin}
                  series: [site, pump]
                  features: [{name: pressure, field: p}, flow]
                  long: {name: metric, value: reading}
                  csv: {header: [at, site, pump, p, flow], header-line: false, delimiter: ";"}
                step: 10s
                lateness: 30s
                aggregate: mean
                gaps: {fill: linear, max: 7}
                max-future: 1h
                idle-close: 5m
                scaling: {floor: 0.02, clip: 8, memory: 777}
                networks: [dense-ae]
                forecast: {every: 3}
                learning: {series: 5, chunk: 4, first-rows: 100, first-steps: 50, rows-per-step: 9, publish-rows: 300,
                           buffer-rows: 1000, passes: 2, seed: 42}
                verdict: {direction: above, minimum-deviation: 1.5, open: 0.9, close: 0.3, for: 2, close-after: 4,
                          adapt-after: 99, alert-max-age: 2h}
                limits: {series: 12, event: 2KiB, state: 8KiB, open-steps: 9}
                """);

        assertThat(spec.input().series()).containsExactly("site", "pump");
        assertThat(spec.input().features())
                .containsExactly(new InputSpec.Feature("pressure", "p"), new InputSpec.Feature("flow", "flow"));
        assertThat(spec.input().longForm()).contains(new InputSpec.LongForm("metric", "reading"));
        assertThat(spec.input().keyed()).isTrue();
        assertThat(spec.input().csv())
                .isEqualTo(new InputSpec.Csv(List.of("at", "site", "pump", "p", "flow"), false, ';'));
        assertThat(spec.grid().step()).contains(Duration.ofSeconds(10));
        assertThat(spec.grid().fillMax()).isEqualTo(7);
        assertThat(spec.grid().idleClose()).contains(Duration.ofMinutes(5));
        assertThat(spec.scaling()).isEqualTo(new StreamSpec.Scaling(0.02, 8, 777));
        assertThat(spec.forecastEvery()).isEqualTo(3);
        assertThat(spec.learning()).isEqualTo(new StreamSpec.Learning(5, 4, 100, 50, 9, 300, 1000, 2, 42));
        assertThat(spec.verdict().forSteps()).isEqualTo(2);
        assertThat(spec.verdict().alertMaxAge()).contains(Duration.ofHours(2));
        assertThat(spec.limits()).isEqualTo(new StreamSpec.Limits(12, 2048, 8192, 9));
    }

    @Test
    void defaultsArePinned() {
        StreamSpec spec = parse("stream: s\ninput: {topic: t, series: [host], features: [value]}\n");

        assertThat(spec.grid().step()).isEmpty();
        assertThat(spec.grid().lateness()).isEqualTo(Duration.ZERO);
        assertThat(spec.grid().maxFuture()).isEqualTo(Duration.ofMinutes(10));
        assertThat(spec.input().keyed()).isFalse();
        assertThat(spec.scaling().memory()).isEqualTo(100_000);
        assertThat(spec.limits().stateBytes()).isEqualTo(16 << 10);
        assertThat(spec.limits().series()).isEqualTo(10_000);
        assertThat(spec.networks()).isEmpty();
    }

    @Test
    void anotherStepIsAnotherGenerationAndAnotherThresholdIsNot() {
        String base = "stream: s\ninput: {topic: t, features: [value]}\n";

        assertThat(parse(base + "step: 10s").generation())
                .isNotEqualTo(parse(base + "step: 20s").generation());
        assertThat(parse(base + "verdict: {open: 0.9}").generation())
                .isEqualTo(parse(base).generation());
    }

    private static StreamSpec parse(String text) {
        List<Problem> problems = new ArrayList<>();
        StreamSpec spec = StreamFile.read(YamlFile.parse("s.yaml", text, problems));
        assertThat(problems).isEmpty();
        return spec;
    }
}
