package io.tidemark.app.cli;

import io.tidemark.config.TopicNames;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.Request;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code tidemark models} that change which versions score. */
final class ModelsChanges {
    private ModelsChanges() {}

    /** What each change starts from. */
    abstract static class Change extends ModelsCommand.OnRegistry {
        @Parameters(
                paramLabel = "STREAM/NETWORK[@VERSION]",
                description = "the network, and where it matters the version")
        String name = "";

        @Option(names = "--why", required = true, paramLabel = "TEXT", description = "the reason, for the audit trail")
        String why = "";

        @Option(
                names = "--who",
                paramLabel = "NAME",
                description = "who decided it (default: the user of this process)")
        String who = System.getProperty("user.name", "unknown");

        @Option(
                names = "--answer-within",
                paramLabel = "TIME",
                defaultValue = "30s",
                description = "how long to wait for the registrar (default: ${DEFAULT-VALUE})")
        Duration within = Duration.ofSeconds(30);

        private final RegistryCommand.Action action;
        private final boolean needsVersion;

        /** @param needsVersion whether the change needs to be told a version */
        Change(RegistryCommand.Action action, boolean needsVersion) {
            this.action = action;
            this.needsVersion = needsVersion;
        }

        /** Whether a pinned champion is replaced too. */
        boolean force() {
            return false;
        }

        /** What the change is about. */
        final ModelsCommand.Name named() {
            ModelsCommand.Name named = name(name);
            if (needsVersion && named.version() == 0) {
                throw wrong("say which version: " + named + "@VERSION; see tidemark models list");
            }
            return named;
        }

        @Override
        public Integer call() throws InterruptedException {
            return send(named(), why, Map.of());
        }

        /** Asks for the change and tells what came of it. */
        int send(ModelsCommand.Name named, String reason, Map<String, Double> figures) throws InterruptedException {
            RegistryCommand command = new RegistryCommand(
                    action + "-" + UUID.randomUUID(),
                    action,
                    named.id(),
                    named.version(),
                    force(),
                    new Request(who, reason, clock().millis()),
                    figures);
            return tell(RegistryClient.ask(await(TopicNames::models), command, within));
        }

        private int tell(AuditEntry entry) {
            if (!entry.refused().isEmpty()) throw new IllegalStateException(entry.refused());
            if (json) {
                out().println(ModelsJson.entry(entry));
            } else if (entry.change().before() == entry.change().after()) {
                out().println(entry.change().action() + " " + entry.model() + "@"
                        + entry.change().version() + ": done; "
                        + (entry.change().after() == 0
                                ? "it has no champion"
                                : "version " + entry.change().after() + " scores"));
            } else {
                out().println(entry.model() + ": version " + entry.change().after() + " scores now, before it "
                        + (entry.change().before() == 0
                                ? "none"
                                : "version " + entry.change().before()));
            }
            return 0;
        }
    }

    /** A change that makes another version the champion. */
    abstract static class Replacement extends Change {
        @Option(names = "--force", description = "replace a pinned champion too")
        private boolean force;

        Replacement(RegistryCommand.Action action, boolean needsVersion) {
            super(action, needsVersion);
        }

        @Override
        final boolean force() {
            return force;
        }
    }

    /** {@code tidemark models rollback}. */
    @Command(
            name = "rollback",
            description = {
                "Makes the champion before the present one champion again. With a version: only if that is the champion now.",
                "A learner that goes on learning publishes over it; pin it to keep it."
            },
            footer = {"", "Example:", "  tidemark models rollback pumps/dense-ae@17 --why \"alerts doubled since noon\""
            })
    static final class Rollback extends Replacement {
        Rollback() {
            super(RegistryCommand.Action.ROLLBACK, false);
        }
    }

    /** {@code tidemark models pin}. */
    @Command(
            name = "pin",
            header = "Makes a version the champion until it is unpinned.",
            description =
                    "Makes a version the champion, the present one where none is given, until it is unpinned: no learner and no"
                            + " retraining replaces it.",
            footer = {"", "Example:", "  tidemark models pin pumps/dense-ae@17 --why \"frozen for the audit\""})
    static final class Pin extends Replacement {
        Pin() {
            super(RegistryCommand.Action.PIN, false);
        }
    }

    /** {@code tidemark models unpin}. */
    @Command(
            name = "unpin",
            description = "Lets the champion be replaced again.",
            footer = {"", "Example:", "  tidemark models unpin pumps/dense-ae --why \"the audit is over\""})
    static final class Unpin extends Change {
        Unpin() {
            super(RegistryCommand.Action.UNPIN, false);
        }
    }

    /** {@code tidemark models retire}. */
    @Command(
            name = "retire",
            description = "Ends a challenger: it no longer scores beside the champion.",
            footer = {"", "Example:", "  tidemark models retire pumps/dense-ae@18 --why \"no better after a week\""})
    static final class Retire extends Change {
        Retire() {
            super(RegistryCommand.Action.RETIRE, true);
        }
    }
}
