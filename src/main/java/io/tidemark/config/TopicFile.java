package io.tidemark.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code topology/topics.yaml}: every topic that Tidemark owns, with what a person who creates them by hand must know.
 *
 * @param topics in the order of the file
 */
public record TopicFile(List<Topic> topics) {

    /**
     * @param name without the prefix
     * @param key what records are keyed by
     * @param format what a value is
     * @param partitions the count at the first apply; in [1, 10000]
     * @param compacted kept by key instead of by age
     * @param retention how long records are kept; ignored when compacted
     * @param maxMessageBytes the largest record
     */
    public record Topic(
            String name,
            String key,
            String format,
            int partitions,
            boolean compacted,
            Duration retention,
            int maxMessageBytes) {

        /** Kafka's settings for it. */
        public Map<String, String> configs() {
            Map<String, String> configs = new LinkedHashMap<>();
            configs.put("cleanup.policy", compacted ? "compact" : "delete");
            if (compacted) {
                // Only closed segments are compacted: small ones, closed after six hours, bound what a reader must
                // read.
                configs.put("segment.bytes", Integer.toString(64 << 20));
                configs.put(
                        "max.compaction.lag.ms",
                        Long.toString(Duration.ofHours(6).toMillis()));
                configs.put("min.cleanable.dirty.ratio", "0.1");
            } else {
                configs.put("retention.ms", Long.toString(retention.toMillis()));
            }
            configs.put("max.message.bytes", Integer.toString(maxMessageBytes));
            return configs;
        }
    }

    public TopicFile {
        topics = List.copyOf(topics);
    }

    /**
     * Reads the file.
     *
     * @param partitions replaces the declared count of topics whose count is not fixed at 1; 0 keeps it
     * @throws InvalidConfigException naming every mistake
     */
    public static TopicFile read(Path file, int partitions) {
        List<Problem> problems = new ArrayList<>();
        Section top = YamlFile.open(file, problems);
        List<Topic> topics = top.items(
                "topics",
                plain -> {
                    top.problem("topics", "must hold mappings, but one item is " + plain);
                    return new Topic(plain, "", "", 1, false, Duration.ofDays(1), 1 << 20);
                },
                s -> topic(s, partitions));
        top.finish();
        if (topics.isEmpty()) top.problem("topics", "must list at least one topic");
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return new TopicFile(topics);
    }

    private static Topic topic(Section s, int partitions) {
        int declared = s.integer("partitions", 1, 10_000, 4);
        return new Topic(
                s.name("name"),
                s.required("key"),
                s.required("format"),
                declared == 1 || partitions == 0 ? declared : partitions,
                s.bool("compacted", false),
                s.duration("retention", Duration.ofMinutes(1), Duration.ofDays(36_500), Duration.ofDays(7)),
                s.bytes("max-message", 1 << 10, 64 << 20, 2 << 20));
    }

    /** The partition count of a topic. */
    public int partitions(String name) {
        return topics.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("topics.yaml does not list " + name))
                .partitions();
    }
}
