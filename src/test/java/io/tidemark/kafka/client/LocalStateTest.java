package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Materialized;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateTest {
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir
    private Path state = Path.of("");

    private Path file(String name, Duration age) throws IOException {
        Path file = state.resolve("app").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    @Test
    void whatNobodyHasUsedForHalfADayIsRemoved() throws IOException {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "app",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "localhost:1",
                StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
                Serdes.ByteArraySerde.class,
                StreamsConfig.STATE_DIR_CONFIG,
                state.toString()));
        StreamsBuilder builder = new StreamsBuilder();
        builder.table("in", Materialized.as("state"));
        try (KafkaStreams application = new KafkaStreams(builder.build(), settings)) {
            Path old = file("0_0/rocksdb/state/000012.sst", Duration.ofHours(30));
            Path newer = file("0_1/rocksdb/state/CURRENT", Duration.ofHours(11));
            LocalState.removeOld(application, state.resolve("app"), CLOCK);
            assertThat(old).exists();
            Files.setLastModifiedTime(newer, FileTime.from(NOW.minus(Duration.ofHours(13))));
            LocalState.removeOld(application, state.resolve("app"), CLOCK);
            assertThat(old).doesNotExist();
            assertThat(newer).doesNotExist();
        }
    }

    @Test
    void whereThereIsNothingNothingIsOld() {
        assertThat(LocalState.isOld(state, CLOCK)).isFalse();
        assertThat(LocalState.isOld(state.resolve("app"), CLOCK)).isFalse();
    }
}
