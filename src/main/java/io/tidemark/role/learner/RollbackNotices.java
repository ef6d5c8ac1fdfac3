package io.tidemark.role.learner;

import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training that was undone and is not in the audit yet: of each network the last time since it was told, with how often it was.
 * A network is told of at once, and then no more than once in {@link #APART}: one that explodes for a day leaves room for other
 * entries. What waits ends with the process; the meter has counted it. Owned by one thread.
 */
final class RollbackNotices {
    /** How long a network is not told of again. */
    static final Duration APART = Duration.ofMinutes(10);

    private final Map<ModelId, Times> waiting = new LinkedHashMap<>();
    private final Map<ModelId, Long> toldMs = new HashMap<>();
    private final List<ModelId> telling = new ArrayList<>();

    /** The last time, and how many there were. */
    private record Times(LearningEvent.RolledBack last, int generation, int count) {}

    void add(String stream, int generation, LearningEvent.RolledBack event) {
        ModelId id = new ModelId(stream, event.network());
        Times before = waiting.get(id);
        waiting.put(id, new Times(event, generation, before == null ? 1 : before.count + 1));
    }

    /** Whether a network should be told of now. */
    boolean isDue(long nowMs) {
        for (ModelId id : waiting.keySet()) if (isDue(id, nowMs)) return true;
        return false;
    }

    private boolean isDue(ModelId id, long nowMs) {
        Long told = toldMs.get(id);
        return told == null || nowMs - told >= APART.toMillis();
    }

    /** What to tell now, one command for each network that is due; the same events give the same ids. */
    List<RegistryCommand> commands(long nowMs) {
        telling.clear();
        List<RegistryCommand> commands = new ArrayList<>();
        waiting.forEach((id, times) -> {
            if (!isDue(id, nowMs)) return;
            telling.add(id);
            commands.add(command(id, times, nowMs));
        });
        return commands;
    }

    private static RegistryCommand command(ModelId id, Times times, long nowMs) {
        LearningEvent.RolledBack last = times.last;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("times", (double) times.count);
        figures.put("learning-rate", last.rate());
        figures.put("rows-taught", (double) last.rowsTaught());
        figures.put("steps", (double) last.steps());
        if (Double.isFinite(last.error())) figures.put("held-out-error", last.error());
        if (Double.isFinite(last.lastError())) figures.put("held-out-error-before", last.lastError());
        return new RegistryCommand(
                "undone-" + times.generation + "-" + last.rowsTaught() + "-" + last.steps(),
                RegistryCommand.Action.UNDONE,
                id,
                0,
                false,
                new Request(
                        "learner",
                        last.reason() + ": " + last.detail() + "; it goes on at a learning rate of " + last.rate(),
                        nowMs),
                figures);
    }

    /** What the last {@link #commands} told has been committed. */
    void committed(long nowMs) {
        for (ModelId id : telling) {
            toldMs.put(id, nowMs);
            waiting.remove(id);
        }
        telling.clear();
    }
}
