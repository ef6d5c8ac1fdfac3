package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark models}: what the registry holds, and which of it scores. */
@Command(
        name = "models",
        description = {
            "Shows the models in the registry and decides which of them score.",
            "",
            "A version is a champion (it makes the scores), pinned (a champion that nothing replaces), a challenger (it scores a"
                    + " share of the series, only to be compared) or retired (it can be promoted again while it is kept)."
        },
        subcommands = {
            ModelsCommand.ListModels.class,
            ModelsCommand.Show.class,
            ModelsDiff.class,
            ModelsCommand.Audit.class,
            ModelsPromoteCommand.class,
            ModelsChanges.Rollback.class,
            ModelsChanges.Pin.class,
            ModelsChanges.Unpin.class,
            ModelsChanges.Retire.class,
            ModelsFiles.Export.class,
            ModelsFiles.Import.class,
            ModelsReproduceCommand.class
        })
final class ModelsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say " + String.join(", ", spec.subcommands().keySet().stream().toList()));
    }

    /**
     * A model as people name it.
     *
     * @param version 0 where none was given
     */
    record Name(ModelId id, int version) {
        @Override
        public String toString() {
            return version == 0 ? id.toString() : id + "@" + version;
        }
    }

    /** What each subcommand starts from. */
    abstract static class OnRegistry extends KafkaCommand {
        @Option(names = "--json", description = "print JSON")
        boolean json;

        /** STREAM/NETWORK[@VERSION]. */
        Name name(String text) {
            String[] parts = text.split("[/@]", -1);
            boolean whole = text.matches("[a-z0-9-]+/[a-z0-9-]+(@\\d{1,9})?");
            if (!whole) {
                throw wrong("a model is named STREAM/NETWORK or STREAM/NETWORK@VERSION, but was " + text);
            }
            return new Name(new ModelId(parts[0], parts[1]), parts.length == 3 ? Integer.parseInt(parts[2]) : 0);
        }

        /** The model of a name; the champion where it has no version. */
        Model load(Name name) throws InterruptedException {
            KafkaConnection kafka = await(TopicNames::models);
            return ModelReader.load(kafka, name.id(), name.version());
        }
    }

    /** {@code tidemark models list}. */
    @Command(
            name = "list",
            description = "Lists every version that is kept, and what it is for.",
            footer = {"", "Example:", "  tidemark models list --stream pumps"})
    static final class ListModels extends OnRegistry {
        @Option(names = "--stream", paramLabel = "NAME", description = "show this stream only")
        private @Nullable String stream;

        @Override
        public Integer call() throws InterruptedException {
            RegistryView view = RegistryView.read(await(TopicNames::models));
            List<ModelVersion> versions = view.versions().stream()
                    .filter(v -> stream == null || v.id().stream().equals(stream))
                    .sorted(Comparator.comparing(ModelVersion::id).thenComparing(ModelVersion::version))
                    .toList();
            Columns columns = new Columns(
                    Columns.text("model", 40),
                    Columns.text("state", 10),
                    Columns.number("parent", 6),
                    Columns.number("rows taught", 11),
                    Columns.number("withheld", 9),
                    Columns.number("loss", 9),
                    Columns.number("usual error", 11),
                    Columns.text("last row", 20),
                    Columns.text("engine", 10));
            if (!json) out().println(columns.header());
            for (ModelVersion v : versions) {
                String state = view.state(v).toString();
                if (json) out().println(ModelsJson.version(v, state));
                else out().println(columns.line(cells(v, state)));
            }
            if (!json && versions.isEmpty()) out().println(none(view));
            return 0;
        }

        private String none(RegistryView view) {
            String streams = view.versions().stream()
                    .map(v -> v.id().stream())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
            return streams.isEmpty()
                    ? "there is no model yet"
                    : "there is no model of stream " + stream + "; there are models of " + streams;
        }

        private static List<String> cells(ModelVersion v, String state) {
            return List.of(
                    v.label(),
                    state,
                    v.origin().parent() == 0 ? "" : Integer.toString(v.origin().parent()),
                    Long.toString(v.training().rowsTaught()),
                    Long.toString(v.training().rowsWithheld()),
                    String.format(Locale.ROOT, "%.5f", v.training().loss()),
                    String.format(Locale.ROOT, "%.5f", v.reference().median()),
                    Instant.ofEpochMilli(v.training().lastTimeMs()).toString(),
                    v.training().engine());
        }
    }

    /** {@code tidemark models show}. */
    @Command(
            name = "show",
            description = "Shows one version: what it is for, where it comes from, what taught it, how well it did.",
            footer = {
                "",
                "Examples:",
                "  tidemark models show pumps/dense-ae@17",
                "  tidemark models show pumps/dense-ae --json"
            })
    static final class Show extends OnRegistry {
        @Parameters(paramLabel = "STREAM/NETWORK[@VERSION]", description = "the champion where no version is given")
        private String name = "";

        @Override
        public Integer call() throws InterruptedException {
            Name named = name(name);
            RegistryView view = RegistryView.read(await(TopicNames::models));
            Deployment deployment = view.deployment(named.id());
            int number = named.version() == 0 ? deployment.champion() : named.version();
            ModelVersion version = view.versions().stream()
                    .filter(v -> v.id().equals(named.id()) && v.version() == number)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no model " + named
                            + (named.version() == 0 ? " that is champion" : "") + "; see tidemark models list"));
            String state = deployment.state(number).toString();
            if (json) {
                out().println(ModelsJson.version(version, state));
                return 0;
            }
            for (Map.Entry<String, String> line :
                    ModelsJson.facts(version, state, deployment).entrySet()) {
                out().printf(Locale.ROOT, "%-16s %s%n", line.getKey(), line.getValue());
            }
            return 0;
        }
    }

    /** {@code tidemark models audit}. */
    @Command(
            name = "audit",
            description = {
                "Lists who changed what, when and why: publications, promotions, rollbacks and pins, by people and by Tidemark itself.",
                "The newest " + AuditEntry.KEPT
                        + " decisions of each network are kept, and as many publications and trials."
            },
            footer = {"", "Examples:", "  tidemark models audit", "  tidemark models audit pumps/dense-ae --json"})
    static final class Audit extends OnRegistry {
        @Parameters(arity = "0..1", paramLabel = "STREAM/NETWORK", description = "of this network only")
        private @Nullable String name;

        @Option(names = "--changes", description = "leave out publications that a learner made champion by itself")
        private boolean changes;

        @Override
        public Integer call() throws InterruptedException {
            ModelId only = name == null ? null : name(name).id();
            List<AuditEntry> entries = new ArrayList<>();
            RegistryView.read(await(TopicNames::models)).audit().forEach((id, of) -> {
                if (only == null || only.equals(id)) entries.addAll(of);
            });
            entries.sort(Comparator.comparingLong(entry -> entry.request().whenMs()));
            Columns columns = new Columns(
                    Columns.text("when", 24),
                    Columns.text("who", 20),
                    Columns.text("what", 9),
                    Columns.text("model", 40),
                    Columns.text("champion", 14),
                    Columns.text("why", 60));
            if (!json) out().println(columns.header());
            for (AuditEntry entry : entries) {
                boolean byItself = entry.change().action().equals("publish")
                        && entry.change().after() == entry.change().version();
                if (changes && byItself) continue;
                if (json) out().println(ModelsJson.entry(entry));
                else out().println(columns.line(cells(entry)));
            }
            return 0;
        }

        private static List<String> cells(AuditEntry entry) {
            String champion = !entry.refused().isEmpty()
                    ? "refused"
                    : entry.change().before() == entry.change().after()
                            ? ""
                            : entry.change().before() + " -> " + entry.change().after();
            String why = entry.refused().isEmpty()
                    ? entry.request().why()
                    : entry.refused() + " (" + entry.request().why() + ")";
            return List.of(
                    Instant.ofEpochMilli(entry.request().whenMs()).toString(),
                    entry.request().who(),
                    entry.change().action(),
                    entry.model()
                            + (entry.change().version() == 0
                                    ? ""
                                    : "@" + entry.change().version()),
                    champion,
                    why);
        }
    }
}
