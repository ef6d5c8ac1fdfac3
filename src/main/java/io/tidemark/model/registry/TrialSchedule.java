package io.tidemark.model.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When challengers are tried by themselves.
 *
 * <ol>
 *   <li>A challenger is tried again when no trial has decided on it for {@link #AGAIN}.
 *   <li>A learner's line is tried once in that time, whichever of its versions had the seat: each trial reads the stream's history.
 *   <li>A challenger that could not be judged, most often as there was too little that neither it nor the champion has trained on, is
 *       looked at again {@link #LATER} later.
 *   <li>Nothing is tried against a pinned champion, and no import: both are a person's business.
 * </ol>
 *
 * <p>Time is passed in. Owned by one thread.
 */
public final class TrialSchedule {
    /** How long a decision on a challenger stands. */
    public static final Duration AGAIN = Duration.ofHours(1);
    /** How long a challenger waits that could not be judged. */
    public static final Duration LATER = Duration.ofMinutes(10);

    private static final String IMPORT = "import-";

    private final Map<String, Long> waits = new HashMap<>();

    /** Whether a challenger of a network is due; epoch milliseconds. */
    public boolean isDue(RegistryView view, Deployment deployment, int challenger, long nowMs) {
        ModelId id = deployment.id();
        if (deployment.champion() == 0 || deployment.roles().pinned() || waits(label(id, challenger), nowMs))
            return false;
        Map<Integer, String> jobs = new HashMap<>();
        for (ModelVersion version : view.versions()) {
            if (version.id().equals(id))
                jobs.put(version.version(), version.origin().job());
        }
        String job = jobs.getOrDefault(challenger, "");
        if (job.startsWith(IMPORT)) return false;
        boolean learnt = job.startsWith(ModelPublisher.LEARNER);
        List<AuditEntry> audit = view.audit().getOrDefault(id, List.of());
        for (int i = audit.size() - 1; i >= 0; i--) {
            AuditEntry entry = audit.get(i);
            if (!entry.isTrial() || entry.request().whenMs() <= nowMs - AGAIN.toMillis()) continue;
            // What a learner offered and is gone was of the same line: all that others offer stays while it is a
            // challenger.
            String tried = jobs.getOrDefault(entry.change().version(), ModelPublisher.LEARNER);
            boolean sameLine = learnt && tried.startsWith(ModelPublisher.LEARNER);
            if (entry.change().version() == challenger || sameLine) return false;
        }
        return true;
    }

    private boolean waits(String label, long nowMs) {
        waits.values().removeIf(sinceMs -> nowMs - sinceMs > LATER.toMillis());
        return waits.containsKey(label);
    }

    /** Notes that it could not be judged. */
    public void postpone(ModelId id, int challenger, long nowMs) {
        waits.put(label(id, challenger), nowMs);
    }

    private static String label(ModelId id, int version) {
        return id + "@" + version;
    }

    /** The command that a trial ends with. */
    public static RegistryCommand command(
            Deployment deployment,
            int challenger,
            boolean promote,
            String why,
            long nowMs,
            Map<String, Double> figures) {
        return new RegistryCommand(
                "trial-" + challenger + "-" + deployment.revision() + "-" + nowMs / AGAIN.toMillis(),
                promote ? RegistryCommand.Action.PROMOTE : RegistryCommand.Action.KEEP,
                deployment.id(),
                challenger,
                promote ? deployment.opponent(challenger) : 0,
                false,
                new Request(AuditEntry.TRIAL, why, nowMs),
                figures);
    }
}
