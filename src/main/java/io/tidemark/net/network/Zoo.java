package io.tidemark.net.network;

import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The declared networks, by name: every {@code NAME.yaml} of a folder.
 *
 * @param entries in the order of their names
 */
public record Zoo(Map<String, Entry> entries) {

    /** A network with what a person should know before choosing it. */
    public record Entry(NetworkSpec spec, About about) {}

    /**
     * @param summary what it is, in a sentence
     * @param works when to choose it
     * @param fails when not to
     * @param cost parameters and measured speed
     * @param paper where it comes from
     */
    public record About(String summary, String works, String fails, String cost, String paper) {}

    public Zoo {
        entries = Collections.unmodifiableMap(new TreeMap<>(entries));
    }

    /**
     * Reads every {@code .yaml} file of a folder; the file's name is the network's.
     *
     * @throws InvalidConfigException with every mistake of every file
     */
    public static Zoo load(Path folder) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Entry> entries = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (!file.toString().endsWith(".yaml")) continue;
                Optional<Entry> entry = ZooFile.read(file, problems);
                entry.ifPresent(found -> entries.put(found.spec().name(), found));
            }
        } catch (IOException e) {
            problems.add(new Problem(folder.toString(), 0, "cannot be read: " + e));
        }
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return new Zoo(entries);
    }

    /** Every network, by name. */
    public Map<String, NetworkSpec> specs() {
        Map<String, NetworkSpec> specs = new TreeMap<>();
        entries.forEach((name, entry) -> specs.put(name, entry.spec()));
        return specs;
    }

    /**
     * The network of that name.
     *
     * @throws IllegalArgumentException when there is none; names those there are
     */
    public NetworkSpec spec(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "there is no network " + name + " in the zoo; there are " + String.join(", ", entries.keySet()));
        }
        return entry.spec();
    }
}
