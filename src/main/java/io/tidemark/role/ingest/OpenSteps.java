package io.tidemark.role.ingest;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.window.SeriesPipeline;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The series of a stream in one task that have open steps, with what says when silence closes them; empty where the stream does not declare {@code
 * idle-close}. So a series need not be on the heap for its steps to close.
 */
final class OpenSteps {
    private final StreamSpec spec;
    private final boolean closes;
    private final long idleMs;
    private final Map<String, Waiting> waiting = new HashMap<>();

    private static final class Waiting {
        /** Wall time of the latest event in this process; epoch milliseconds. */
        long activeMs;
        /** Events that have joined a step. */
        long joined;
        /** What the latest tick said; -1 when none was written. */
        long tickedAt = -1;
    }

    OpenSteps(StreamSpec spec) {
        this.spec = spec;
        closes = spec.grid().idleClose().isPresent();
        idleMs = closes ? spec.grid().idleClose().get().toMillis() : Long.MAX_VALUE;
    }

    /** A series had an event, or comes back from its state. */
    void note(SeriesPipeline pipeline, long nowMs) {
        if (!closes) return;
        if (!pipeline.hasOpenSteps()) {
            waiting.remove(pipeline.series());
            return;
        }
        Waiting series = waiting.computeIfAbsent(pipeline.series(), name -> new Waiting());
        series.activeMs = nowMs;
        series.joined = pipeline.joinedEvents();
    }

    /** Whether silence closes steps of the stream. */
    boolean closes() {
        return closes;
    }

    /** A tick closed steps of it. */
    void closed(SeriesPipeline pipeline) {
        if (!pipeline.hasOpenSteps()) waiting.remove(pipeline.series());
    }

    void forget(String series) {
        waiting.remove(series);
    }

    void clear() {
        waiting.clear();
    }

    /** Hands over a tick of each series that has been silent for long enough and has not been told of since. */
    void silent(long nowMs, Consumer<TickRecord> ticks) {
        waiting.forEach((name, series) -> {
            if (nowMs - series.activeMs < idleMs || series.tickedAt == series.joined) return;
            ticks.accept(new TickRecord(spec.name(), name, spec.generation(), series.joined));
            series.tickedAt = series.joined;
        });
    }
}
