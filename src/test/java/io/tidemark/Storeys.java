package io.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of the packages, read from the picture in ARCHITECTURE.md: a line for each storey, top first, its packages between dots.
 *
 * <pre>
 *   model    registry · promotion · inference     what the storey is for
 * </pre>
 *
 * <p>A package may import what stands to its right on its own storey, and every storey below. A storey named {@code base} has packages of
 * its own name; every other storey is a folder.
 */
final class Storeys {
    private static final Pattern LINE = Pattern.compile("([a-z]+) +([a-z0-9.]+(?: · [a-z0-9.]+)*)(?: {2,}.*)?");

    private final List<String> packages;

    private Storeys(List<String> packages) {
        this.packages = packages;
    }

    static Storeys read(Path document) {
        List<String> packages = new ArrayList<>();
        try {
            boolean inPicture = false;
            for (String line : Files.readAllLines(document)) {
                if (line.startsWith("```")) {
                    inPicture = line.equals("```storeys");
                    continue;
                }
                Matcher storey = LINE.matcher(line);
                if (inPicture && storey.matches()) {
                    String folder = storey.group(1).equals("base") ? "" : storey.group(1) + ".";
                    for (String name : storey.group(2).split(" · ")) {
                        packages.add("io.tidemark." + folder + name);
                    }
                } else if (inPicture) {
                    throw new IllegalStateException("no storey: " + line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Storeys(packages);
    }

    /** Every package in the picture. */
    Set<String> packages() {
        return new TreeSet<>(packages);
    }

    /** 0 for what stands first at the top; empty for a package that is not in the picture. A nested package stands where its parent does. */
    OptionalInt place(String packageName) {
        OptionalInt place = OptionalInt.empty();
        int longest = 0;
        for (int i = 0; i < packages.size(); i++) {
            String name = packages.get(i);
            boolean inside = packageName.equals(name) || packageName.startsWith(name + ".");
            if (inside && name.length() > longest) {
                place = OptionalInt.of(i);
                longest = name.length();
            }
        }
        return place;
    }
}
