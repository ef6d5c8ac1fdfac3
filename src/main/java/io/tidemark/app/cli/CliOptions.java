package io.tidemark.app.cli;

import io.tidemark.config.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every group of options that commands share has. */
abstract class CliOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    /** Where progress and warnings go. */
    final PrintWriter err() {
        return command.commandLine().getErr();
    }

    /**
     * What people must show: the first line of a file that an option names; empty without one.
     *
     * @param option as it is written
     */
    final String secret(String option, @Nullable Path file) throws IOException {
        if (file == null) return "";
        String line = Secrets.firstLine(file);
        if (line.isEmpty()) throw wrong(option + " " + file + " has an empty first line");
        return line;
    }

    /** What is thrown where an option cannot be taken: the command ends with 2 and this sentence. */
    final ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
