package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.TopicNames;
import io.tidemark.image.decode.TestImages;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames through the topology of ingest. */
class FrameTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2024-06-01T12:00:00Z");
    private static final String NO_SHA = "0".repeat(64);

    @TempDir
    Path folder;

    private TopologyTestDriver driver;
    private Path root;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(folder.resolve("frames"));
        Path file = Files.writeString(folder.resolve("camera.yaml"), """
                stream: camera
                input: {topic: in, format: image, image: {width: 4, height: 2, root: "%s"}}
                """.formatted(root));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("ingest-in"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        driver = new TopologyTestDriver(
                IngestTopology.build(
                        NAMES,
                        "in",
                        List.of(StreamFile.read(file)),
                        stream -> 1,
                        1,
                        new Meters(new SimpleMeterRegistry())),
                settings,
                NOON);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void aFrameBecomesASampleAndTeaches() {
        byte[] png = TestImages.encode(TestImages.grey(8, 4, (x, y) -> 10 * (x / 2) + 100 * (y / 2)), "png");

        pipe(Map.of("ce_id", "frame-1"), png);

        Sample sample = new Sample();
        Step step = new Step();
        sample.wrap(records(NAMES.samples()).get(0).value(), step);
        Frame frame = Objects.requireNonNull(sample.frame());
        assertThat(step.series).isEqualTo("cam-1");
        assertThat(step.values()[0]).isEqualTo(frame.brightness());
        assertThat(frame.pixels()).containsExactly(0, 10, 20, 30, 100, 110, 120, (byte) 130);
        assertThat(frame.source()).isEqualTo(new Frame.Source(8, 4, 0, 0, 8, 4, "frame-1"));
        TrainingFrame taught =
                TrainingFrame.decode(records(NAMES.training()).get(0).value());
        assertThat(taught.step()).isZero();
        assertThat(taught.frame().pixels()).isEqualTo(frame.pixels());
        assertThat(records(NAMES.deadLetters())).isEmpty();
    }

    @Test
    void framesOfOneMillisecondAreDuplicatesOnlyWhenTheyAreTheSame() throws IOException {
        pipe(Map.of(), TestImages.plain(4, 10));
        pipe(Map.of(), TestImages.plain(4, 20));
        pipe(Map.of(), TestImages.plain(4, 10));
        pipe(Map.of("ce_id", "a"), TestImages.plain(4, 10));
        pipe(Map.of("ce_id", "a"), TestImages.plain(4, 30));
        pipe(Map.of("ce_time", NOON.minusSeconds(1).toString()), TestImages.plain(4, 40));

        assertThat(statuses()).containsExactly("duplicate", "duplicate", "late");
        assertThat(records(NAMES.samples())).hasSize(3);
    }

    @Test
    void everyBadFrameIsADeadLetterWithItsReasonAndNothingStops() throws IOException {
        byte[] jpeg = TestImages.encode(TestImages.grey(64, 64, (x, y) -> x * y & 0xFF), "jpeg");
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("image-malformed", Arrays.copyOf(jpeg, jpeg.length / 2));
        bad.put("image-unknown-format", "a text file".getBytes(UTF_8));
        bad.put("image-empty", TestImages.pngHeader(0, 0));
        bad.put("image-too-many-pixels", TestImages.pngHeader(30_000, 30_000));
        bad.put("image-animated", TestImages.animatedPng());
        bad.put("image-cmyk", TestImages.cmykJpeg());
        bad.put("image-deep", TestImages.deepJpeg());
        bad.put("image-alpha", TestImages.alphaPng());
        bad.put("too-large", new byte[(1 << 20) + 1]);
        bad.values().forEach(value -> pipe(Map.of(), value));
        Path secret = Files.write(folder.resolve("secret.png"), TestImages.plain(4, 1));
        Path link = Files.createSymbolicLink(root.resolve("link.png"), secret);
        Path wrong = Files.write(root.resolve("wrong.png"), TestImages.plain(4, 1));
        claim(root.resolve("..").resolve("secret.png").toString());
        claim(link.toString());
        claim(root.resolve("missing.png").toString());
        claim(wrong.toString());
        pipe(Map.of(), TestImages.plain(4, 9));

        List<String> reasons = new ArrayList<>(bad.keySet());
        reasons.addAll(List.of("claim-outside", "claim-outside", "claim-missing", "claim-mismatch"));
        List<TestRecord<byte[], byte[]>> letters = records(NAMES.deadLetters());
        assertThat(letters)
                .extracting(letter -> new String(
                        letter.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                .containsExactlyElementsOf(reasons);
        assertThat(letters.get(3).value()).isEqualTo(bad.get("image-too-many-pixels"));
        assertThat(statuses()).hasSize(reasons.size()).allMatch("rejected"::equals);
        assertThat(records(NAMES.samples())).hasSize(1);
    }

    private void claim(String path) {
        TestInputTopic<byte[], byte[]> input = input();
        RecordHeaders headers = new RecordHeaders();
        headers.add("tidemark-uri", ("file://" + path).getBytes(UTF_8)).add("sha256", NO_SHA.getBytes(UTF_8));
        input.pipeInput(new TestRecord<>("cam-1".getBytes(UTF_8), null, headers, NOON));
    }

    private void pipe(Map<String, String> headers, byte[] value) {
        RecordHeaders added = new RecordHeaders();
        headers.forEach((name, text) -> added.add(name, text.getBytes(UTF_8)));
        input().pipeInput(new TestRecord<>("cam-1".getBytes(UTF_8), value, added, NOON));
    }

    private TestInputTopic<byte[], byte[]> input() {
        return driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<String> statuses() throws IOException {
        List<String> statuses = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(NAMES.scores())) {
            JsonNode score = MAPPER.readTree(record.value());
            statuses.add(score.get("status").asText());
        }
        return statuses;
    }
}
