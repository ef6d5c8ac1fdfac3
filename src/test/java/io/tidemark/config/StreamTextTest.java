package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamTextTest {
    static List<StreamSpec> shipped() {
        return StreamFile.readAll(List.of(Path.of("topology/examples")));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aDescribedStreamReadsBackToAnEqualOne(StreamSpec stream) {
        assertThat(read(StreamText.describe(stream))).isEqualTo(stream);
    }

    @ParameterizedTest
    @MethodSource("io.tidemark.config.StreamSettingsTest#settings")
    void aStreamWithOneSettingOffItsDefaultReadsBackToAnEqualOne(Setting<StreamSpec, ?> setting) {
        for (String value : setting.kind().inside()) {
            StreamSpec stream = read(StreamSettingsTest.file(setting, value));
            assertThat(read(StreamText.describe(stream))).isEqualTo(stream);
        }
    }

    @Test
    void everySettingIsDescribedAndSaysWhetherItHasItsDefault() {
        String text = StreamText.describe(read("stream: s\ninput: {topic: t, features: [v]}\nverdict: {for: 3}\n"));

        assertThat(text).containsPattern("(?m)^lateness: 0s +# default$");
        assertThat(text).containsPattern("(?m)^  for: 3$");
        assertThat(text).containsPattern("(?m)^  close: 0.35 +# default$");
        assertThat(text).contains("retrain:\n", "challengers:\n", "guard:\n").doesNotContain("image");
    }

    @Test
    void aFirstFileIsValidAndExplainsEverySettingThatItShows() {
        String text = StreamText.start(Map.of("stream", "pumps"), Map.of());

        StreamSpec spec = read(text);
        assertThat(spec.name()).isEqualTo("pumps");
        assertThat(text).contains("# lateness: 0s", "  topic: my-topic", "# Length of a grid step");
        assertThat(read(uncommented(text)).name()).isEqualTo("pumps");
    }

    /** The file with every setting that it shows as a comment. */
    private static String uncommented(String text) {
        String keys = StreamSettings.all().stream().map(Setting::key).distinct().collect(Collectors.joining("|"));
        return text.replaceAll("(?m)^( *)# ((" + keys + "): )", "$1$2");
    }

    private static StreamSpec read(String text) {
        List<Problem> problems = new ArrayList<>();
        StreamSpec spec = StreamSettings.read(YamlFile.parse("s.yaml", text, problems));
        assertThat(problems).as(text).isEmpty();
        return spec;
    }
}
