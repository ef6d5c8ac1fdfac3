package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.backtest.SeriesFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    Path folder;

    @Test
    void rowsAreSentInOrderButForThoseThatDoNotFitTheHeader() throws IOException {
        StreamSpec stream = StreamFile.read(Files.writeString(
                folder.resolve("s.yaml"),
                "stream: s\nstep: 1m\ninput: {topic: t, time: at, series: [pump], features: [flow]}\n"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                data.resolve("a.csv"),
                "at,pump,flow\n2024-01-01 00:00:00,p,1,5\n2024-01-01 00:00:00,p\n2024-01-01 00:01:00,p,1,5\nsoon,q,2\n");
        try (MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
            long sent = new Replay(stream, producer, Pace.AT_ONCE).run(SeriesFile.below(data), 4, at -> {});
            assertThat(sent).isEqualTo(2);
            assertThat(producer.history())
                    .extracting(record -> new String(record.key(), UTF_8) + new String(record.value(), UTF_8))
                    .containsExactly(
                            "p{\"at\":\"2024-01-01 00:00:00\",\"pump\":\"p\"}",
                            "q{\"at\":\"soon\",\"pump\":\"q\",\"flow\":2}");
        }
    }
}
