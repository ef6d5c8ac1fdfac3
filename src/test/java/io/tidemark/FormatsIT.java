package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages of real producers ({@link RealMessages}) through a broker and every role that an event meets: each format to the status
 * {@code scored}, and each value that cannot be read to a dead letter that says why.
 */
class FormatsIT {

    private final KafkaForTests broker = KafkaForTests.fresh();

    @TempDir
    Path folder;

    private StreamSpec stream(String name, String input) throws IOException {
        String topic = broker.topic(name, 1);
        String text = "stream: " + name + "\nnetworks: []\n" + (input.contains("format: image") ? "" : "step: event\n")
                + "input:\n  topic: " + topic + "\n" + input.indent(2);
        return StreamFile.read(Files.writeString(folder.resolve(name + ".yaml"), text));
    }

    private void send(StreamSpec stream, KafkaProducer<byte[], byte[]> producer) {
        String topic = stream.input().topic();
        for (RealMessages.Message message : RealMessages.of(stream.name())) {
            send(producer, topic, message.value(), message.headers());
        }
        for (RealMessages.Unreadable unreadable : RealMessages.unreadable(stream.name())) {
            send(producer, topic, unreadable.value(), unreadable.headers());
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, byte[] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, "key".getBytes(UTF_8), value);
        headers.forEach(record.headers()::add);
        producer.send(record);
    }

    @Test
    void messagesOfRealProducersAreScoredAndWhatCannotBeReadIsADeadLetterThatSaysWhy() throws IOException {
        KafkaConnection kafka =
                new KafkaConnection(Map.of("bootstrap.servers", broker.bootstrap()), new TopicNames(broker.prefix()));
        WholePath.createTopics(kafka);
        List<StreamSpec> streams = new ArrayList<>();
        // the registry starts while its schemas are asked for
        try (RealMessages messages = new RealMessages(2);
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (Map.Entry<String, String> each : messages.inputs().entrySet()) {
                StreamSpec stream = stream(each.getKey(), each.getValue());
                streams.add(stream);
                send(stream, producer);
            }
            producer.flush();
            try (WholePath path = WholePath.start(
                    kafka,
                    streams,
                    EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT),
                    folder.resolve("state"))) {
                Eventually.passes(Duration.ofSeconds(60), () -> {
                    assertThat(path.failure()).isEmpty();
                    assertThat(OutcomeTally.byStream(
                                    broker, score -> score.path("status").asText()))
                            .isEqualTo(wanted(streams));
                });
            }
        }
        Map<String, List<String>> details = new TreeMap<>();
        broker.readAll(
                List.of(kafka.names().deadLetters()),
                letter -> details.computeIfAbsent(
                                text(letter.headers()
                                        .lastHeader(DeadLetter.STREAM)
                                        .value()),
                                name -> new ArrayList<>())
                        .add(text(letter.headers().lastHeader(DeadLetter.DETAIL).value())));
        for (StreamSpec stream : streams) {
            for (RealMessages.Unreadable unreadable : RealMessages.unreadable(stream.name())) {
                assertThat(details.get(stream.name()))
                        .as(stream.name())
                        .anyMatch(detail -> detail.contains(unreadable.detail()));
            }
        }
    }

    /** The four images of the maker by turns, each envelope with a time of its own. */
    @Test
    void imagesOfARealProducerAreLearntAndScored() throws IOException {
        KafkaConnection kafka =
                new KafkaConnection(Map.of("bootstrap.servers", broker.bootstrap()), new TopicNames(broker.prefix()));
        WholePath.createTopics(kafka);
        String topic = broker.topic("images", 1);
        StreamSpec stream = StreamFile.read(Files.writeString(folder.resolve("images.yaml"), """
                stream: images
                networks: [image-dense-ae]
                learning: {first-rows: 64, first-steps: 40, rows-per-step: 16, publish-rows: 64}
                input:
                  topic: %s
                  format: image
                  image: {width: 16, height: 16, channels: 1, max-bytes: 1MiB}
                """.formatted(topic)));
        List<RealMessages.Message> images = RealMessages.of("cloudevents-image");
        Instant first = Instant.parse("2023-11-14T22:13:20Z");
        int[] sent = {0};
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of());
                WholePath path =
                        WholePath.start(kafka, List.of(stream), EnumSet.allOf(RoleName.class), folder.resolve("own"))) {
            Eventually.passes(Duration.ofMinutes(3), () -> {
                for (int i = 0; i < 4 * images.size(); i++, sent[0]++) {
                    RealMessages.Message image = images.get(i % images.size());
                    String later = text(image.value())
                            .replaceFirst("\"time\":\"[^\"]+\"", "\"time\":\"" + first.plusSeconds(sent[0]) + "\"");
                    send(producer, topic, later.getBytes(UTF_8), image.headers());
                }
                producer.flush();
                path.awaitOutcomes(Duration.ofMinutes(1), sent[0]);
                assertThat(OutcomeTally.byStream(
                                        broker, score -> score.path("status").asText())
                                .get("images"))
                        .containsKey("scored")
                        .containsOnlyKeys("warming-up", "scored");
            });
        }
    }

    private static Map<String, Map<String, Integer>> wanted(List<StreamSpec> streams) {
        Map<String, Map<String, Integer>> wanted = new TreeMap<>();
        for (StreamSpec stream : streams) {
            String name = stream.name();
            boolean image = name.endsWith("image");
            Map<String, Integer> outcomes = new TreeMap<>(Map.of("warming-up", image ? 4 : 30));
            if (!image) outcomes.put("scored", 4);
            outcomes.put("rejected", RealMessages.unreadable(name).size());
            wanted.put(name, outcomes);
        }
        return wanted;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
