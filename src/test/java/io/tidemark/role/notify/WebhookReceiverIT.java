package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.Poison;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Recurring;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.Silence;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Incidents on a real broker, told to a receiver that fails as receivers do. */
final class WebhookReceiverIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final TopicNames names = new TopicNames(kafka.prefix());
    private final KafkaConnection connection = kafka.connection(names);
    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final AtomicBoolean runs = new AtomicBoolean(true);
    /** Wall time that the test moves. */
    private final AtomicLong nowMs =
            new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());

    private final AtomicReference<@Nullable BrokerException> ended = new AtomicReference<>();

    private Desk desk;
    private Thread thread = new Thread(() -> {});

    @BeforeEach
    void topics() throws IOException {
        kafka.topic("incidents", 1);
        kafka.topic("silences", 1);
        kafka.topic("dead-letters", 1);
        desk = new Desk();
    }

    @AfterEach
    void stop() throws InterruptedException {
        halt();
        desk.close();
    }

    private void halt() throws InterruptedException {
        runs.set(false);
        thread.join();
    }

    private void start(NotifyFile.Severity severity) throws Exception {
        start(NotifyFile.Type.WEBHOOK, severity);
    }

    private void start(NotifyFile.Type type, NotifyFile.Severity severity) throws Exception {
        start(Receivers.to(type, desk.url(), severity, true));
    }

    private void start(NotifyFile.Receiver receiver) throws Exception {
        NotifyRole role = new NotifyRole(
                new RoleContext(connection, meters, "", () -> Instant.ofEpochMilli(nowMs.get())),
                receiver,
                Map.of("HMAC", "secret", "KEY", "key"));
        runs.set(true);
        thread = new Thread(() -> {
            try {
                role.run(runs::get);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (BrokerException e) {
                ended.set(e);
            }
        });
        thread.start();
        if (receiver.type() == NotifyFile.Type.ALERTMANAGER) return; // it has no place: it tells all there is anew
        Eventually.holds(WITHIN, "its place is fixed", () -> place() >= 0);
    }

    private long place() throws Exception {
        var places = kafka.admin()
                .listConsumerGroupOffsets(names.role("notify-desk"))
                .partitionsToOffsetAndMetadata()
                .get();
        var at = places.get(new TopicPartition(names.incidents(), 0));
        return at == null ? -1 : at.offset();
    }

    private void say(JsonNode incident) throws Exception {
        write(names.incidents(), incident.get("id").asText(), Receivers.bytes(incident));
    }

    private void write(String topic, String key, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private List<String> states() {
        return desk.received.stream()
                .map(m -> read(m.body()).get("state").asText())
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private double count(String result) {
        return meters.counter(MeterName.NOTIFICATIONS, "desk", result).count();
    }

    private static ObjectNode update(String state) {
        ObjectNode update = Receivers.incident(state);
        update.putArray("changed");
        return update;
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBHOOK", "ALERTMANAGER", "SLACK", "TEAMS", "PAGERDUTY"})
    void whatNoVerdictWroteStopsNoReceiver(NotifyFile.Type type) throws Exception {
        int poison = poison();
        if (type != NotifyFile.Type.ALERTMANAGER) {
            write(names.incidents(), "x", Receivers.bytes(Receivers.incident("pending"))); // fixes its place
        }
        start(type, NotifyFile.Severity.INFO);
        poison += poison();
        say(Receivers.incident("open"));
        Eventually.passes(WITHIN, () -> assertThat(desk.received).isNotEmpty());
        assertThat(thread.isAlive()).isTrue();
        boolean places = type != NotifyFile.Type.ALERTMANAGER; // which keeps none, and tells all there is anew
        if (places) {
            int behind = poison / 2;
            assertThat(kafka.read(names.deadLetters(), behind)).hasSize(behind);
        }
        assertThat(meters.counter(MeterName.PASSED_OVER, "notify").count()).isGreaterThanOrEqualTo(poison / 2.0);
    }

    /** Every kind on both topics, with a key and without; returns how many lie on {@code incidents}. */
    private int poison() throws Exception {
        ObjectNode good = Receivers.incident("open");
        Map<String, byte @Nullable []> kinds = new LinkedHashMap<>(Poison.kinds(Receivers.bytes(good)));
        kinds.put("no-id", Receivers.bytes(((ObjectNode) good.deepCopy()).put("id", "")));
        kinds.put("other-severity", Receivers.bytes(((ObjectNode) good.deepCopy()).put("severity", 7)));
        kinds.put("other-state", Receivers.bytes(((ObjectNode) good.deepCopy()).put("state", "odd")));
        kinds.remove("one-long"); // white space behind it is JSON
        int sent = 0;
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (byte @Nullable [] value : kinds.values()) {
                for (byte @Nullable [] key : new byte[][] {"x".getBytes(UTF_8), null}) {
                    producer.send(new ProducerRecord<>(names.incidents(), 0, key, value));
                    producer.send(new ProducerRecord<>(names.silences(), 0, key, value));
                    sent++;
                }
            }
            producer.flush();
        }
        return sent;
    }

    @Test
    void eachStateIsDeliveredOnceSignedAndAgainAfterNoRestart() throws Exception {
        start(NotifyFile.Severity.INFO);
        say(Receivers.incident("pending"));
        say(Receivers.incident("open"));
        say(update("open"));
        say(Receivers.incident("acknowledged"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "acknowledged"));
        halt();
        start(NotifyFile.Severity.INFO);
        say(Receivers.incident("resolved"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "acknowledged", "resolved"));
        Desk.Message first = desk.received.get(0);
        assertThat(first.headers().get("x-tidemark-signature"))
                .isEqualTo(Signatures.header("secret", nowMs.get() / 1000, first.body()));
        assertThat(desk.received)
                .extracting(m -> m.headers().get("idempotency-key"))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatFailsForATimeIsTriedAgainInItsOrderUnderTheSameKey() throws Exception {
        start(NotifyFile.Severity.INFO);
        desk.answer(503, 429);
        say(Receivers.incident("open"));
        say(Receivers.incident("resolved"));
        Eventually.passes(WITHIN, () -> {
            nowMs.addAndGet(500); // the waits are of wall time
            assertThat(states()).containsExactly("open", "open", "open", "resolved");
        });
        assertThat(desk.received.subList(0, 3))
                .extracting(m -> m.headers().get("idempotency-key"))
                .containsOnly(desk.received.get(0).headers().get("idempotency-key"));
        assertThat(count("retried")).isEqualTo(2);
        Eventually.holds(WITHIN, "both are delivered", () -> count("delivered") == 2);
    }

    @Test
    void whatIsRefusedIsADeadLetterAndTheNextIsTold() throws Exception {
        start(NotifyFile.Severity.INFO);
        desk.answer(400);
        say(Receivers.incident("open"));
        say(Receivers.incident("resolved"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "resolved"));
        assertThat(kafka.read(names.deadLetters(), 1)).hasSize(1);
        assertThat(count("failed")).isEqualTo(1);
    }

    /** The broker refuses the dead letter, as it does where a right is missing: nothing is lost, and the topic is named. */
    @Test
    void aDeadLetterThatCannotBeWrittenEndsTheWorkAndIsWrittenTheNextTime() throws Exception {
        start(NotifyFile.Severity.INFO);
        kafka.setting("dead-letters", "max.message.bytes", "100");
        write(names.incidents(), "x", "no incident".getBytes(UTF_8));
        thread.join(WITHIN.toMillis());
        assertThat(ended.get())
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("topic " + names.deadLetters() + " could not be written");
        assertThat(place()).isZero();
        kafka.setting("dead-letters", "max.message.bytes", "1000000");
        start(NotifyFile.Severity.INFO);
        assertThat(kafka.read(names.deadLetters(), 1)).hasSize(1);
        Eventually.holds(WITHIN, "it goes on", () -> place() == 1);
    }

    @Test
    void oneThatRisesToTheWantedSeverityIsTold() throws Exception {
        start(NotifyFile.Severity.WARNING);
        say(Receivers.incident("open").put("severity", "info"));
        ObjectNode risen = update("open").put("severity", "warning");
        risen.withArray("changed").add("severity");
        say(risen);
        Eventually.holds(WITHIN, "it is told", () -> desk.received.size() == 1);
        assertThat(read(desk.received.get(0).body()).get("severity").asText()).isEqualTo("warning");
    }

    @Test
    void aSilenceHoldsItBackUntilItEnds() throws Exception {
        long from = nowMs.get();
        Silence silence =
                new Silence("s1", new Silence.Scope("", "hosts", "host-*", ""), from, from + 3_600_000, "ann", "");
        write(names.silences(), "s1", silence.encode());
        start(NotifyFile.Severity.INFO);
        say(Receivers.incident("open"));
        Eventually.holds(WITHIN, "it is held back", () -> count("silenced") == 1);
        assertThat(desk.received).isEmpty();
        nowMs.addAndGet(3_600_000);
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open"));
    }

    @Test
    void theEndOfWhatWasToldBeforeASilenceIsToldDuringItAndOfNothingElse() throws Exception {
        start(NotifyFile.Severity.INFO);
        say(Receivers.incident("open"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open"));
        halt();
        long from = nowMs.get();
        Silence silence = new Silence("s1", new Silence.Scope("", "hosts", "", ""), from, from + 3_600_000, "ann", "");
        write(names.silences(), "s1", silence.encode());
        start(NotifyFile.Severity.INFO);
        say(Receivers.incident("open").put("id", "hosts@later"));
        Eventually.holds(WITHIN, "the silence holds", () -> count("silenced") == 1);
        say(Receivers.incident("resolved").put("id", "hosts@later"));
        say(Receivers.incident("resolved"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("open", "resolved"));
        assertThat(read(desk.received.get(1).body()).get("id"))
                .isEqualTo(Receivers.incident("open").get("id"));
    }

    @Test
    void outsideItsHoursItIsToldOfEndsOnlyAndOfTheRestWhenTheyBegin() throws Exception {
        Recurring hours = Recurring.of("0 8 * * *", "UTC", Duration.ofHours(10));
        start(Receivers.within(
                hours, Receivers.to(NotifyFile.Type.WEBHOOK, desk.url(), NotifyFile.Severity.INFO, true)));
        say(Receivers.incident("resolved").put("id", "hosts@before"));
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("resolved"));
        say(Receivers.incident("open"));
        Eventually.holds(WITHIN, "it is held back", () -> count("silenced") == 1);
        assertThat(desk.received).hasSize(1);
        nowMs.addAndGet(8 * 3_600_000);
        Eventually.passes(WITHIN, () -> assertThat(states()).containsExactly("resolved", "open"));
    }
}
