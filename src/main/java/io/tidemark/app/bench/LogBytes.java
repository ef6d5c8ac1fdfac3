package io.tidemark.app.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Bytes in the logs of a broker of one node, by topic, as they lie on disk: compressed, with batch headers and markers. */
final class LogBytes {
    private static final int BROKER = 1;
    private static final long WITHIN_SECONDS = 30;
    /** Topics that an event adds less to are left out, such as the group offsets of readers. */
    private static final double LEAST = 0.1;

    private final Admin admin;
    private final String input;

    /** @param input topic that is left out: what comes in costs the same whoever reads it */
    LogBytes(Admin admin, String input) {
        this.admin = admin;
        this.input = input;
    }

    Map<String, Long> read() {
        Map<String, Long> bytes = new HashMap<>();
        try {
            admin.describeLogDirs(List.of(BROKER))
                    .allDescriptions()
                    .get(WITHIN_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .forEach(folders -> folders.values()
                            .forEach(folder -> folder.replicaInfos().forEach((partition, replica) -> {
                                if (!partition.topic().equals(input)) {
                                    bytes.merge(partition.topic(), replica.size(), Long::sum);
                                }
                            })));
            return bytes;
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the sizes of the broker's logs could not be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the sizes of the broker's logs", e);
        }
    }

    /** Bytes that each of so many events has added since; a topic that shrank, because segments were deleted, is left out. */
    Map<String, Double> eachSince(Map<String, Long> before, int events) {
        Map<String, Double> each = new TreeMap<>();
        read().forEach((topic, now) -> {
            double bytes = (double) (now - before.getOrDefault(topic, 0L)) / events;
            if (bytes >= LEAST) each.put(topic, bytes);
        });
        return each;
    }
}
