package io.tidemark.role.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Sha256;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one Alertmanager told of the incidents that are not over, as Prometheus does: all of them again every minute, each to end by itself after five
 * unless it is told again.
 *
 * <p>So an Alertmanager that was away or has lost its memory knows them again within a minute, and nothing is stored here: at the start the incidents of the last
 * {@link #LOOK_BACK} are read again. Silenced ones are not told. One thread.
 */
final class AlertmanagerReceiver extends IncidentReceiver {
    static final Duration LOOK_BACK = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerReceiver.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long AGAIN_MS = Duration.ofMinutes(1).toMillis();
    private static final long ENDS_AFTER_MS = Duration.ofMinutes(5).toMillis();
    private static final int KNOWN_MAX = 10_000;
    private static final int CHUNK = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Known> known = new LinkedHashMap<>();
    private long nextMs;
    private boolean isNews;
    private boolean isAway;

    /** An incident as it is now, and until when its end is told again. */
    private record Known(JsonNode incident, int partition, long untilMs) {}

    AlertmanagerReceiver(RoleContext context, NotifyFile.Receiver receiver, Destination destination) {
        super(context, receiver, destination);
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("auto.offset.reset", "earliest");
    }

    @Override
    ConsumerRebalanceListener rebalance(Consumer<byte[], byte[]> consumer) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                known.values().removeIf(one -> partitions.stream().anyMatch(p -> p.partition() == one.partition()));
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                Map<TopicPartition, Long> times = new HashMap<>();
                for (TopicPartition partition : partitions) times.put(partition, clock.millis() - LOOK_BACK.toMillis());
                Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
                for (TopicPartition partition : partitions) {
                    OffsetAndTimestamp at = found.get(partition);
                    if (at == null) consumer.seekToEnd(List.of(partition));
                    else consumer.seek(partition, at.offset());
                }
            }
        };
    }

    @Override
    void run(Consumer<byte[], byte[]> consumer, SilenceTopic silenced, BooleanSupplier running)
            throws InterruptedException {
        while (running.getAsBoolean()) {
            consumer.poll(POLL).forEach(this::take);
            if (silenced.poll()) isNews = true;
            if ((isNews && !isAway) || clock.millis() >= nextMs) tell();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode incident = IncidentRecord.read(record);
            if (!Wanted.isOfInterest(receiver, incident)) return;
            String id = incident.path("id").asText();
            boolean over = incident.has("until");
            long untilMs = over ? clock.millis() + ENDS_AFTER_MS : Long.MAX_VALUE;
            Known before = known.remove(id);
            boolean longOver = over && before == null;
            if (longOver || !isTold(incident)) return;
            known.put(id, new Known(incident, record.partition(), untilMs));
            if (known.size() > KNOWN_MAX) known.remove(known.keySet().iterator().next());
            isNews = true;
        } catch (MalformedRecordException e) {
            told.tell(record, String.valueOf(e.getMessage()));
        }
    }

    private boolean isTold(JsonNode incident) {
        return receiver.filter().states().contains(incident.path("state").asText());
    }

    private void tell() throws InterruptedException {
        long nowMs = clock.millis();
        if (!receiver.filter().isOnDuty(clock.instant())) return;
        List<ArrayNode> chunks = new ArrayList<>();
        for (Known one : known.values()) {
            if (silences.silence(one.incident(), nowMs)) continue;
            if (chunks.isEmpty() || chunks.get(chunks.size() - 1).size() >= CHUNK) chunks.add(JSON.createArrayNode());
            Messages.alerts(chunks.get(chunks.size() - 1), one.incident(), nowMs, nowMs + ENDS_AFTER_MS);
        }
        for (ArrayNode chunk : chunks) {
            String body = chunk.toString();
            Destination.Result result = destination.send(body, Sha256.hex(body));
            if (result instanceof Destination.Result.Delivered) continue;
            isAway = true;
            long after = backoff.next();
            nextMs = nowMs + after;
            count("retried");
            LOG.warn(
                    "{} does not take {} alerts ({}); tried again in {} s",
                    receiver.name(),
                    chunk.size(),
                    result,
                    after / 1000);
            return;
        }
        isAway = false;
        backoff.reset();
        isNews = false;
        nextMs = nowMs + AGAIN_MS;
        if (!chunks.isEmpty()) count("delivered");
        known.values().removeIf(one -> one.untilMs() <= nowMs);
    }
}
