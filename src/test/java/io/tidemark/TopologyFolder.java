package io.tidemark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A folder for {@code --topology}: a test's own streams, with the topics and some of the networks that ship. */
public final class TopologyFolder {
    private static final Path SHIPPED = Path.of("topology");

    private TopologyFolder() {}

    /**
     * Writes it; what is there already stays or is written over.
     *
     * @param streams the text of each stream file, by the stream's name
     * @param networks of the zoo
     */
    public static Path write(Path folder, Map<String, String> streams, String... networks) throws IOException {
        Path declared = Files.createDirectories(folder.resolve("streams"));
        for (Map.Entry<String, String> stream : streams.entrySet()) {
            Files.writeString(declared.resolve(stream.getKey() + ".yaml"), stream.getValue());
        }
        Files.createDirectories(folder.resolve("zoo"));
        for (String network : networks) copy(Path.of("zoo", network + ".yaml"), folder);
        copy(Path.of("topics.yaml"), folder);
        return folder;
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(SHIPPED.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
}
