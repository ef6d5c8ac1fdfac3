package io.tidemark.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an event may cost: the three figures of an earlier {@code bench end-to-end --json} that do not hang on how fast the machine is.
 *
 * @param cpuMultiple processor time over the pass-through's of the same run
 * @param logBytes bytes in the broker's logs for an event
 * @param garbageBytes bytes of heap allocated for an event
 */
public record CostBaseline(double cpuMultiple, double logBytes, double garbageBytes) {
    /** How much a figure may rise: 15 %. */
    public static final double RISE_MAX = 1.15;

    /**
     * Reads what {@code bench end-to-end --json} wrote.
     *
     * @throws IOException when the file cannot be read, or one of the figures is missing or not above 0
     */
    public static CostBaseline read(Path file) throws IOException {
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        return new CostBaseline(
                figure(file, json, "/cpuMultiple"),
                figure(file, json, "/tidemark/logBytes"),
                figure(file, json, "/tidemark/garbageBytes"));
    }

    private static double figure(Path file, JsonNode json, String path) throws IOException {
        double value = json.at(path).asDouble();
        if (value > 0) return value;
        throw new IOException(file + " has no figure at " + path
                + "; write it with `tidemark bench end-to-end --json > " + file + "`");
    }

    /** One sentence for each figure of a result that has risen by more than {@link #RISE_MAX}; empty when none has. */
    public List<String> risen(EndToEnd.Result result) {
        List<String> risen = new ArrayList<>();
        compare(risen, "processor time, multiples of the pass-through", cpuMultiple, result.cpuMultiple());
        compare(
                risen,
                "bytes in the logs for an event",
                logBytes,
                result.tidemark().logBytes());
        compare(
                risen,
                "bytes of garbage for an event",
                garbageBytes,
                result.tidemark().garbageBytes());
        return risen;
    }

    private static void compare(List<String> risen, String what, double before, double now) {
        if (now > before * RISE_MAX) {
            risen.add(String.format(
                    Locale.ROOT,
                    "%s: %.1f, which is %.0f %% above the baseline's %.1f; at most 15 %% is allowed",
                    what,
                    now,
                    100 * (now / before - 1),
                    before));
        }
    }
}
