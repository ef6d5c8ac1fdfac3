package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one receiver of incidents, in their order, through a webhook.
 *
 * <p>Guarantees: (1) each state of an incident that the receiver wants is delivered, and each rise of its severity; (2) once, but for a crash between the receiver's
 * answer and the commit that follows it, after which it comes again with the same {@code Idempotency-Key}; (3) a receiver that is away delays nobody else, for each
 * has a consumer group of its own; (4) what it refuses, or does not take within {@code retry-for}, and what is no incident becomes a dead letter. An incident that is silenced,
 * or begins outside the receiver's hours, is told when the silence ends or the hours begin and it is not over; after a restart, when it changes
 * next. The end of an incident is told at any time, unless its beginning was held back. One thread.
 */
final class WebhookReceiver extends IncidentReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String MALFORMED = "malformed-incident";
    private static final int HELD_MAX = 1000;

    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    /** Silenced incidents that are not over, by their ids, as they are now. */
    private final Map<String, JsonNode> held = new LinkedHashMap<>();

    private long firstTryMs = -1;
    private long nextTryMs;

    WebhookReceiver(RoleContext context, NotifyFile.Receiver receiver, Destination destination) {
        super(context, receiver, destination);
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("auto.offset.reset", "latest", "max.poll.records", "50");
    }

    @Override
    ConsumerRebalanceListener rebalance(Consumer<byte[], byte[]> consumer) {
        return new ConsumerRebalanceListener() {
            /** What is lost to another process is that one's to tell. */
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                waiting.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
                firstTryMs = -1;
                nextTryMs = 0;
                backoff.reset();
            }

            /** A receiver's place is fixed when it first starts, so that nothing is missed after a stop before the first delivery. */
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                Map<TopicPartition, OffsetAndMetadata> fresh = new LinkedHashMap<>();
                consumer.committed(new java.util.HashSet<>(partitions)).forEach((partition, committed) -> {
                    if (committed == null) fresh.put(partition, new OffsetAndMetadata(consumer.position(partition)));
                });
                if (!fresh.isEmpty()) consumer.commitSync(new LinkedHashMap<>(fresh));
            }
        };
    }

    @Override
    void run(Consumer<byte[], byte[]> consumer, SilenceTopic silenced, BooleanSupplier running)
            throws InterruptedException {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            while (running.getAsBoolean()) {
                if (waiting.isEmpty()) consumer.resume(consumer.paused());
                else consumer.pause(consumer.assignment());
                consumer.poll(waiting.isEmpty() ? POLL : pause(nextTryMs - clock.millis()))
                        .forEach(waiting::add);
                silenced.poll();
                work(consumer, producer, running);
                release();
            }
        }
    }

    private static Duration pause(long ms) {
        return Duration.ofMillis(Math.max(0, Math.min(POLL.toMillis(), ms)));
    }

    private void work(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, BooleanSupplier running)
            throws InterruptedException {
        while (!waiting.isEmpty() && running.getAsBoolean() && clock.millis() >= nextTryMs) {
            ConsumerRecord<byte[], byte[]> record = waiting.getFirst();
            if (!isDone(record, producer)) return;
            waiting.removeFirst();
            firstTryMs = -1;
            nextTryMs = 0;
            backoff.reset();
            consumer.commitSync(Map.of(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1)));
        }
    }

    /** Whether there is nothing left to do with a record; else it is tried again at {@link #nextTryMs}. */
    private boolean isDone(ConsumerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        JsonNode incident;
        try {
            incident = IncidentRecord.read(record);
        } catch (MalformedRecordException e) {
            told.tell(record, String.valueOf(e.getMessage()));
            deadLetter(MALFORMED, PassedOver.cut(e.getMessage()), record, producer);
            meters.counter(MeterName.DEAD_LETTERS, "-", MALFORMED).increment();
            return true;
        }
        String id = incident.path("id").asText();
        boolean wasHeld = held.remove(id) != null;
        if (!Wanted.isWanted(receiver, incident, wasHeld)) {
            if (wasHeld) hold(id, incident);
            return true;
        }
        // of the end of what it may have been told of it is told at any time
        boolean begins = wasHeld || !incident.has("until");
        if (begins && isHeldBack(incident)) {
            count("silenced");
            hold(id, incident);
            return true;
        }
        if (wasHeld && incident.has("until")) return true; // nobody was told that it began
        return deliver(incident, record, producer);
    }

    /** Whether it is silenced now, or the receiver is outside its hours. */
    private boolean isHeldBack(JsonNode incident) {
        return silences.silence(incident, clock.millis()) || !receiver.filter().isOnDuty(clock.instant());
    }

    private void hold(String id, JsonNode incident) {
        if (incident.has("until")) return;
        held.put(id, incident);
        if (held.size() > HELD_MAX) held.remove(held.keySet().iterator().next());
    }

    /** Tells what was held back and is no longer. */
    private void release() throws InterruptedException {
        if (held.isEmpty() || !waiting.isEmpty()) return;
        for (String id : List.copyOf(held.keySet())) {
            JsonNode incident = held.get(id);
            if (incident == null || isHeldBack(incident)) continue;
            Destination.Result result = attempt(incident);
            if (result instanceof Destination.Result.TryAgain) return;
            held.remove(id);
            count(result instanceof Destination.Result.Delivered ? "delivered" : "failed");
        }
    }

    private Destination.Result attempt(JsonNode incident) throws InterruptedException {
        return destination.send(destination.message(incident), Wanted.once(incident));
    }

    private boolean deliver(JsonNode incident, ConsumerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        if (firstTryMs < 0) firstTryMs = clock.millis();
        Destination.Result result = attempt(incident);
        if (result instanceof Destination.Result.Delivered) {
            count("delivered");
            return true;
        }
        if (result instanceof Destination.Result.TryAgain again) {
            long after = again.afterMs().orElse(backoff.next());
            if (clock.millis() + after - firstTryMs <= receiver.retryFor().toMillis()) {
                count("retried");
                nextTryMs = clock.millis() + after;
                LOG.warn(
                        "{} does not take {} of incident {} ({}); tried again in {} s",
                        receiver.name(),
                        incident.path("state").asText(),
                        incident.path("id").asText(),
                        again.reason(),
                        after / 1000);
                return false;
            }
            giveUp(again.reason(), record, producer);
        } else if (result instanceof Destination.Result.Refused refused) {
            giveUp(refused.reason(), record, producer);
        }
        return true;
    }

    private void giveUp(String reason, ConsumerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        count("failed");
        String detail = receiver.name() + ": " + reason;
        LOG.warn("a notification is given up: {}", detail);
        deadLetter("undeliverable", detail, record, producer);
    }

    private void deadLetter(
            String reason, String detail, ConsumerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        AcknowledgedSend.send(
                producer,
                DeadLetter.of(record, ROLE, reason, detail)
                        .record(connection.names().deadLetters(), record.key(), record.value()));
    }

    /** Ids of the incidents that wait for the end of a silence. */
    List<String> held() {
        return new ArrayList<>(held.keySet());
    }
}
