package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The stretch of event time that the charts of an incident show: its own, some steps before it, and some after it.
 *
 * @param sinceMs when it began; epoch milliseconds, as all of these
 * @param untilMs when it was over; {@link Long#MAX_VALUE} while it is not
 * @param fromMs the first step that is shown
 * @param toMs the last step that is shown; {@link Long#MAX_VALUE} while it is not over
 * @param seekMs the timestamp, which need not be event time, of the records with which to begin
 * @param shown the series that its record lists, at most 20, the most severe first
 */
record IncidentWindow(String id, long sinceMs, long untilMs, long fromMs, long toMs, long seekMs, List<Shown> shown) {
    static final int CHARTED_MAX = 8;
    static final int STEPS_BEFORE = 60;
    static final int STEPS_AFTER = 30;
    private static final long STEP_LEAST_MS = 200;
    private static final long STEP_MOST_MS = 86_400_000;
    /** Of a series whose step is not known, and that is not over. */
    private static final long STEP_USUAL_MS = 10_000;

    /**
     * @param feature the one with the largest share in its surprise; empty where the incident names none
     * @param sinceMs when its alert began
     */
    record Shown(String stream, String series, String feature, long sinceMs) {}

    IncidentWindow {
        shown = List.copyOf(shown);
    }

    /** Those of which there are charts: at most {@value #CHARTED_MAX}. */
    List<Shown> charted() {
        return shown.subList(0, Math.min(CHARTED_MAX, shown.size()));
    }

    boolean isOver() {
        return untilMs != Long.MAX_VALUE;
    }

    /** @param stepMs of its series; 0 where that is not known */
    static IncidentWindow of(KnownIncidents.Known known, long stepMs) {
        JsonNode record = known.record();
        long sinceMs = ConsoleState.time(record, "since");
        long untilMs = record.has("until") ? ConsoleState.time(record, "until") : Long.MAX_VALUE;
        long guess = untilMs == Long.MAX_VALUE ? STEP_USUAL_MS : (untilMs - sinceMs) / STEPS_BEFORE;
        long step = Math.min(STEP_MOST_MS, Math.max(STEP_LEAST_MS, stepMs > 0 ? stepMs : guess));
        long before = STEPS_BEFORE * step;
        List<Shown> shown = new ArrayList<>();
        for (JsonNode part : record.path("series")) {
            shown.add(new Shown(
                    part.path("stream").asText(),
                    part.path("series").asText(),
                    part.path("feature").asText(),
                    Math.max(sinceMs, ConsoleState.time(part, "since"))));
        }
        return new IncidentWindow(
                record.path("id").asText(),
                sinceMs,
                untilMs,
                sinceMs - before,
                untilMs == Long.MAX_VALUE ? untilMs : untilMs + STEPS_AFTER * step,
                Math.max(0, known.beganMs() - before),
                shown);
    }
}
