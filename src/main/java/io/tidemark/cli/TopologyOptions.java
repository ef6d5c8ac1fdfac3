package io.tidemark.cli;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.network.Zoo;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the declared streams, networks and topics lie. */
final class TopologyOptions {
    @Option(
            names = "--topology",
            paramLabel = "DIR",
            description =
                    "folder with streams/, zoo/ and topics.yaml (default: ./topology, else the one beside the program)")
    private @Nullable Path folder;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "0",
            description = "partitions of Tidemark's topics at the first apply (default: as topics.yaml says)")
    private int partitions;

    /** The folder in use. */
    Path folder() {
        Path given = folder;
        if (given != null) {
            if (!Files.isDirectory(given))
                throw new UsageException("--topology must be a folder, but " + given + " is none");
            return given;
        }
        Path here = Path.of("topology");
        if (Files.isDirectory(here)) return here;
        return installed()
                .orElseThrow(() ->
                        new UsageException("found no folder topology here or beside the program; give --topology DIR"));
    }

    private static Optional<Path> installed() {
        try {
            Path jar = Path.of(TopologyOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (Path at = jar; at != null; at = at.getParent()) {
                Path candidate = at.resolve("topology");
                if (Files.isDirectory(candidate)) return Optional.of(candidate);
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return Optional.empty();
    }

    /**
     * The declared streams: the files named, or every file of the topology's {@code streams} folder.
     *
     * @throws io.tidemark.config.InvalidConfigException naming every mistake
     */
    List<StreamSpec> streams(List<Path> files) {
        return StreamFile.readAll(files.isEmpty() ? List.of(folder().resolve("streams")) : files);
    }

    /** The declared streams with these names. */
    List<StreamSpec> named(List<String> names) {
        List<StreamSpec> all = streams(List.of());
        List<StreamSpec> found = new ArrayList<>();
        for (String name : names) {
            found.add(all.stream()
                    .filter(spec -> spec.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("there is no stream " + name + " in "
                            + folder().resolve("streams") + "; there are "
                            + String.join(
                                    ", ", all.stream().map(StreamSpec::name).toList()))));
        }
        return found;
    }

    /** The declared networks. */
    Zoo zoo() {
        return Zoo.load(folder().resolve("zoo"));
    }

    /** Tidemark's own topics. */
    TopicFile topics() {
        return TopicFile.read(folder().resolve("topics.yaml"), partitions);
    }
}
