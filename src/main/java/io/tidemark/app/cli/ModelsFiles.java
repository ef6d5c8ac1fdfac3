package io.tidemark.app.cli;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelFiles;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.net.engine.dl4j.Dl4jFile;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models in and out of files. */
final class ModelsFiles {
    private ModelsFiles() {}

    /** {@code tidemark models export}. */
    @Command(
            name = "export",
            header = "Writes one version into a file.",
            description = {
                "Writes one version into a file: with manifest and weights for import and backtest --model, or as a",
                "network of Deeplearning4j's own, which a program without Tidemark restores (ModelSerializer)."
            },
            footer = {
                "",
                "Examples:",
                "  tidemark models export pumps/dense-ae@17 pumps.model",
                "  tidemark models export pumps/dense-ae@17 pumps.zip --format dl4j"
            })
    static final class Export extends ModelsCommand.OnRegistry {
        @Parameters(
                index = "0",
                paramLabel = "STREAM/NETWORK[@VERSION]",
                description = "the champion where no version is given")
        private String name = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "receives the model")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private TopologyOptions topology;

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "tidemark",
                description = "tidemark or dl4j (default: ${DEFAULT-VALUE})")
        private String format = "tidemark";

        @Override
        public Integer call() throws InterruptedException, IOException {
            if (!format.equals("tidemark") && !format.equals("dl4j")) {
                throw wrong("--format must be tidemark or dl4j, but was " + format);
            }
            Model model = load(name(name));
            if (format.equals("dl4j")) plain(model);
            else ModelFiles.write(file, model.manifest(), model.weights());
            if (json)
                out().println(ModelsJson.line(Map.of("model", model.manifest().label(), "file", file.toString())));
            else out().println("wrote " + model.manifest().label() + " to " + file);
            return 0;
        }

        private void plain(Model model) throws IOException {
            StreamSpec stream = topology.stream(model.manifest().stream());
            Network network =
                    Zoo.load(topology.zoo()).spec(model.manifest().network()).bind(stream);
            List<String> unsupported = Dl4jFile.unsupported(network);
            if (!unsupported.isEmpty()) throw wrong(String.join("; ", unsupported));
            Dl4jFile.write(network, model.weights(), file);
            if (network.spec().normalisation().changes()) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "the file reads windows that are relative already, as normalise in the network's file says");
            }
        }
    }

    /** {@code tidemark models import}. */
    @Command(
            name = "import",
            description = {
                "Checks a file written by export and publishes it under the next version number, as a challenger.",
                "A worker uses it if the declared network has the same layers and features."
            },
            footer = {
                "",
                "Examples:",
                "  tidemark models import pumps.model --why \"trained on the test bench\"",
                "  tidemark models import pumps.model --as pumps-north/dense-ae --promote --why \"same pumps, other hall\""
            })
    static final class Import extends ModelsCommand.OnRegistry {
        @Parameters(paramLabel = "FILE", description = "a file written by models export")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--as",
                paramLabel = "STREAM/NETWORK",
                description = "for this network (default: the file's own)")
        private @Nullable String as;

        @Option(names = "--promote", description = "makes it champion at once, without a comparison")
        private boolean promote;

        @Option(names = "--force", description = "with --promote: replaces a pinned champion too")
        private boolean force;

        @Option(names = "--why", required = true, paramLabel = "TEXT", description = "the reason, for the audit trail")
        private String why = "";

        @Option(
                names = "--who",
                paramLabel = "NAME",
                description = "who decided it (default: the user of this process)")
        private String who = System.getProperty("user.name", "unknown");

        @Option(
                names = "--answer-within",
                paramLabel = "TIME",
                defaultValue = "30s",
                description = "how long to wait for the registrar (default: ${DEFAULT-VALUE})")
        private Duration within = Duration.ofSeconds(30);

        @Override
        public Integer call() throws InterruptedException, IOException {
            if (force && !promote) throw wrong("--force goes with --promote");
            Model model = ModelFiles.read(file);
            ModelVersion from = model.manifest();
            ModelId to = as == null ? from.id() : name(as).id();
            KafkaConnection kafka = connection.await();
            long now = System.currentTimeMillis();
            String job = "import-" + from.sha256().substring(0, 16) + "-" + now;
            ModelVersion version = ModelPublisher.challenge(
                    kafka,
                    from.imported(to.stream(), to.network(), job),
                    model.weights(),
                    who,
                    "imported from " + from.label() + ": " + why,
                    Map.of("imported-version", (double) from.version()),
                    within);
            if (promote) promote(kafka, version, now);
            if (json) {
                String state = promote ? "champion" : "challenger";
                out().println(ModelsJson.version(version, state));
            } else {
                out().println("imported " + from.label() + " as " + version.label()
                        + (promote ? ", which scores now" : ", a challenger; promote it with tidemark models promote"));
            }
            return 0;
        }

        private void promote(KafkaConnection kafka, ModelVersion version, long now) throws InterruptedException {
            RegistryCommand command = new RegistryCommand(
                    "promote-" + version.job(),
                    RegistryCommand.Action.PROMOTE,
                    version.stream(),
                    version.network(),
                    version.version(),
                    force,
                    who,
                    why,
                    now,
                    Map.of());
            AuditEntry entry = RegistryClient.ask(kafka, command, within);
            if (!entry.refused().isEmpty()) {
                throw new IllegalStateException(
                        version.label() + " was imported as a challenger, but not promoted: " + entry.refused());
            }
        }
    }
}
