package io.tidemark.app.cli;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the declared streams, networks and topics are. */
public final class TopologyOptions extends CliOptions {
    @Option(
            names = "--topology",
            paramLabel = "DIR",
            description =
                    "the folder with streams/, examples/, zoo/ and topics.yaml (default: the environment's TIDEMARK_TOPOLOGY, else ./topology, else"
                            + " the one beside the program)")
    private @Nullable Path folder;

    /**
     * The folder.
     *
     * @throws ParameterException when there is none
     */
    public Path folder() {
        if (folder != null) {
            return existing(folder, "--topology");
        }
        String declared = System.getenv("TIDEMARK_TOPOLOGY");
        if (declared != null && !declared.isBlank()) {
            return existing(Path.of(declared), "TIDEMARK_TOPOLOGY");
        }
        Path here = Path.of("topology");
        if (Files.isDirectory(here)) {
            return here;
        }
        return besideProgram()
                .orElseThrow(() -> wrong("there is no folder topology here; name it with --topology DIR"));
    }

    /** {@code topology/zoo} */
    public Path zoo() {
        return folder().resolve("zoo");
    }

    /** {@code topology/topics.yaml} */
    public Path topics() {
        return folder().resolve("topics.yaml");
    }

    /** {@code topology/notify.yaml}, which need not be there. */
    public Path notifications() {
        return folder().resolve("notify.yaml");
    }

    /** Every stream of {@code topology/streams}, which is what users declare; none when there is no such folder. */
    public List<StreamSpec> streams() {
        Path streams = streamsFolder();
        return Files.isDirectory(streams) ? StreamFile.readAll(List.of(streams)) : List.of();
    }

    /**
     * The same.
     *
     * @throws ParameterException when there is none, saying how one is declared
     */
    public List<StreamSpec> declaredStreams() {
        List<StreamSpec> streams = streams();
        if (!streams.isEmpty()) return streams;
        throw wrong("no stream is declared in " + streamsFolder()
                + "; tidemark streams init NAME --bootstrap HOST:PORT --topic TOPIC writes one, and " + examplesFolder()
                + " has examples");
    }

    /**
     * One stream, by its name or by its file: a declared one, or one of {@code topology/examples}.
     *
     * @throws ParameterException naming the streams there are
     */
    public StreamSpec stream(String nameOrFile) {
        if (nameOrFile.endsWith(".yaml")) return StreamFile.read(Path.of(nameOrFile));
        Path own = streamsFolder().resolve(nameOrFile + ".yaml");
        if (Files.exists(own)) return StreamFile.read(own);
        Optional<StreamSpec> declared = streams().stream()
                .filter(stream -> stream.name().equals(nameOrFile))
                .findFirst();
        if (declared.isPresent()) return declared.get();
        Path example = examplesFolder().resolve(nameOrFile + ".yaml");
        if (Files.exists(example)) return StreamFile.read(example);
        throw wrong("there is no stream " + nameOrFile + " in " + streamsFolder() + "; there are: "
                + names(streamsFolder()) + "; and examples: " + names(examplesFolder()));
    }

    /**
     * A network of the zoo by its name.
     *
     * @throws ParameterException naming the networks there are
     */
    Zoo.Entry network(String name) {
        Zoo zoo = Zoo.load(zoo());
        Zoo.Entry entry = zoo.entries().get(name);
        if (entry != null) return entry;
        throw wrong("there is no network " + name + " in " + zoo() + "; there are "
                + String.join(", ", zoo.entries().keySet()));
    }

    private Path examplesFolder() {
        return folder().resolve("examples");
    }

    /** {@code topology/streams} */
    Path streamsFolder() {
        return folder().resolve("streams");
    }

    private static String names(Path streams) {
        try (Stream<Path> files = Files.list(streams)) {
            String names = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "none" : names;
        } catch (IOException unreadable) {
            return "none";
        }
    }

    /** The jar lies in {@code target/} of a checkout, or beside {@code topology/} in an image. */
    private static Optional<Path> besideProgram() {
        try {
            Path program = Path.of(TopologyOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Stream.iterate(program.getParent(), parent -> parent != null, Path::getParent)
                    .limit(2)
                    .map(parent -> parent.resolve("topology"))
                    .filter(Files::isDirectory)
                    .findFirst();
        } catch (URISyntaxException noFile) {
            return Optional.empty();
        }
    }

    private Path existing(Path path, String source) {
        if (!Files.isDirectory(path)) {
            throw wrong(source + " must be a folder, but " + path + " is none");
        }
        return path;
    }
}
