package io.tidemark.app.cli;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has: results on one side, what is to be said on the other, wall time, and a way to refuse what was typed. */
abstract class CliCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    /** What picocli knows of the command. */
    final CommandSpec command() {
        return command;
    }

    /** Where results go. */
    final PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where progress and warnings go. */
    final PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** Tells the person at the terminal how it goes. */
    final void say(String line) {
        err().println("tidemark: " + line);
        err().flush();
    }

    /** Wall time. */
    final InstantSource clock() {
        return InstantSource.system();
    }

    /** What is thrown where the command was given something that it cannot take: it ends with 2 and this sentence. */
    final ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
