package io.tidemark.model.registry;

import java.util.Map;

/**
 * A version that waits for its number, as a record of {@code models} holds it: after its chunks, in the same transaction.
 *
 * @param manifest the version, numbered 0; its job is named
 * @param as {@link ModelState#CHAMPION}: score with it at once, if it continues the champion's line and that is not pinned;
 *     {@link ModelState#CHALLENGER}: compare it first
 * @param who what offers it, such as {@code learner}
 * @param why in a sentence
 * @param whenMs epoch milliseconds
 * @param figures the numbers behind it
 */
public record Offer(
        ModelVersion manifest, ModelState as, String who, String why, long whenMs, Map<String, Double> figures) {
    public Offer {
        manifest.published();
        if (manifest.origin().job().isEmpty()) throw new IllegalArgumentException("an offer must name its job");
        if (as != ModelState.CHAMPION && as != ModelState.CHALLENGER) {
            throw new IllegalArgumentException("a version is offered as champion or challenger, not " + as);
        }
        who = AuditEntry.cut(who);
        why = AuditEntry.cut(why);
        figures = AuditEntry.bounded(figures);
    }

    String key() {
        return "offer/" + manifest.id() + "/" + manifest.origin().job();
    }
}
