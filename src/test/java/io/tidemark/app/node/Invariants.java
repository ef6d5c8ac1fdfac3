package io.tidemark.app.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.kafka.client.SimulatedKafka;
import io.tidemark.role.retrain.RetrainJob;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.TrainingRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What must hold of the committed records of a {@link Simulation}, at every step and at its end. */
final class Invariants {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedKafka kafka;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private long records;

    /** Events with an outcome, as PARTITION:OFFSET. */
    private final Set<String> told = new HashSet<>();

    private final Map<String, Long> newest = new HashMap<>();
    /** Rows that had taught when a learner last offered a version. */
    private final Map<String, Long> newestTaught = new HashMap<>();

    private final Map<String, Integer> versions = new HashMap<>();
    private final Set<String> numbered = new HashSet<>();
    private final Set<String> waiting = new HashSet<>();
    private final Set<String> reported = new HashSet<>();
    private final Set<String> asked = new TreeSet<>();
    /** Steps of a series that came to be taught, and those that a gate lets teach. */
    private final Set<String> rows = new HashSet<>();

    private final Set<String> open = new HashSet<>();
    private final Set<String> inputs = new HashSet<>();
    int steps;
    int offers;
    int published;
    int retrained;

    Invariants(SimulatedKafka kafka) {
        this.kafka = kafka;
    }

    private interface Sink {
        void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /** Takes what has been committed since; fails where something does not hold. */
    void check() {
        each(SimulatedRoles.INPUT, record -> inputs.add(record.partition() + ":" + record.offset()));
        each(SimulatedRoles.NAMES.training(), this::row);
        each(SimulatedRoles.NAMES.gates(), this::gate);
        each(SimulatedRoles.NAMES.models(), this::model);
        each(SimulatedRoles.NAMES.scores(), this::score);
        each(SimulatedRoles.NAMES.reports(), this::report);
        each(SimulatedRoles.NAMES.deadLetters(), record -> {
            throw new AssertionError("a dead letter: " + record.headers());
        });
    }

    private void each(String topic, Sink sink) {
        for (int p = 0; p < kafka.partitions(topic); p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            next.put(partition, kafka.read(partition, next.getOrDefault(partition, 0L), record -> {
                records++;
                try {
                    sink.take(record);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
    }

    /** Committed records so far. */
    long progress() {
        return records;
    }

    private void score(ConsumerRecord<byte[], byte[]> record) throws IOException {
        JsonNode score = JSON.readTree(record.value());
        for (JsonNode range : score.path("events")) {
            long first = range.path("offset").asLong();
            for (long offset = first; offset < first + range.path("count").asInt(1); offset++) {
                String event = range.path("partition").asInt() + ":" + offset;
                assertThat(told.add(event))
                        .as("a second outcome of event %s: %s", event, score)
                        .isTrue();
            }
        }
        String status = score.path("status").asText();
        if (Set.of("late", "duplicate", "rejected").contains(status)) return;
        steps++;
        long step = score.path("step").asLong();
        Long before = newest.put(score.path("series").asText(), step);
        assertThat(before == null || before < step)
                .as("order of %s after %s", score, before)
                .isTrue();
    }

    private void row(ConsumerRecord<byte[], byte[]> record) {
        TrainingRows chunk = new TrainingRows();
        chunk.decode(record.value());
        for (int r = 0; r < chunk.rows(); r++) {
            String row = chunk.series + "@" + chunk.step(r);
            assertThat(rows.add(row)).as("row %s twice", row).isTrue();
        }
    }

    private void gate(ConsumerRecord<byte[], byte[]> record) {
        Gate gate = Gate.decode(record.value());
        for (long step = gate.fromStep(); step <= gate.toStep(); step++) {
            if (gate.teach()) open.add(gate.series() + "@" + step);
        }
    }

    private void model(ConsumerRecord<byte[], byte[]> record) throws IOException {
        String key = new String(record.key(), UTF_8);
        if (key.startsWith("offer/")) offer(key, record.value());
        if (!key.startsWith("model/") || record.value() == null) return;
        JsonNode manifest = JSON.readTree(record.value());
        String[] parts = key.split("/", -1);
        String network = parts[1] + "/" + parts[2];
        int number = manifest.path("version").asInt();
        assertThat(number).as("number of %s", key).isGreaterThan(versions.getOrDefault(network, 0));
        versions.put(network, number);
        String job = network + "/" + manifest.path("job").asText();
        assertThat(numbered.add(job)).as("a second version of job %s", job).isTrue();
        published++;
        if (manifest.path("job").asText().startsWith("test.")) retrained++;
    }

    private void offer(String key, byte[] value) throws IOException {
        if (value == null) {
            waiting.remove(key);
            return;
        }
        waiting.add(key);
        offers++;
        if (!key.contains("/learner-")) return;
        long taught = JSON.readTree(value).path("manifest").path("rowsTaught").asLong();
        String network = key.substring(0, key.lastIndexOf('/'));
        Long before = newestTaught.put(network, taught);
        assertThat(before == null || before <= taught)
                .as("%s of %s rows after %s", key, taught, before)
                .isTrue();
        long may = rows.stream().filter(open::contains).count();
        assertThat(taught).as("rows that taught %s, of %s that may", key, may).isLessThanOrEqualTo(may);
    }

    private void report(ConsumerRecord<byte[], byte[]> record) {
        String job = new String(record.key(), UTF_8);
        assertThat(reported.add(job)).as("a second report of job %s", job).isTrue();
    }

    void asked(List<RetrainJob> jobs) {
        for (RetrainJob job : jobs) asked.add(job.id());
    }

    /** When nothing more happens. */
    void atTheEnd() {
        Set<String> missing = new TreeSet<>(inputs);
        missing.removeAll(told);
        assertThat(missing).as("events without an outcome").isEmpty();
        assertThat(told).as("outcomes of events").hasSize(inputs.size());
        assertThat(waiting).as("offers that nobody decided").isEmpty();
        List<String> lost = new ArrayList<>(asked);
        lost.removeAll(reported);
        assertThat(lost).as("jobs without a report").isEmpty();
        assertThat(reported).as("reports").isSubsetOf(asked);
    }
}
