package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                .hasMessageContaining(
                        "input.format must be one of json, csv, influx, otlp, prometheus, avro, protobuf, image, but was xml");
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
                challengers: {share: 0.5, most: 1, cost: 2}
                guard: {watch: 5m, least: 50, alert-rate: 2, tails: 4, latency: 6, errors: 7, failed: 0.5}
                """);

        assertThat(spec.challengers()).isEqualTo(new ChallengerSpec(0.5, 1, 2));
        assertThat(spec.guard()).isEqualTo(new GuardSpec(Duration.ofMinutes(5), 50, 2, 4, 6, 7, 0.5));

        assertThat(spec.input().fields().series()).containsExactly("site", "pump");
        assertThat(spec.input().fields().features())
                .containsExactly(new InputSpec.Feature("pressure", "p"), new InputSpec.Feature("flow", "flow"));
        assertThat(spec.input().fields().longForm()).contains(new InputSpec.LongForm("metric", "reading"));
        assertThat(spec.input().keyed()).isTrue();
        assertThat(spec.input().encoding().csv())
                .isEqualTo(new InputSpec.Csv(List.of("at", "site", "pump", "p", "flow"), false, ';'));
        assertThat(spec.grid().step()).contains(Duration.ofSeconds(10));
        assertThat(spec.grid().fillMax()).isEqualTo(7);
        assertThat(spec.grid().idleClose()).contains(Duration.ofMinutes(5));
        assertThat(spec.scaling()).isEqualTo(new StreamSpec.Scaling(0.02, 8, 777));
        assertThat(spec.forecastEvery()).isEqualTo(3);
        assertThat(spec.learning())
                .isEqualTo(new StreamSpec.Learning(5, 4, new StreamSpec.Learning.Pace(100, 50, 9, 300, 2), 1000, 42));
        assertThat(spec.verdict().deviations()).isEqualTo(new Deviations(StreamSpec.Direction.ABOVE, 1.5, Map.of()));
        assertThat(spec.verdict().hysteresis().forSteps()).isEqualTo(2);
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
        assertThat(spec.learning().withhold()).isEqualTo(0.1);
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

    @Test
    void anImageStreamHasOneFeatureAndItsOwnSettings() throws IOException {
        Path file = folder.resolve("camera.yaml");
        Files.writeString(file, """
                stream: camera
                input:
                  topic: frames
                  format: image
                  image: {width: 100, height: 60, tiles: {width: 32, height: 32, overlap: 8}, keep: 1MiB}
                outputs: {anomaly-maps: true, size: 64}
                """);

        StreamSpec spec = StreamFile.read(file);
        ImageSpec image = spec.input().image().orElseThrow();

        assertThat(spec.features()).isEqualTo(1);
        assertThat(image.outputs()).isEqualTo(new ImageSpec.Outputs(true, false, 64));
        assertThat(image.tileColumns()).isEqualTo(4);
        assertThat(image.tileRows()).isEqualTo(3);
        assertThat(image.tileX(3)).isEqualTo(68);
        assertThat(image.tileY(11)).isEqualTo(28);
    }

    @Test
    void everyMistakeOfAnImageStreamIsReportedAtItsLine() throws IOException {
        Path file = folder.resolve("camera.yaml");
        Files.writeString(file, """
                stream: camera
                input:
                  topic: frames
                  format: image
                  features: [value]
                  image:
                    width: 5000
                    channels: 2
                    fit: shrink
                    tiles: {width: 8, height: 8, overlap: 8}
                step: 10s
                """);

        assertThatThrownBy(() -> StreamFile.read(file))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("camera.yaml:5: input.features does not go with format: image")
                .hasMessageContaining("camera.yaml:7: input.image.width must be a whole number in [1, 4096]")
                .hasMessageContaining("input.image.height is missing")
                .hasMessageContaining("camera.yaml:8: input.image.channels must be 1 for grey or 3 for colour")
                .hasMessageContaining("camera.yaml:9: input.image.fit must be one of stretch, cover")
                .hasMessageContaining("camera.yaml:10: input.image.tiles.overlap must be less")
                .hasMessageContaining("camera.yaml:11: step must be event for images");
    }
}
