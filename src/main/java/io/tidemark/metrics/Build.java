package io.tidemark.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What runs here: two builds of one version differ in their commit.
 *
 * @param version such as {@code 0.1.0}; {@value #NOT_PACKAGED} where the program runs from class files
 * @param commit short id of the commit, with {@code -dirty} where files differed from it; {@value #UNKNOWN} where the sources came without their history
 */
public record Build(String version, String commit) {
    private static final String NOT_PACKAGED = "(not packaged)";
    private static final String UNKNOWN = "unknown";

    /** The build of this program: the version of the jar's manifest, and the commit that the build wrote beside the classes. */
    public static Build current() {
        String version = Build.class.getPackage().getImplementationVersion();
        try (InputStream written = Build.class.getResourceAsStream("/build.properties")) {
            Properties properties = new Properties();
            if (written != null) properties.load(written);
            String commit = properties.getProperty("git.commit.id.describe", UNKNOWN);
            return new Build(version == null ? NOT_PACKAGED : version, commit.isBlank() ? UNKNOWN : commit);
        } catch (IOException e) {
            throw new UncheckedIOException("the file build.properties of this program cannot be read", e);
        }
    }

    /** Such as {@code 0.1.0 (commit 1a2b3c4d)}. */
    @Override
    public String toString() {
        return version + " (commit " + commit + ")";
    }
}
