package io.tidemark.role.ingest;

import io.tidemark.metrics.Meters;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which features of a stream have values, in all tasks of this process together: one that goes or comes for good is told once, in the log and as
 * the number of those that are silent.
 *
 * <p>Time is cut into rounds of at least {@value #EVENTS_LEAST} events and {@value #ROUND_MS} ms. A feature is silent when it had no value in
 * {@value #ROUNDS_LEAST} rounds in a row, and in three times as many as it was ever without one before. Safe for any thread.
 */
final class FeatureWatch {
    static final int EVENTS_LEAST = 100;
    static final int ROUND_MS = 30_000;
    static final int ROUNDS_LEAST = 3;

    private static final Logger LOG = LoggerFactory.getLogger(FeatureWatch.class);
    private static final int NAMES_SHOWN = 5;

    private final String stream;
    private final List<String> names;
    private final Meters.Level level;
    private final boolean[] seen;
    private final int[] rounds;
    private final int[] longest;
    private final long[] events;
    private final boolean[] silent;
    private long present;
    private long beganMs = Long.MIN_VALUE;

    FeatureWatch(String stream, List<String> names, Meters.Level level) {
        this.stream = stream;
        this.names = List.copyOf(names);
        this.level = level;
        int count = names.size();
        seen = new boolean[count];
        rounds = new int[count];
        longest = new int[count];
        events = new long[count];
        silent = new boolean[count];
    }

    /** What one task has seen since it last said so. One thread. */
    static final class Seen {
        private final boolean[] features;
        private int missing;
        private long events;

        Seen(int features) {
            this.features = new boolean[features];
            missing = features;
        }

        /** An event; once every feature was seen, it is only counted. */
        void event(int feature, double[] values) {
            events++;
            if (missing == 0) return;
            if (feature >= 0) {
                see(feature, values[feature]);
                return;
            }
            for (int i = 0; i < features.length; i++) see(i, values[i]);
        }

        private void see(int feature, double value) {
            if (features[feature] || Double.isNaN(value)) return;
            features[feature] = true;
            missing--;
        }
    }

    /** Takes over what a task has seen, and ends the round when it is long enough. */
    synchronized void add(Seen part, long nowMs) {
        if (beganMs == Long.MIN_VALUE) beganMs = nowMs;
        present += part.events;
        part.events = 0;
        part.missing = seen.length;
        for (int i = 0; i < seen.length; i++) {
            seen[i] |= part.features[i];
            part.features[i] = false;
        }
        if (present >= EVENTS_LEAST && nowMs - beganMs >= ROUND_MS) end(nowMs);
    }

    private void end(long nowMs) {
        List<String> gone = new ArrayList<>();
        List<String> came = new ArrayList<>();
        long without = 0;
        int silentNow = 0;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i]) {
                if (silent[i]) came.add(names.get(i));
                longest[i] = Math.max(longest[i], rounds[i]);
                rounds[i] = 0;
                events[i] = 0;
                silent[i] = false;
            } else {
                rounds[i]++;
                events[i] += present;
                if (!silent[i] && rounds[i] >= Math.max(ROUNDS_LEAST, 3 * longest[i])) {
                    silent[i] = true;
                    gone.add(names.get(i));
                    without = Math.max(without, events[i]);
                }
            }
            if (silent[i]) silentNow++;
            seen[i] = false;
        }
        present = 0;
        beganMs = nowMs;
        level.set(silentNow);
        if (!gone.isEmpty()) LOG.warn("stream {}: no value of {} in the last {} events", stream, shown(gone), without);
        if (!came.isEmpty()) LOG.info("stream {}: there are values of {} now", stream, shown(came));
    }

    private static String shown(List<String> features) {
        String first = String.join(", ", features.subList(0, Math.min(NAMES_SHOWN, features.size())));
        return features.size() <= NAMES_SHOWN ? first : first + " and " + (features.size() - NAMES_SHOWN) + " more";
    }
}
