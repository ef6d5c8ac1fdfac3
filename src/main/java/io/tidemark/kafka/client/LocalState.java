package io.tidemark.kafka.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an earlier process left of an application's state in the folder of this one. */
public final class LocalState {
    /** A compacted topic tells for a day that a key was deleted (its {@code delete.retention.ms}); half of it leaves room for clocks. */
    static final Duration USABLE = Duration.ofHours(12);

    private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

    private LocalState() {}

    /**
     * Removes it where nobody has used it for so long that its changelog may not tell any more what was deleted meanwhile; it is then read again from there. To be
     * called before the application starts.
     *
     * @param folder of the application's state
     * @param clock wall time, as the times of files are
     */
    public static void removeOld(KafkaStreams application, Path folder, InstantSource clock) {
        if (!isOld(folder, clock)) return;
        LOG.info("the state in {} has not been used for half a day: it is read again from Kafka", folder);
        application.cleanUp();
    }

    /** Whether there is something, of which nothing was used within {@link #USABLE}. */
    static boolean isOld(Path folder, InstantSource clock) {
        if (!Files.isDirectory(folder)) return false;
        try (Stream<Path> files = Files.walk(folder)) {
            OptionalLong newestMs = files.filter(
                            file -> Files.isRegularFile(file) && isOfStore(folder.relativize(file)))
                    .mapToLong(LocalState::changedMs)
                    .max();
            return newestMs.isPresent() && newestMs.getAsLong() < clock.millis() - USABLE.toMillis();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} cannot be looked through: {}", folder, e.toString());
            return false;
        }
    }

    /** Not the files with which Kafka Streams marks the folder as its own. */
    private static boolean isOfStore(Path file) {
        return file.startsWith(file.getName(0).resolve("rocksdb"));
    }

    /** The least number where it vanished meanwhile. */
    private static long changedMs(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return Long.MIN_VALUE;
        }
    }
}
