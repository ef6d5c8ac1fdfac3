package io.tidemark.app.cli;

import java.io.PrintWriter;
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

    /** What is thrown where an option cannot be taken: the command ends with 2 and this sentence. */
    final ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
