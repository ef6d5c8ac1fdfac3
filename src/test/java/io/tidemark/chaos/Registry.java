package io.tidemark.chaos;

import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.DamagedModelException;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What lies on {@code models}, {@code jobs} and {@code reports} after the faults. */
final class Registry {
    private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(3);

    private final KafkaConnection kafka;

    Registry(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * Every version that is kept, each of them loaded; what cannot be loaded is named in the second list. The learner publishes
     * meanwhile: what is no longer listed afterwards has been given up whole.
     */
    record Models(List<ModelVersion> whole, List<String> broken) {}

    Models models() throws InterruptedException {
        List<ModelVersion> whole = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        List<ModelVersion> missing = new ArrayList<>();
        for (ModelVersion version : ModelReader.list(kafka)) {
            try {
                if (ModelReader.load(kafka, version.id(), version.version())
                        .weights()
                        .tensors()
                        .isEmpty()) {
                    broken.add(version.label() + " has no weights");
                }
                whole.add(version);
            } catch (DamagedModelException e) {
                broken.add(version.label() + ": " + e.getMessage());
            } catch (IllegalArgumentException e) {
                missing.add(version);
            }
        }
        Set<String> kept =
                ModelReader.list(kafka).stream().map(ModelVersion::label).collect(Collectors.toSet());
        for (ModelVersion version : missing) {
            if (kept.contains(version.label())) broken.add(version.label() + " is listed, and not there");
        }
        return new Models(whole, broken);
    }

    /** Version numbers of which {@code models} has, or had, manifests of more than one job or with more than one set of weights. */
    List<String> numberedTwice() {
        Map<String, Set<String>> byNumber = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed(kafka.names().models())) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (!key.startsWith("model/") || record.value() == null) continue;
            int weights = key.lastIndexOf('/');
            byNumber.computeIfAbsent(key.substring(0, weights), number -> new TreeSet<>())
                    .add(key.substring(weights + 1));
        }
        return byNumber.entrySet().stream()
                .filter(number -> number.getValue().size() > 1)
                .map(number -> number.getKey() + " has " + number.getValue())
                .toList();
    }

    /** Manifests that were ever published. */
    long published() {
        return committed(kafka.names().models()).stream()
                .filter(record ->
                        record.value() != null && new String(record.key(), StandardCharsets.UTF_8).startsWith("model/"))
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .distinct()
                .count();
    }

    /** Reports by job, of every job that is on the queue now; waits until none is without. */
    Map<String, Integer> answers() {
        Set<String> jobs = new TreeSet<>();
        committed(kafka.names().jobs()).forEach(record -> jobs.add(new String(record.key(), StandardCharsets.UTF_8)));
        return Eventually.gives(ANSWERED_WITHIN, "a report of each of the jobs " + jobs, () -> {
            Map<String, Integer> answers = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> report : committed(kafka.names().reports())) {
                answers.merge(new String(report.key(), StandardCharsets.UTF_8), 1, Integer::sum);
            }
            answers.keySet().retainAll(jobs);
            return answers.keySet().equals(jobs) ? answers : null;
        });
    }

    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
        }
        return all;
    }
}
