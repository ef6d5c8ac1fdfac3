package io.tidemark.model.registry;

/**
 * Who asks the registrar for something.
 *
 * @param who a person, or a part of Tidemark such as {@code guard}
 * @param why in a sentence
 * @param whenMs when; epoch milliseconds
 */
public record Request(String who, String why, long whenMs) {
    public Request {
        who = AuditEntry.cut(who);
        why = AuditEntry.cut(why);
    }
}
