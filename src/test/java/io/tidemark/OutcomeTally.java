package io.tidemark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed outcomes of every event id. An id is STREAM of TOPIC-PARTITION-OFFSET. */
public final class OutcomeTally implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Events of one range that are told apart; a forged sample may name any number. */
    private static final int COUNT_MAX = 100_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, List<JsonNode>> outcomes = new TreeMap<>();

    OutcomeTally(KafkaConnection kafka) {
        consumer = kafka.consumer(Map.of());
        String scores = kafka.names().scores();
        List<TopicPartition> partitions = consumer.partitionsFor(scores).stream()
                .map(p -> new TopicPartition(scores, p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Events of each stream that have an outcome by now.
     *
     * @param kind by which they are counted, made of a score
     */
    static Map<String, Map<String, Integer>> byStream(KafkaForTests broker, Function<JsonNode, String> kind) {
        Map<String, Map<String, Integer>> found = new TreeMap<>();
        broker.readAll(List.of(new TopicNames(broker.prefix()).scores()), record -> {
            try {
                JsonNode score = JSON.readTree(record.value());
                int events = 0;
                for (JsonNode range : score.path("events"))
                    events += range.path("count").asInt(1);
                found.computeIfAbsent(score.path("stream").asText(), stream -> new TreeMap<>())
                        .merge(kind.apply(score), events, Integer::sum);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return found;
    }

    /** Reads what there is; returns how many events have outcomes. */
    public int read() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            JsonNode score = JSON.readTree(record.value());
            for (JsonNode range : score.get("events")) {
                int count = Math.min(COUNT_MAX, range.path("count").asInt(1));
                for (int i = 0; i < count; i++) {
                    String id = id(
                            score.get("stream").asText(),
                            range.get("topic").asText(),
                            range.get("partition").asInt(),
                            range.get("offset").asLong() + i);
                    outcomes.computeIfAbsent(id, x -> new ArrayList<>()).add(score);
                }
            }
        }
        return outcomes.size();
    }

    /** Reads until nothing more comes for five polls. */
    public void readUntilSilence() throws IOException {
        int seen = -1;
        for (int quiet = 0; quiet < 5; ) {
            int now = read();
            quiet = now == seen ? quiet + 1 : 0;
            seen = now;
        }
    }

    private static String id(String stream, String topic, int partition, long offset) {
        return stream + " of " + topic + "-" + partition + "-" + offset;
    }

    /** The one outcome of an event; an error when it has none or several. */
    public JsonNode of(String stream, String topic, int partition, long offset) {
        String id = id(stream, topic, partition, offset);
        List<JsonNode> all = outcomes.getOrDefault(id, List.of());
        if (all.size() != 1) throw new AssertionError("event " + id + " has " + all.size() + " outcomes: " + all);
        return all.get(0);
    }

    /** Whether an event has an outcome. */
    public boolean has(String stream, String topic, int partition, long offset) {
        return outcomes.containsKey(id(stream, topic, partition, offset));
    }

    /** Event ids with several outcomes. */
    public List<String> doubled() {
        return outcomes.entrySet().stream()
                .filter(e -> e.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
