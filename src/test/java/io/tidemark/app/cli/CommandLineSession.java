package io.tidemark.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** One run of the command line inside the test's JVM, with its exit code and what it wrote. */
public record CommandLineSession(int exitCode, String out, String err) {
    public static CommandLineSession of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Tidemark.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new CommandLineSession(exitCode, out.toString(), err.toString());
    }

    /** Starts the command line in a JVM of its own; what it writes goes to the file. The caller ends it. */
    public static Process start(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tidemark.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
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
