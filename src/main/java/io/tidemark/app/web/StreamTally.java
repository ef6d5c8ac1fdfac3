package io.tidemark.app.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** What came of one stream since the console began to read, by status and reason, with rates. Guarded by its {@link ConsoleState}. */
final class StreamTally {
    private static final int NAMES_MAX = 50;

    private final Counter all = new Counter();
    private final Map<String, Counter> statuses = new TreeMap<>();
    private final Map<String, Counter> reasons = new TreeMap<>();
    private long newestMs;

    /** A count, and how much of it came in each of the last ten seconds. */
    private static final class Counter {
        private final long[] secondOf = new long[10];
        private final int[] inSecond = new int[10];
        private long count;

        void add(long wallMs) {
            count++;
            long second = wallMs / 1000;
            int place = (int) (second % inSecond.length);
            if (secondOf[place] != second) {
                secondOf[place] = second;
                inSecond[place] = 0;
            }
            inSecond[place]++;
        }

        /** A second, over the last nine whole seconds. */
        double rate(long wallMs) {
            long now = wallMs / 1000;
            long sum = 0;
            for (int i = 0; i < inSecond.length; i++) {
                if (secondOf[i] < now && secondOf[i] >= now - 9) sum += inSecond[i];
            }
            return sum / 9.0;
        }
    }

    /** @param reason empty where there is none */
    void count(String status, String reason, long wallMs) {
        all.add(wallMs);
        count(statuses, status, wallMs);
        if (!reason.isEmpty()) count(reasons, reason, wallMs);
    }

    private static void count(Map<String, Counter> counters, String name, long wallMs) {
        Counter counter = counters.get(name);
        if (counter == null) {
            if (counters.size() >= NAMES_MAX) return;
            counter = new Counter();
            counters.put(name, counter);
        }
        counter.add(wallMs);
    }

    /** A step of this event time has come. */
    void step(long eventMs) {
        newestMs = Math.max(newestMs, eventMs);
    }

    double rate(long wallMs) {
        return all.rate(wallMs);
    }

    void json(ObjectNode into, long wallMs) {
        into.put("outcomes", all.count).put("rate", rounded(all.rate(wallMs)));
        if (newestMs > 0) into.put("newest", newestMs);
        ObjectNode rates = into.putObject("rates");
        counts(into.putObject("statuses"), rates.putObject("statuses"), statuses, wallMs);
        counts(into.putObject("reasons"), rates.putObject("reasons"), reasons, wallMs);
    }

    private static void counts(ObjectNode counts, ObjectNode rates, Map<String, Counter> of, long wallMs) {
        of.forEach((name, counter) -> {
            counts.put(name, counter.count);
            rates.put(name, rounded(counter.rate(wallMs)));
        });
    }

    static double rounded(double rate) {
        return Math.rint(10 * rate) / 10;
    }
}
