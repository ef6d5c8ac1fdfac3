package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.role.retrain.Period;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.TrainingPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes a role of the stream {@code pumps} read and write each of its topics, a few times a second until closed: events,
 * strange ones, late ones and broken ones; a record that nobody wrote on each internal topic; what people say; a retraining.
 */
final class Unrest implements AutoCloseable {
    private static final long EVERY_MS = 400;
    private static final int EVENTS_EACH = 40;
    /** Rare enough that it does not become a habit. */
    private static final int STRANGE_ONE_IN = 100;

    private static final int POISON_JOBS_ONE_IN = 10;
    private static final int RETRAIN_ONE_IN = 50;
    private static final long FIRST_MS = 1_700_000_000_000L;
    /** Of all there were so far, for time goes on where the one before has ended. */
    private static final AtomicLong EVENTS = new AtomicLong();

    private final KafkaConnection kafka;
    private final String input;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::work, "unrest");

    /** @param kafka with every right */
    Unrest(KafkaConnection kafka, String input) {
        this.kafka = kafka;
        this.input = input;
        thread.start();
    }

    private void work() {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int round = 1; !stop.await(EVERY_MS, TimeUnit.MILLISECONDS); round++) {
                events(producer, round % STRANGE_ONE_IN == 0);
                poison(producer);
                feedback(producer);
                if (round % POISON_JOBS_ONE_IN == 0)
                    poison(producer, kafka.names().jobs());
                if (round % RETRAIN_ONE_IN == 1) retrain();
            }
        } catch (Exception e) {
            failure.set(e);
        }
    }

    private void events(Producer<byte[], byte[]> producer, boolean strange) {
        for (int i = 0; i < EVENTS_EACH; i++) {
            double value = Math.sin(EVENTS.incrementAndGet() * 0.1) + (strange ? 30 : 0);
            event(producer, "{\"series\":\"a\",\"timestamp\":" + timeMs() + ",\"value\":" + value + "}");
        }
        event(producer, "{\"series\":\"a\",\"timestamp\":" + FIRST_MS + ",\"value\":0}");
        event(producer, "no object");
    }

    private long timeMs() {
        return FIRST_MS + EVENTS.get() * 1000;
    }

    private void event(Producer<byte[], byte[]> producer, String json) {
        producer.send(new ProducerRecord<>(input, "a".getBytes(UTF_8), json.getBytes(UTF_8)));
    }

    private void poison(Producer<byte[], byte[]> producer) {
        TopicNames names = kafka.names();
        for (String topic : List.of(
                names.samples(),
                names.inferences(),
                names.training(),
                names.gates(),
                names.models(),
                names.incidents(),
                names.silences())) {
            poison(producer, topic);
        }
    }

    private static void poison(Producer<byte[], byte[]> producer, String topic) {
        producer.send(new ProducerRecord<>(topic, "nobody".getBytes(UTF_8), "{}".getBytes(UTF_8)));
    }

    private void feedback(Producer<byte[], byte[]> producer) {
        String json = "{\"stream\":\"pumps\",\"series\":\"a\",\"from\":\"" + Instant.ofEpochMilli(timeMs() - 300_000)
                + "\",\"label\":\"normal\"}";
        producer.send(new ProducerRecord<>(kafka.names().feedback(), 0, new byte[0], json.getBytes(UTF_8)));
    }

    private void retrain() throws Exception {
        long always = Long.MAX_VALUE / 2;
        new RetrainRequest(
                        "pumps",
                        List.of("dense-ae"),
                        timeMs(),
                        new Period(-always, always),
                        1,
                        new TrainingPlan(5, 20, 1, 0.05))
                .send(kafka);
    }

    /** @throws AssertionError when it could not be kept up */
    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
        Throwable failed = failure.get();
        if (failed != null) throw new AssertionError("the unrest has ended", failed);
    }
}
