package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What somebody asks the registrar to do, or wants told in the audit; a record of {@code models} until it has been decided.
 *
 * @param id tells commands apart; the same id is decided once; letters, digits, '.', '_' and '-', at most 200
 * @param action what to do
 * @param version which version. 0 for {@link Action#PIN}: the champion; for {@link Action#ROLLBACK}: whichever is
 *     champion, else the command is refused unless this one is
 * @param over the champion that a challenger was compared with: it is promoted only while both stand as they did; 0 for
 *     no condition
 * @param force whether a pinned champion may be replaced
 * @param figures the numbers behind it; at most 64
 */
public record RegistryCommand(
        String id,
        Action action,
        @JsonUnwrapped ModelId model,
        int version,
        int over,
        boolean force,
        @JsonUnwrapped Request request,
        Map<String, Double> figures) {

    /** What can be asked for. */
    public enum Action {
        /** Makes a version the champion. */
        PROMOTE,
        /** Makes the champion before the present one champion again. */
        ROLLBACK,
        /** Makes a version the champion until it is unpinned. */
        PIN,
        /** Lets the champion be replaced again. */
        UNPIN,
        /** Ends a challenger. */
        RETIRE,
        /** Says that a challenger has been tried and stays one. */
        KEEP,
        /** Says that a learner undid training; changes nothing, and is told of a network without a version too. */
        UNDONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One without a condition. */
    public RegistryCommand(
            String id,
            Action action,
            ModelId model,
            int version,
            boolean force,
            Request request,
            Map<String, Double> figures) {
        this(id, action, model, version, 0, force, request, figures);
    }

    public RegistryCommand {
        if (!id.matches("[A-Za-z0-9._-]{1,200}")) {
            throw new IllegalArgumentException(
                    "a command is named in 1 to 200 letters, digits, '.', '_' and '-', but was " + id);
        }
        Objects.requireNonNull(action, "a command must have an action");
        ModelVersion.checkNumber(version);
        ModelVersion.checkNumber(over);
        figures = AuditEntry.bounded(figures);
    }

    String key() {
        return "command/" + model.stream() + "/" + model.network() + "/" + id;
    }
}
