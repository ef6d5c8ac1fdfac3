package io.tidemark.app.cli;

import io.tidemark.config.Sha256;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.learn.learning.ReferenceErrors;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelFiles;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.Request;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.dl4j.Dl4jFile;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

        @Parameters(index = "1", paramLabel = "FILE", description = "file for the model")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Mixin
        private TopologyOptions topology = new TopologyOptions();

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
            StreamSpec stream = topology.stream(model.manifest().id().stream());
            Network network = Zoo.load(topology.zoo())
                    .spec(model.manifest().id().network())
                    .bind(stream);
            List<String> unsupported = Dl4jFile.unsupported(network);
            if (!unsupported.isEmpty()) throw wrong(String.join("; ", unsupported));
            Dl4jFile.write(network, model.weights(), file);
            if (network.spec().normalisation().changes()) {
                err().println(
                                "the file reads windows that are relative already, as normalise in the network's file says");
            }
        }
    }

    /** {@code tidemark models import}. */
    @Command(
            name = "import",
            description = {
                "Checks a file written by export and publishes it under the next version number, as a challenger.",
                "A worker uses it if the declared network has the same layers and features.",
                "Also takes a MultiLayerNetwork that any program of Deeplearning4j's wrote (ModelSerializer), with --as: the",
                "network of that name in topology/zoo must declare the same layers, and what differs is named layer by layer."
            },
            footer = {
                "",
                "Examples:",
                "  tidemark models import pumps.model --why \"trained on the test bench\"",
                "  tidemark models import pumps.model --as pumps-north/dense-ae --promote --why \"same pumps, other hall\"",
                "  tidemark models import pumps.zip --as pumps/dense-ae --why \"trained in our own program\""
            })
    static final class Import extends ModelsCommand.OnRegistry {
        @Parameters(
                paramLabel = "FILE",
                description = "a file written by models export, or by Deeplearning4j's ModelSerializer")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--as",
                paramLabel = "STREAM/NETWORK",
                description = "network that it becomes a version of (default: the file's own)")
        private @Nullable String as;

        @Mixin
        private TopologyOptions topology = new TopologyOptions();

        @Option(names = "--promote", description = "make it champion at once, without a comparison")
        private boolean promote;

        @Option(names = "--force", description = "with --promote: replace a pinned champion too")
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
            Model model = isZip(file) ? foreign() : ModelFiles.read(file);
            ModelVersion from = model.manifest();
            ModelId to = as == null ? from.id() : name(as).id();
            KafkaConnection kafka = await(TopicNames::models);
            long now = clock().millis();
            String job = "import-" + from.weights().sha256().substring(0, 16) + "-" + now;
            String source = from.version() == 0 ? String.valueOf(file.getFileName()) : from.label();
            ModelVersion version = ModelPublisher.challenge(
                    kafka,
                    from.imported(to, job),
                    model.weights(),
                    who,
                    "imported from " + source + ": " + why,
                    now,
                    Map.of("imported-version", (double) from.version()),
                    within);
            if (promote) promote(kafka, version, now);
            if (json) {
                String state = promote ? "champion" : "challenger";
                out().println(ModelsJson.version(version, state));
            } else {
                out().println("imported " + source + " as " + version.label()
                        + (promote ? ", which scores now" : ", a challenger; promote it with tidemark models promote"));
            }
            return 0;
        }

        private static boolean isZip(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return in.read() == 'P' && in.read() == 'K';
            }
        }

        /** A network of Deeplearning4j's as a draft of version 0; nothing is known of the rows that taught it. */
        private Model foreign() throws IOException {
            if (as == null) throw wrong("say with --as STREAM/NETWORK which declared network " + file + " is of");
            ModelId id = name(as).id();
            StreamSpec stream = topology.stream(id.stream());
            Network network = Zoo.load(topology.zoo()).spec(id.network()).bind(stream);
            NetworkState state = Dl4jFile.read(network, file);
            ModelVersion draft = new ModelVersion(
                    ModelVersion.FORMAT,
                    id,
                    0,
                    ModelVersion.Architecture.of(network),
                    new ModelVersion.Origin(0, null, "", ""),
                    new ModelVersion.Training(1, "deeplearning4j", 0, 0, Double.NaN, 0),
                    new ReferenceErrors(0, Double.NaN, Double.NaN),
                    new ModelVersion.Weights(Sha256.hex(Files.readAllBytes(file)), List.of()));
            return new Model(draft, state, clock().millis());
        }

        private void promote(KafkaConnection kafka, ModelVersion version, long now) throws InterruptedException {
            RegistryCommand command = new RegistryCommand(
                    "promote-" + version.origin().job(),
                    RegistryCommand.Action.PROMOTE,
                    version.id(),
                    version.version(),
                    force,
                    new Request(who, why, now),
                    Map.of());
            AuditEntry entry = RegistryClient.ask(kafka, command, within);
            if (!entry.refused().isEmpty()) {
                throw new IllegalStateException(
                        version.label() + " was imported as a challenger, but not promoted: " + entry.refused());
            }
        }
    }
}
