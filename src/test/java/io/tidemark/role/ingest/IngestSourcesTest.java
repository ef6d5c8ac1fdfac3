package io.tidemark.role.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestSourcesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "step: event, false",
        "step: 10s, false",
        "'step: 10s\nidle-close: 1m', true",
    })
    void aTaskReadsTwoTopicsOnlyWhereItSaysThatItReadsTicks(String settings, boolean ticks) throws IOException {
        Path file = folder.resolve("pumps.yaml");
        Files.writeString(
                file,
                "stream: pumps\ninput: {topic: in, series: [pump], time: at, features: [value]}\n" + settings + "\n");
        List<StreamSpec> streams = List.of(StreamFile.read(file));
        TopologyDescription built = IngestTopology.build(
                        new TopicNames("t."), "in", streams, stream -> 4, 1, new Meters(new SimpleMeterRegistry()))
                .describe();

        assertThat(IngestTopology.readsTicks(streams)).isEqualTo(ticks);
        long most = built.subtopologies().stream()
                .mapToLong(part -> part.nodes().stream()
                        .filter(TopologyDescription.Source.class::isInstance)
                        .count())
                .max()
                .orElseThrow();
        assertThat(most).isEqualTo(ticks ? 2 : 1);
    }
}
