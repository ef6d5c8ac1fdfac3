package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * No library on the class path, copies within other libraries included, has a vulnerability that {@code .ci/vulnerabilities.tsv} lists,
 * unless the list says why it cannot be reached.
 */
class VulnerabilitiesTest {
    private static final Path LIST = Path.of(".ci/vulnerabilities.tsv");

    /**
     * A vulnerability.
     *
     * @param from first version that has it; 0 for all
     * @param fixed first version that has it no more
     * @param carrier the library whose copy cannot be reached, and why; empty for none
     */
    private record Known(String library, String from, String fixed, String id, String carrier, String why) {
        boolean has(String version) {
            return compare(version, from) >= 0 && compare(version, fixed) < 0;
        }

        /** Whether it is the copy that cannot be reached. */
        boolean isOf(Library library) {
            return !carrier.isEmpty() && library.jar().matches(Pattern.quote(carrier) + "-\\d.*");
        }
    }

    /** A library, and the jar that it lies in. */
    private record Library(String name, String version, String jar) {}

    private static List<Known> known() throws IOException {
        List<Known> known = new ArrayList<>();
        for (String line : Files.readAllLines(LIST)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String[] cells = line.split("\t", -1);
            assertThat(cells).as(line).hasSize(7);
            known.add(new Known(cells[0], cells[1], cells[2], cells[3], cells[5], cells[6]));
        }
        return known;
    }

    private static List<Library> libraries() throws IOException {
        List<Library> libraries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.endsWith(".jar") || !Files.isRegularFile(Path.of(entry))) continue;
            Path jar = Path.of(entry);
            String name = String.valueOf(jar.getFileName());
            // a repository's folders are group/artifact/version
            Path version = jar.getParent();
            if (version != null && version.getParent() != null) {
                libraries.add(new Library(
                        String.valueOf(version.getParent().getFileName()),
                        String.valueOf(version.getFileName()),
                        name));
            }
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry inside : zip.stream().toList()) {
                    if (!inside.getName().matches("META-INF/maven/.*/pom\\.properties")) continue;
                    Properties about = new Properties();
                    try (InputStream in = zip.getInputStream(inside)) {
                        about.load(in);
                    }
                    libraries.add(new Library(about.getProperty("artifactId"), about.getProperty("version"), name));
                }
            }
        }
        return libraries;
    }

    /** By the numbers in two versions, as far as both have some. */
    private static int compare(String a, String b) {
        String[] left = a.split("[^0-9]+");
        String[] right = b.split("[^0-9]+");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            long difference = number(left, i) - number(right, i);
            if (difference != 0) return Long.signum(difference);
        }
        return 0;
    }

    private static long number(String[] parts, int i) {
        return i < parts.length && !parts[i].isEmpty() ? Long.parseLong(parts[i]) : 0;
    }

    @Test
    void noLibraryHasAKnownVulnerabilityThatCanBeReached() throws IOException {
        Set<String> reached = new TreeSet<>();
        List<Library> libraries = libraries();
        for (Known one : known()) {
            for (Library library : libraries) {
                if (!library.name().equals(one.library()) || !one.has(library.version())) continue;
                if (!one.isOf(library)) {
                    reached.add(one.id() + ": " + library.name() + " " + library.version() + " in " + library.jar()
                            + "; take " + one.fixed() + " or later");
                }
            }
        }
        assertThat(reached).isEmpty();
    }

    @Test
    void everyExcuseHasAReasonAndIsStillNeeded() throws IOException {
        List<Library> libraries = libraries();
        for (Known one : known()) {
            assertThat(one.carrier().isEmpty()).as(one.id()).isEqualTo(one.why().isEmpty());
            if (one.carrier().isEmpty()) continue;
            assertThat(libraries)
                    .as(one.id() + " needs no excuse for " + one.carrier())
                    .anyMatch(library ->
                            library.name().equals(one.library()) && one.has(library.version()) && one.isOf(library));
        }
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(compare("1.10.2", "1.9")).isPositive();
        assertThat(compare("2.18.4", "2.18.10")).isNegative();
        assertThat(compare("30.1.1-jre", "32.0.0")).isNegative();
        assertThat(compare("1.0", "1")).isZero();
    }
}
