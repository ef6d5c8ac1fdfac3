package io.tidemark.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code topology/streams/NAME.yaml} files into {@link StreamSpec}s. */
public final class StreamFile {

    private StreamFile() {}

    /**
     * Reads files and folders of stream files.
     *
     * @throws InvalidConfigException naming every mistake in every file
     */
    public static List<StreamSpec> readAll(List<Path> paths) {
        List<Problem> problems = new ArrayList<>();
        List<StreamSpec> specs = new ArrayList<>();
        Map<String, Path> names = new HashMap<>();
        for (Path file : expand(paths, problems)) {
            StreamSpec spec = read(YamlFile.open(file, problems));
            Path earlier = names.putIfAbsent(spec.name(), file);
            if (earlier != null && !spec.name().isEmpty()) {
                problems.add(new Problem(
                        file.toString(), 0, "stream " + spec.name() + " is declared in " + earlier + " too"));
            }
            specs.add(spec);
        }
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return List.copyOf(specs);
    }

    /**
     * Reads one file.
     *
     * @throws InvalidConfigException naming every mistake
     */
    public static StreamSpec read(Path file) {
        return readAll(List.of(file)).get(0);
    }

    /**
     * Reads a text as a stream file.
     *
     * @param file what it is called in problems
     * @param problems receives every mistake, each with its line
     */
    public static StreamSpec parse(String file, String text, List<Problem> problems) {
        return read(YamlFile.parse(file, text, problems));
    }

    private static List<Path> expand(List<Path> paths, List<Problem> problems) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    entries.filter(p -> p.toString().endsWith(".yaml")).sorted().forEach(files::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            } else if (Files.exists(path)) {
                files.add(path);
            } else {
                problems.add(new Problem(path.toString(), 0, "does not exist"));
            }
        }
        return files;
    }

    static StreamSpec read(Section top) {
        return StreamSettings.read(top);
    }
}
