package io.tidemark.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Opens YAML files as a {@link Section} whose mistakes carry file and line. */
public final class YamlFile {
    /** The largest declared file. */
    public static final int BYTES_MAX = 1 << 20;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(true)
            .setMaxAliasesForCollections(16)
            .setCodePointLimit(BYTES_MAX)
            .build();

    private YamlFile() {}

    /**
     * The top section of a file.
     *
     * @param problems receives what is wrong; an unreadable file gives an empty section and one problem
     */
    public static Section open(Path path, List<Problem> problems) {
        try {
            if (Files.size(path) > BYTES_MAX) {
                problems.add(new Problem(path.toString(), 0, "is larger than " + BYTES_MAX + " bytes"));
                return new Section(path.toString(), "", null, 0, problems);
            }
            return parse(path.toString(), Files.readString(path), problems);
        } catch (IOException e) {
            problems.add(new Problem(path.toString(), 0, "cannot be read: " + e));
            return new Section(path.toString(), "", null, 0, problems);
        }
    }

    /** The top section of a text, named as a file in messages. */
    public static Section parse(String file, String text, List<Problem> problems) {
        return parse(file, text, problems, new Outline());
    }

    /** The same, while an outline hears what is asked of the section. */
    public static Section parse(String file, String text, List<Problem> problems, Outline outline) {
        try {
            Optional<Node> node = new Compose(SETTINGS).composeReader(new StringReader(text));
            if (node.isEmpty()) problems.add(new Problem(file, 0, "is empty"));
            return new Section(file, "", node.orElse(null), 1, problems, outline);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problems.add(new Problem(file, line, "is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem(file, 0, "is not YAML: " + e.getMessage()));
        }
        return new Section(file, "", null, 0, problems);
    }
}
