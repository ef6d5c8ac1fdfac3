package io.tidemark.app.cli;

import picocli.CommandLine.Option;

/** Who says something that others will read, and why. */
final class AuthorOptions extends CliOptions {
    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "why, for other people")
    private String note = "";

    @Option(names = "--who", paramLabel = "NAME", description = "who says it (default: the user of this process)")
    private String who = System.getProperty("user.name", "unknown");

    String note() {
        return note;
    }

    String who() {
        return who;
    }
}
