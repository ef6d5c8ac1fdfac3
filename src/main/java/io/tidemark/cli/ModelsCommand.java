package io.tidemark.cli;

import io.tidemark.broker.KafkaConnection;
import io.tidemark.console.Columns;
import io.tidemark.registry.Model;
import io.tidemark.registry.ModelFiles;
import io.tidemark.registry.ModelId;
import io.tidemark.registry.ModelReader;
import io.tidemark.registry.ModelVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark models}: what the registry holds. */
@Command(
        name = "models",
        description = "Lists, shows and exports the models on the registry's topic.",
        subcommands = {
            ModelsCommand.ListModels.class,
            ModelsCommand.Show.class,
            ModelsCommand.Export.class,
            ModelsReproduceCommand.class
        })
final class ModelsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say list, show, export or reproduce");
    }

    /** What each subcommand starts from. */
    abstract static class OnRegistry implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        ConnectionOptions connection;

        @Option(names = "--json", description = "JSON on standard output")
        boolean json;

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        /** STREAM/NETWORK[@VERSION]; the newest version where none is given. */
        Model load(String name) throws InterruptedException {
            String[] parts = name.split("[/@]");
            if (parts.length < 2 || parts.length > 3 || (parts.length == 3 && !parts[2].matches("\\d{1,9}"))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "a model is named STREAM/NETWORK or STREAM/NETWORK@VERSION, but was " + name);
            }
            KafkaConnection kafka = connection.await();
            ModelId id = new ModelId(parts[0], parts[1]);
            int version = parts.length == 3
                    ? Integer.parseInt(parts[2])
                    : ModelReader.list(kafka).stream()
                            .filter(v -> v.stream().equals(id.stream())
                                    && v.network().equals(id.network()))
                            .mapToInt(ModelVersion::version)
                            .max()
                            .orElseThrow(() -> new ParameterException(
                                    spec.commandLine(), "there is no model " + name + "; see tidemark models list"));
            return ModelReader.load(kafka, id, version);
        }
    }

    /** {@code tidemark models list}. */
    @Command(
            name = "list",
            description = "Every version that is kept.",
            footer = {"", "Example:", "  tidemark models list --stream pumps"})
    static final class ListModels extends OnRegistry {
        @Option(names = "--stream", paramLabel = "NAME", description = "of this stream only")
        private @Nullable String stream;

        @Override
        public Integer call() throws InterruptedException {
            List<ModelVersion> versions = ModelReader.list(connection.await()).stream()
                    .filter(v -> stream == null || v.stream().equals(stream))
                    .sorted(Comparator.comparing(ModelVersion::stream)
                            .thenComparing(ModelVersion::network)
                            .thenComparing(ModelVersion::version))
                    .toList();
            Columns columns = new Columns(
                    Columns.text("model", 44),
                    Columns.text("engine", 10),
                    Columns.number("rows taught", 12),
                    Columns.number("withheld", 10),
                    Columns.number("loss", 10),
                    Columns.text("last row", 24));
            if (!json) out().println(columns.header());
            for (ModelVersion v : versions) {
                if (json) {
                    out().println(new String(v.toJson(), StandardCharsets.UTF_8));
                    continue;
                }
                out().println(columns.line(List.of(
                        v.stream() + "/" + v.network() + "@" + v.version(),
                        v.engine(),
                        Long.toString(v.rowsTaught()),
                        Long.toString(v.rowsWithheld()),
                        String.format(Locale.ROOT, "%.5f", v.loss()),
                        Instant.ofEpochMilli(v.lastTimeMs()).toString())));
            }
            return 0;
        }
    }

    /** {@code tidemark models show}. */
    @Command(
            name = "show",
            description = "One version's manifest: where it comes from, what taught it, how well it did.",
            footer = {"", "Example:", "  tidemark models show pumps/dense-ae@17"})
    static final class Show extends OnRegistry {
        @Parameters(paramLabel = "STREAM/NETWORK[@VERSION]", description = "the newest version where none is given")
        private String name = "";

        @Override
        public Integer call() throws InterruptedException {
            out().println(new String(load(name).manifest().toJson(), StandardCharsets.UTF_8));
            return 0;
        }
    }

    /** {@code tidemark models export}. */
    @Command(
            name = "export",
            description = "Writes one version, manifest and weights, into a file that backtest --model reads.",
            footer = {"", "Example:", "  tidemark models export pumps/dense-ae@17 pumps.model"})
    static final class Export extends OnRegistry {
        @Parameters(
                index = "0",
                paramLabel = "STREAM/NETWORK[@VERSION]",
                description = "the newest version where none is given")
        private String name = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "receives the model")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        public Integer call() throws InterruptedException, IOException {
            Model model = load(name);
            ModelFiles.write(file, model.manifest(), model.weights());
            out().println("wrote " + name + " version " + model.manifest().version() + " to " + file);
            return 0;
        }
    }
}
