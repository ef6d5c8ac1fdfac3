package io.tidemark.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.kafka.client.KafkaConnection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Counts the committed outcomes of every event, and tells when they come again after a fault; a thread of its own reads them. */
final class OutcomeCount implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final int scorePartitions;
    /** Outcomes by topic and partition and offset of the event. */
    private final byte[][] outcomes = new byte[EventSource.TOPICS.size() * EventSource.PARTITIONS][1 << 12];

    private final Map<String, Long> byStatus = new TreeMap<>();
    private final List<Recovery> recoveries = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::read, "outcome-count");
    private long events;
    private @Nullable Throwable failure;
    private volatile boolean closed;

    OutcomeCount(KafkaConnection kafka) {
        consumer = kafka.consumer(Map.of());
        String scores = kafka.names().scores();
        List<TopicPartition> partitions = consumer.partitionsFor(scores).stream()
                .map(p -> new TopicPartition(scores, p.partition()))
                .toList();
        scorePartitions = partitions.size();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.start();
    }

    private void read() {
        try {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) take(record);
            }
            // what came after the last that was awaited would be an outcome too many
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.keySet().stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) take(record);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        } finally {
            consumer.close();
        }
    }

    private synchronized void failed(Throwable e) {
        failure = e;
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        JsonNode score = JSON.readTree(record.value());
        int counted = 0;
        for (JsonNode range : score.get("events")) {
            int topic = EventSource.TOPICS.indexOf(range.get("topic").asText());
            int partition = range.get("partition").asInt();
            int count = range.path("count").asInt(1);
            for (int i = 0; i < count; i++) {
                count(
                        topic * EventSource.PARTITIONS + partition,
                        (int) range.get("offset").asLong() + i);
            }
            counted += count;
            if (topic == 0) sawEvent(partition, record.partition(), score);
        }
        byStatus.merge(score.get("stream").asText() + " " + score.get("status").asText(), (long) counted, Long::sum);
    }

    private void count(int place, int offset) {
        if (offset >= outcomes[place].length) outcomes[place] = Arrays.copyOf(outcomes[place], 2 * offset);
        if (outcomes[place][offset]++ == 0) events++;
    }

    private void sawEvent(int eventPartition, int scorePartition, JsonNode score) {
        if (recoveries.isEmpty() || !score.hasNonNull("time")) return;
        long sentMs = Instant.parse(score.get("time").asText()).toEpochMilli();
        for (Recovery recovery : recoveries) {
            if (recovery.sees(sentMs, eventPartition, scorePartition)) recoveries.remove(recovery);
        }
    }

    /**
     * Watches for the moment when every partition has outcomes of events that are sent from now on.
     *
     * @param fault whose end is now
     */
    void watch(ChaosFault fault) {
        recoveries.add(new Recovery(fault, EventSource.PARTITIONS, scorePartitions));
    }

    /** Faults that ended and after which outcomes have not come from every partition yet. */
    List<ChaosFault> unrecovered() {
        return recoveries.stream().map(Recovery::fault).toList();
    }

    /** Events with an outcome so far. */
    synchronized long events() {
        Throwable failed = failure;
        if (failed != null) throw new AssertionError("outcomes could not be read", failed);
        return events;
    }

    synchronized Map<String, Long> byStatus() {
        return new TreeMap<>(byStatus);
    }

    /** How many events of a partition have none, one, and several outcomes, with the first few of each of the wrong kinds. */
    synchronized Sum sum(String topic, int partition, long sent) {
        byte[] counts = outcomes[EventSource.TOPICS.indexOf(topic) * EventSource.PARTITIONS + partition];
        Sum sum = new Sum(0, 0, new ArrayList<>());
        for (int offset = 0; offset < Math.max(sent, counts.length); offset++) {
            int count = offset < counts.length ? counts[offset] : 0;
            boolean wasSent = offset < sent;
            if (count == (wasSent ? 1 : 0)) continue;
            sum = sum.with(topic + "-" + partition + "-" + offset + " has " + count, count == 0, !wasSent || count > 1);
        }
        return sum;
    }

    /** Events without an outcome, and with more than one or never sent; some of them by name. */
    record Sum(int lost, int doubled, List<String> examples) {
        private static final int EXAMPLES = 20;

        Sum with(String example, boolean isLost, boolean isDoubled) {
            if (examples.size() < EXAMPLES) examples.add(example);
            return new Sum(lost + (isLost ? 1 : 0), doubled + (isDoubled ? 1 : 0), examples);
        }

        Sum plus(Sum other) {
            List<String> all = new ArrayList<>(examples);
            all.addAll(other.examples);
            return new Sum(lost + other.lost, doubled + other.doubled, all);
        }
    }

    /** Reads what is committed by now, and ends. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
