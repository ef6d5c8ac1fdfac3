package io.tidemark.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One run of the command line inside the test's JVM, with its exit code and what it wrote. */
record CommandLineSession(int exitCode, String out, String err) {
    static CommandLineSession of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Tidemark.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new CommandLineSession(exitCode, out.toString(), err.toString());
    }
}
