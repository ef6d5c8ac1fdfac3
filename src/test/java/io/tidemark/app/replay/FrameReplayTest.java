package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameReplayTest {
    @TempDir
    Path folder;

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("b/2.PNG", "a/1.jpg", "a/notes.txt", "3.png")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, name.getBytes(UTF_8));
        }
    }

    @Test
    void imageFilesAreSentByNameRoundAfterRoundAsCloudEvents() throws IOException {
        List<FrameFiles> files = FrameFiles.below(folder, FrameFiles.IMAGES, FrameFiles.BY_FOLDER);

        List<Long> progress = new ArrayList<>();
        assertThat(new FrameReplay("frames", producer, false).run(files, 2, progress::add))
                .isEqualTo(6);

        assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(producer.history())
                .extracting(r -> header(r, "ce_id"))
                .containsExactly("3.png#1", "a/1.jpg#1", "b/2.PNG#1", "3.png#2", "a/1.jpg#2", "b/2.PNG#2");
        ProducerRecord<byte[], byte[]> second = producer.history().get(1);
        assertThat(new String(second.key(), UTF_8)).isEqualTo("a");
        assertThat(new String(second.value(), UTF_8)).isEqualTo("a/1.jpg");
        assertThat(header(second, "ce_source")).isEqualTo("a");
        assertThat(header(second, "content-type")).isEqualTo("image/jpeg");
        assertThat(new String(producer.history().get(0).key(), UTF_8))
                .isEqualTo(folder.getFileName().toString());
    }

    @Test
    void theSeriesIsTheFileOrAName() throws IOException {
        assertThat(FrameFiles.below(folder, "*.png", FrameFiles.BY_FILE))
                .extracting(FrameFiles::series)
                .containsExactly("3.png", "b/2.PNG");
        assertThat(FrameFiles.below(folder.resolve("a/1.jpg"), FrameFiles.IMAGES, "line-1"))
                .extracting(FrameFiles::series)
                .containsExactly("line-1");
    }

    @Test
    void aClaimCheckNamesTheFileAndItsHash() throws IOException {
        List<FrameFiles> files = FrameFiles.below(folder.resolve("a"), FrameFiles.IMAGES, FrameFiles.BY_FOLDER);

        new FrameReplay("frames", producer, true).run(files, 1, sent -> {});

        ProducerRecord<byte[], byte[]> record = producer.history().get(0);
        assertThat(record.value()).isNull();
        assertThat(header(record, "tidemark-uri")).startsWith("file:///").endsWith("/a/1.jpg");
        assertThat(header(record, "sha256")).hasSize(64);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
