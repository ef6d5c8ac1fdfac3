package io.tidemark.series.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * Bytes that a Tidemark once stored, and what it gave when it went on from them: one file of {@code src/test/resources/state} for
 * each format and its version, a line for each part, {@code NAME BASE64}.
 *
 * <p>What was stored is never written again: {@code -Dstate.freeze} makes the files that are missing. A format with a new version gets
 * a new file beside the old one. What is given changes with the code that judges and learns: {@code -Dgolden.update=true} writes that
 * anew, from the same stored bytes.
 */
public final class FrozenState {
    /** What every refusal of an unknown version asks for. */
    public static final String REMEDY = "run the version that wrote it";

    private static final Path FOLDER = Path.of("src", "test", "resources", "state");

    private static final String GAVE = "gave.";

    private final Path file;
    private final Map<String, byte[]> parts;

    private FrozenState(Path file, Map<String, byte[]> parts) {
        this.file = file;
        this.parts = new TreeMap<>(parts);
    }

    /**
     * Reads what was frozen.
     *
     * @param name of the format and its version, such as {@code checkpoint-3}
     * @param present the same, as the present code makes it; written where nothing was frozen yet and that is asked for
     */
    public static FrozenState read(String name, Map<String, byte[]> present) {
        Path file = FOLDER.resolve(name + ".txt");
        try {
            if (!Files.exists(file) && System.getProperty("state.freeze") != null) write(file, present);
            Map<String, byte[]> parts = new TreeMap<>();
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                parts.put(line.substring(0, space), Base64.getDecoder().decode(line.substring(space + 1)));
            }
            return new FrozenState(file, parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, Map<String, byte[]> parts) throws IOException {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(parts)
                .forEach((name, bytes) -> lines.append(name)
                        .append(' ')
                        .append(Base64.getEncoder().encodeToString(bytes))
                        .append('\n'));
        Files.createDirectories(FOLDER);
        Files.writeString(file, lines);
    }

    /** Every part, by name. */
    public Map<String, byte[]> parts() {
        return Collections.unmodifiableMap(parts);
    }

    /** Fails unless this is what it gave when it was frozen. */
    public void assertGives(Map<String, byte[]> now) {
        boolean isNew = parts.keySet().stream().noneMatch(name -> name.startsWith(GAVE));
        if (Boolean.getBoolean("golden.update") || isNew && System.getProperty("state.freeze") != null) {
            parts.keySet().removeIf(name -> name.startsWith(GAVE));
            now.forEach((name, bytes) -> parts.put(GAVE + name, bytes));
            try {
                write(file, parts);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Map<String, String> given = new TreeMap<>();
        now.forEach((name, bytes) -> given.put(GAVE + name, HexFormat.of().formatHex(bytes)));
        Map<String, String> frozen = new TreeMap<>();
        parts.forEach((name, bytes) -> {
            if (name.startsWith(GAVE)) frozen.put(name, HexFormat.of().formatHex(bytes));
        });
        assertThat(given.keySet()).isEqualTo(frozen.keySet());
        given.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(frozen.get(name)));
    }

    public byte[] part(String name) {
        byte[] part = parts.get(name);
        if (part == null) throw new NoSuchElementException("no part " + name + " of " + parts.keySet());
        return part.clone();
    }

    /** A part that is text. */
    public String text(String name) {
        return new String(part(name), StandardCharsets.UTF_8);
    }

    /** A part with another first byte, which is where a binary format has its version. */
    public byte[] ofVersion(String name, int version) {
        byte[] part = part(name);
        part[0] = (byte) version;
        return part;
    }

    /** The parts whose names begin so, by the number behind. */
    public Map<Integer, byte[]> numbered(String prefix) {
        Map<Integer, byte[]> found = new TreeMap<>();
        parts.forEach((name, bytes) -> {
            if (name.startsWith(prefix)) found.put(Integer.parseInt(name.substring(prefix.length())), bytes);
        });
        return found;
    }
}
