package io.tidemark.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tidemark's own topics, groups and transactional ids, all under one prefix, so that several installations and foreign topics
 * live side by side.
 *
 * @param prefix such as {@code tidemark.}; letters, digits, '.', '_' and '-'; in [0, 100] characters
 */
public record TopicNames(String prefix) {
    public static final String DEFAULT_PREFIX = "tidemark.";

    public TopicNames {
        if (!prefix.matches("[a-zA-Z0-9._-]{0,100}")) {
            throw new IllegalArgumentException(
                    "prefix must be at most 100 letters, digits, '.', '_' and '-', but was " + prefix);
        }
    }

    /** Idle closes of silent series. */
    public String ticks() {
        return prefix + "ticks";
    }

    public String samples() {
        return prefix + "samples";
    }

    public String inferences() {
        return prefix + "inferences";
    }

    /** Aligned unscaled rows; the partition is the stream's. */
    public String training() {
        return prefix + "training";
    }

    /** Which rows may teach; the partition is the stream's. */
    public String gates() {
        return prefix + "gates";
    }

    /** Compacted: manifests and chunks of models. */
    public String models() {
        return prefix + "models";
    }

    /** Compacted: what learners resume from; the partition is the stream's. */
    public String checkpoints() {
        return prefix + "checkpoints";
    }

    /** Retrain jobs; one partition, read by a share group. */
    public String jobs() {
        return prefix + "jobs";
    }

    /** How retrain jobs ended; one partition. */
    public String reports() {
        return prefix + "reports";
    }

    /** How versions fare in the workers. */
    public String vitals() {
        return prefix + "vitals";
    }

    public String scores() {
        return prefix + "scores";
    }

    public String forecasts() {
        return prefix + "forecasts";
    }

    public String alerts() {
        return prefix + "alerts";
    }

    /** What people say of stretches of a series: the inbox; one partition. */
    public String feedback() {
        return prefix + "feedback";
    }

    /** Compacted: feedback that was accepted; the partition is the series'. */
    public String labels() {
        return prefix + "labels";
    }

    /** Alerts by their group of streams, and what people say of incidents; the partition is the group's. */
    public String incidentInbox() {
        return prefix + "incident-inbox";
    }

    /** What alerts that belong together make; the partition is the group's. */
    public String incidents() {
        return prefix + "incidents";
    }

    /** Compacted: what is not to be told; one partition. */
    public String silences() {
        return prefix + "silences";
    }

    /** What networks make of windows and frames at their bottleneck. */
    public String codes() {
        return prefix + "codes";
    }

    /** Heat maps of frames. */
    public String anomalyMaps() {
        return prefix + "anomaly-maps";
    }

    /** What autoencoders made of frames. */
    public String reconstructions() {
        return prefix + "reconstructions";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** A consumer group, application id or transactional id of a role. */
    public String role(String role) {
        return prefix + role;
    }

    /** Whether a record's key is that of a series. */
    public static boolean isKey(byte @Nullable [] key, String stream, String series) {
        if (key == null) return false;
        int length = stream.length() + 1 + series.length();
        for (int i = 0; i < length; i++) {
            int at = i - stream.length();
            char due = at < 0 ? stream.charAt(i) : at == 0 ? '/' : series.charAt(at - 1);
            if (due >= 0x80) return Arrays.equals(key, key(stream, series).getBytes(StandardCharsets.UTF_8));
            if (i >= key.length || key[i] != due) return false;
        }
        return key.length == length;
    }

    /** The key of a series on every topic. */
    public static String key(String stream, String series) {
        return stream + "/" + series;
    }

    /**
     * The partition of a key: FNV-1a of its UTF-8 bytes, modulo the partition count, so that it does not depend on any client's
     * partitioner.
     */
    public static int partition(String key, int partitions) {
        byte[] utf8 = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return partition(utf8, utf8.length, partitions);
    }

    /** The partition of the first {@code length} bytes of a key. */
    public static int partition(byte[] key, int length, int partitions) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < length; i++) hash = (hash ^ (key[i] & 0xFF)) * 0x01000193;
        return Math.floorMod(hash ^ (hash >>> 16), partitions);
    }
}
