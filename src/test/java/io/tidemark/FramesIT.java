package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.image.decode.TestImages;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames, good and bad, through every role: one outcome each, maps where they differ, and models that learn from them. */
class FramesIT {
    private static final int GOOD = 240;

    private final KafkaForTests broker = KafkaForTests.fresh();

    @TempDir
    Path folder;

    @Test
    void everyFrameHasOneOutcomeAndBadOnesAreDeadLetters() throws IOException {
        KafkaConnection kafka = broker.connection();
        String input = broker.topic("frames", 2);
        WholePath.createTopics(kafka);
        Path file = Files.writeString(folder.resolve("parts.yaml"), """
                stream: parts
                input: {topic: %s, format: image, image: {width: 24, height: 24}}
                networks: [image-dense-ae]
                outputs: {anomaly-maps: true, reconstructions: true}
                learning: {first-rows: 64, first-steps: 40, rows-per-step: 16, publish-rows: 64}
                """.formatted(input));
        StreamSpec stream = StreamFile.read(file);
        List<byte[]> bad = bad();
        try (WholePath path =
                WholePath.start(kafka, List.of(stream), EnumSet.allOf(RoleName.class), folder.resolve("state"))) {
            send(kafka, input, 0, GOOD, bad);
            path.awaitOutcomes(Duration.ofMinutes(2), GOOD + bad.size());
            int sent = GOOD;
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (path.modelVersion("parts", "image-dense-ae") == 0 && System.nanoTime() < deadline) {
                send(kafka, input, sent, sent + 2, List.of());
                sent += 2;
                path.awaitOutcomes(Duration.ofMinutes(1), sent + bad.size());
            }
            sendSpotted(kafka, input, sent);
            path.awaitOutcomes(Duration.ofMinutes(2), sent + 1 + bad.size());
            path.outcomes().readUntilSilence();
            assertThat(path.outcomes().doubled()).isEmpty();
            assertThat(path.failure()).isEmpty();
            assertThat(path.suspended("parts")).isZero();
            // the bad ones lie between the two halves of the good ones
            JsonNode last = path.outcomes().of("parts", input, 0, sent / 2 + (bad.size() + 1) / 2);
            assertThat(last.path("status").asText()).isEqualTo("scored");
            assertThat(last.path("frame").path("id").asText()).isEqualTo("part-" + sent);
            assertThat(last.path("frame").path("width").asInt()).isEqualTo(48);
            JsonNode region = last.path("regions").path(0);
            assertThat(region.path("left").asInt()).isBetween(24, 40);
            assertThat(region.path("top").asInt()).isBetween(4, 18);
        }
        assertThat(broker.read(kafka.names().deadLetters(), bad.size()))
                .allSatisfy(letter -> assertThat(new String(
                                letter.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                        .startsWith("image-"));
        List<ConsumerRecord<byte[], byte[]>> maps = broker.read(kafka.names().anomalyMaps(), 1);
        BufferedImage map = ImageIO.read(new ByteArrayInputStream(maps.get(0).value()));
        assertThat(map.getWidth()).isEqualTo(24);
        assertThat(broker.read(kafka.names().reconstructions(), 1)).isNotEmpty();
    }

    private static List<byte[]> bad() {
        byte[] jpeg = TestImages.encode(TestImages.grey(64, 64, (x, y) -> x * y & 0xFF), "jpeg");
        List<byte[]> bad = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            bad.add(Arrays.copyOf(jpeg, jpeg.length / 2));
            bad.add(TestImages.pngHeader(30_000, 30_000));
            bad.add("a text file".getBytes(UTF_8));
            bad.add(TestImages.alphaPng());
            bad.add(TestImages.pngHeader(0, 0));
        }
        return bad;
    }

    /** Plates with soft stripes. */
    private static void send(KafkaConnection kafka, String topic, int from, int to, List<byte[]> bad) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int i = from; i < to; i++) producer.send(frame(topic, i, false));
            for (int i = 0; i < bad.size(); i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, "line-0".getBytes(UTF_8), bad.get(i)));
            }
        }
    }

    private static void sendSpotted(KafkaConnection kafka, String topic, int number) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            producer.send(frame(topic, number, true));
        }
    }

    private static ProducerRecord<byte[], byte[]> frame(String topic, int number, boolean spot) {
        double phase = new Random(number).nextDouble();
        byte[] png = TestImages.encode(
                TestImages.grey(48, 48, (x, y) -> {
                    boolean bright = spot && Math.hypot(x - 34, y - 12) < 5;
                    return bright ? 250 : (int) (110 + 30 * Math.sin(x / 6.0 + phase));
                }),
                "png");
        String id = "part-" + number;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, number % 2, ("line-" + number % 2).getBytes(UTF_8), wrapped(number, id, png));
        if (number % 4 != 1) record.headers().add("ce_id", id.getBytes(UTF_8));
        return record;
    }

    /** Every other frame bare, the others by turns a CloudEvent and a data URL within JSON. */
    private static byte[] wrapped(int number, String id, byte[] png) {
        if (number % 2 == 0) return png;
        String base64 = Base64.getEncoder().encodeToString(png);
        return (number % 4 == 1
                        ? "{\"specversion\": \"1.0\", \"id\": \"" + id + "\", \"source\": \"x\", \"data_base64\": \""
                                + base64 + "\"}"
                        : "{\"shot\": {\"image\": \"data:image/png;base64," + base64 + "\"}}")
                .getBytes(UTF_8);
    }
}
