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
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.RegistryCommand.Action;
import io.tidemark.model.registry.Request;
import io.tidemark.role.retrain.JobReport;
import io.tidemark.role.retrain.JobReports;
import io.tidemark.role.retrain.Period;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.TrainingPlan;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role runs while records that no role wrote lie on every topic that one reads, from before the start and from then on: each
 * event has its outcome, the registry decides, and each such record has one dead letter that says where it lay.
 */
class PoisonIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int ROUND = 300;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final TopicNames names = connection.names();
    private final String input = kafka.topic("in", 1);
    /** Records sent that are to have a dead letter, by topic. */
    private final Map<String, Integer> sent = new TreeMap<>();

    private int next;

    @TempDir
    Path folder;

    @Test
    void poisonOnEveryTopicStopsNoRoleAndHasItsDeadLetter() throws Exception {
        WholePath.createTopics(connection);
        StreamSpec stream = stream();
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of("linger.ms", 0))) {
            poison(producer, false);
            try (WholePath path = start(stream)) {
                feed(producer);
                path.awaitOutcomes(SOON, ROUND);
                Eventually.holds(SOON, "a first version scores", () -> {
                    feed(producer);
                    return path.modelVersion("poisoned", "dense-ae") >= 1;
                });
                poison(producer, true);
                feed(producer);
                path.awaitOutcomes(SOON, next);
                assertThat(RegistryClient.ask(connection, command(Action.PIN), SOON)
                                .refused())
                        .isEmpty();
                assertThat(retrained().status()).isEqualTo(JobReport.Status.DONE);
                Map<String, Integer> running = new TreeMap<>(sent);
                running.remove(names.training()); // these wait for the learner's next commit
                running.remove(names.gates());
                Eventually.holds(
                        SOON, "dead letters", () -> letters().entrySet().containsAll(running.entrySet()));
                for (String role : List.of("ingest", "worker", "verdict", "learner", "registrar", "retrain")) {
                    assertThat(path.passedOver(role)).as(role).isPositive();
                }
                assertThat(path.failure()).isEmpty();
            }
            try (WholePath path =
                    start(stream)) { // what is read at a start alone is read now, with all that lies there
                feed(producer);
                path.awaitOutcomes(SOON, next);
                assertThat(RegistryClient.ask(connection, command(Action.UNPIN), SOON)
                                .refused())
                        .isEmpty();
                assertThat(path.modelVersion("poisoned", "dense-ae")).isPositive();
                assertThat(path.failure()).isEmpty();
            }
        }
        assertThat(letters()).containsAllEntriesOf(sent);
    }

    private WholePath start(StreamSpec stream) {
        return WholePath.start(connection, List.of(stream), EnumSet.allOf(RoleName.class), folder.resolve("state"));
    }

    /** A job that reads what the poison lies among, and whose report does. */
    private JobReport retrained() throws Exception {
        long always = Long.MAX_VALUE / 2;
        String job = new RetrainRequest(
                        "poisoned",
                        List.of("dense-ae"),
                        1000,
                        new Period(-always, always),
                        1,
                        new TrainingPlan(5, 20, 1, 0.05))
                .send(connection)
                .get(0)
                .id();
        return Eventually.gives(
                SOON, "a report", () -> JobReports.find(connection, job).orElse(null));
    }

    private StreamSpec stream() throws Exception {
        Path file = folder.resolve("poisoned.yaml");
        Files.writeString(file, """
                stream: poisoned
                input: {topic: %s, series: [series], features: [value]}
                networks: [dense-ae]
                step: 1s
                idle-close: 5s
                learning: {first-rows: 256, publish-rows: 1000000}
                """.formatted(input));
        return StreamFile.read(file);
    }

    private static RegistryCommand command(Action action) {
        ModelId id = new ModelId("poisoned", "dense-ae");
        return new RegistryCommand(action.toString(), action, id, 0, false, new Request("test", "", 1), Map.of());
    }

    private void feed(Producer<byte[], byte[]> producer) throws Exception {
        for (int i = 0; i < ROUND; i++, next++) {
            long at = 1_700_000_000_000L + next * 1000L;
            String json = "{\"series\":\"a\",\"timestamp\":" + at + ",\"value\":" + Math.sin(next * 0.1) + "}";
            producer.send(new ProducerRecord<>(input, "a".getBytes(UTF_8), json.getBytes(UTF_8)));
        }
        producer.flush();
    }

    /** Every kind on every topic; on compacted ones under keys, elsewhere without one too. */
    private void poison(Producer<byte[], byte[]> producer, boolean running) throws Exception {
        byte[] binary = new Gate("poisoned", "a", 9, 1, 2, true, "").encode(Wire.writer(64));
        byte[] json = ("{\"id\":\"c1\",\"action\":\"PIN\",\"stream\":\"fj\",\"network\":\"dense-ae\",\"version\":0,"
                        + "\"over\":0,\"force\":false,\"who\":\"me\",\"why\":\"x\",\"whenMs\":1,\"figures\":{}}")
                .getBytes(UTF_8);
        String events = names.role("ingest-" + input) + "-events-repartition";
        List<String> logs =
                List.of(names.ticks(), names.samples(), names.inferences(), names.training(), names.gates());
        for (String topic : logs) all(producer, topic, "poisoned/other", binary, true);
        if (running) all(producer, events, "poisoned/other", binary, true);
        all(producer, names.feedback(), "x", json, true);
        all(producer, names.incidentInbox(), "x", json, true);
        all(producer, names.jobs(), "x", json, true);
        for (String key : List.of("poisoned/a@1-2", "x")) all(producer, names.labels(), key, json, false);
        for (String key : List.of("command/typo", "audit/x", "standing/poisoned/dense-ae", "offer/x", "x")) {
            all(producer, names.models(), key, json, false);
        }
        for (String topic : List.of(names.vitals(), names.reports())) {
            for (byte @Nullable [] value : Poison.kinds(json).values()) {
                producer.send(new ProducerRecord<>(topic, "x".getBytes(UTF_8), value));
            }
        }
        int partition = TopicNames.partition(
                "poisoned", producer.partitionsFor(names.checkpoints()).size());
        for (String key : List.of("x", "poisoned/x", "poisoned@dense-ae@x", "@", "")) {
            for (byte @Nullable [] value : Poison.kinds(json).values()) {
                producer.send(new ProducerRecord<>(names.checkpoints(), partition, key.getBytes(UTF_8), value));
            }
        }
        producer.flush();
    }

    private void all(Producer<byte[], byte[]> producer, String topic, String key, byte[] good, boolean withoutKeyToo)
            throws Exception {
        for (byte @Nullable [] value : Poison.kinds(good).values()) {
            if (value == null && !withoutKeyToo) continue; // a tombstone is a word of its own on a compacted topic
            send(producer, topic, key.getBytes(UTF_8), value);
            if (withoutKeyToo) send(producer, topic, null, value);
        }
        send(producer, topic, key.getBytes(UTF_8), good);
    }

    private void send(Producer<byte[], byte[]> producer, String topic, byte @Nullable [] key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(topic, key, value));
        sent.merge(topic, 1, Integer::sum);
    }

    /** Dead letters by the topic that the record lay on; each place counts once, and only once. */
    private Map<String, Integer> letters() {
        Map<String, Integer> places = new TreeMap<>();
        kafka.readAll(
                List.of(names.deadLetters()),
                record -> places.merge(
                        header(record, DeadLetter.TOPIC) + " " + header(record, DeadLetter.PARTITION) + " "
                                + header(record, DeadLetter.OFFSET),
                        1,
                        Integer::sum));
        assertThat(places.values()).allMatch(count -> count == 1);
        Map<String, Integer> topics = new TreeMap<>();
        for (String place : places.keySet()) topics.merge(place.substring(0, place.indexOf(' ')), 1, Integer::sum);
        return topics;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
