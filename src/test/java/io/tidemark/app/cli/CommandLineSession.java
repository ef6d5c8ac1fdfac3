package io.tidemark.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
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

    /** A backtest of a stream file over a folder of data, in one thread. */
    static CommandLineSession backtest(Path stream, Path data, Path out, String... more) {
        Stream<String> arguments = Stream.of(
                "backtest",
                "--stream",
                stream.toString(),
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--threads",
                "1");
        return of(Stream.concat(arguments, Arrays.stream(more)).toArray(String[]::new));
    }
}
