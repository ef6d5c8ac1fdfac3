package io.tidemark.learner;

import io.tidemark.learning.LearningEvent;
import io.tidemark.registry.ModelId;
import io.tidemark.registry.RegistryCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Training that was undone and is not in the audit yet: of each network the last time since the commit before, with how often
 * it was. Owned by one thread.
 */
final class Undone {
    private final Map<ModelId, Times> waiting = new LinkedHashMap<>();
    /** Whether the last commit told of any. */
    private boolean told;

    /** The last time, and how many there were. */
    private record Times(LearningEvent.RolledBack last, int generation, int count) {}

    void add(String stream, int generation, LearningEvent.RolledBack event) {
        ModelId id = new ModelId(stream, event.network());
        Times before = waiting.get(id);
        waiting.put(id, new Times(event, generation, before == null ? 1 : before.count + 1));
    }

    /** Whether it should be told at once: not where the last commit told of some, for that may go on for long. */
    boolean isDue() {
        return !told && !waiting.isEmpty();
    }

    /** What to tell, one command for each network; the same events give the same ids. */
    List<RegistryCommand> commands(long nowMs) {
        List<RegistryCommand> commands = new ArrayList<>();
        waiting.forEach((id, times) -> commands.add(command(id, times, nowMs)));
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
                id.stream(),
                id.network(),
                0,
                false,
                "learner",
                last.reason() + ": " + last.detail() + "; it goes on at a learning rate of " + last.rate(),
                nowMs,
                figures);
    }

    void committed() {
        told = !waiting.isEmpty();
        waiting.clear();
    }
}
