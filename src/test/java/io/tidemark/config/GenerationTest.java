package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Stored state names the generation of its stream, so what a declaration hashes to never changes. */
class GenerationTest {
    private static final String MINIMAL = "stream: s\ninput: {topic: t, features: [value]}\n";

    @Test
    void theGenerationsOfShippedStreamsArePinned() {
        Map<String, Integer> found = new TreeMap<>();
        StreamFile.readAll(List.of(Path.of("topology/examples")))
                .forEach(stream -> found.put(stream.name(), stream.generation()));
        assertThat(found)
                .isEqualTo(Map.of(
                        "bench", 569030411,
                        "bench-images", 1713889841,
                        "host", 320740940,
                        "machines", 1886155795,
                        "nab", 569030411,
                        "smd", 1085572046,
                        "tile-line", 1372231782,
                        "tiles", 1083686103));
    }

    @Test
    void everyDeclaredValueOfTheGridAndTheScaleHashesToAPinnedNumber() {
        List<Integer> found = new ArrayList<>();
        for (String text : List.of(
                MINIMAL,
                MINIMAL + "step: 1500ms\nlateness: 90s\naggregate: mean\ngaps: {fill: linear, max: 7}\n"
                        + "max-future: 36500d\nidle-close: 100ms\nscaling: {floor: 1e-12, clip: 999.5, memory: 10}\n",
                MINIMAL + "scaling: {floor: 0.0015, clip: 12}\n",
                MINIMAL + "scaling: {floor: 123456789.125}\n",
                MINIMAL + "scaling: {floor: 1e12, clip: 1}\n",
                "stream: s\ninput: {topic: t, features: [{name: 'a, b', field: x.y}, c]}\n",
                "stream: s\ninput: {topic: t, format: image, image: {width: 64, height: 48}}\n",
                "stream: s\ninput: {topic: t, format: image, image: {width: 64, height: 48, channels: 3, fit: cover, "
                        + "crop: {x: 1, y: 2, width: 30, height: 40}, tiles: {width: 32, height: 32, overlap: 4}, "
                        + "normalise: {mean: 0.485, deviation: 0.229}}}\n")) {
            List<Problem> problems = new ArrayList<>();
            found.add(StreamFile.read(YamlFile.parse("s.yaml", text, problems)).generation());
            assertThat(problems).isEmpty();
        }
        assertThat(found)
                .isEqualTo(List.of(
                        569030411, 540775831, 2040067409, 1823287757, 1705521786, 1462914744, 1749009305, 1894966136));
    }

    @Test
    void whatIsMadeOfValuesTimesAndNumbersIsPartOfTheGeneration() {
        List<Integer> found = new ArrayList<>();
        for (String text : List.of(
                "stream: s\ninput: {topic: t, derive: rate, features: [value]}\n",
                "stream: s\ninput: {topic: t, features: [{name: value, derive: difference, fill: -2.5}]}\n",
                MINIMAL + "gaps: {fill: zero}\n",
                MINIMAL + "gaps: {fill: 7}\n",
                "stream: s\ninput: {topic: t, features: [value], time: {pattern: [dd.MM.yyyy, yyyy-MM-dd]}}\n",
                "stream: s\ninput: {topic: t, features: [value], csv: {decimal: ',', thousands: '.'}}\n")) {
            List<Problem> problems = new ArrayList<>();
            found.add(StreamFile.read(YamlFile.parse("s.yaml", text, problems)).generation());
            assertThat(problems).isEmpty();
        }
        assertThat(found)
                .isEqualTo(List.of(111091745, 251353356, 885156351, 1384422106, 816843600, 232299928))
                .doesNotHaveDuplicates();
    }
}
