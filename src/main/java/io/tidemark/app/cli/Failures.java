package io.tidemark.app.cli;

import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a sentence on standard error and an exit code. */
final class Failures {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final BooleanSupplier debug;

    /** @param debug whether stack traces are wanted, asked when something fails */
    Failures(BooleanSupplier debug) {
        this.debug = debug;
    }

    int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("tidemark: " + sentence(wrong));
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            if (unmatched.isUnknownOption()) UnmatchedArgumentException.printSuggestions(wrong, err);
            else meant(unmatched).ifPresent(meant -> err.println("Did you mean: " + meant + "?"));
        }
        err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        trace(wrong, err);
        return WRONG_USAGE;
    }

    /** The option that a word without dashes means, such as {@code version}, or the command that it is nearly; empty: nobody knows. */
    private static Optional<String> meant(UnmatchedArgumentException unmatched) {
        CommandSpec command = unmatched.getCommandLine().getCommandSpec();
        String word = unmatched.getUnmatched().get(0);
        if (command.findOption("--" + word) != null) return Optional.of("--" + word);
        return Nearest.of(word, command.subcommands().keySet()).map(name -> command.qualifiedName() + " " + name);
    }

    int failed(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (failure instanceof InvalidConfigException invalid) {
            invalid.problems().forEach(problem -> err.println("tidemark: " + problem));
            trace(failure, err);
            return WRONG_USAGE;
        }
        err.println("tidemark: " + sentence(failure));
        trace(failure, err);
        return isConfiguration(failure) ? WRONG_USAGE : FAILED;
    }

    private void trace(Exception failure, PrintWriter err) {
        if (debug.getAsBoolean()) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                err.println((cause == failure ? "" : "Caused by: ") + cause);
                for (StackTraceElement element : cause.getStackTrace()) {
                    err.println("\tat " + element);
                }
            }
        }
        err.flush();
    }

    /** Kafka wraps a wrong client setting in one or two exceptions of its own. */
    private static boolean isConfiguration(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException) {
                return true;
            }
        }
        return false;
    }

    private static String sentence(Exception failure) {
        boolean wrapped = failure instanceof KafkaException && failure.getCause() instanceof ConfigException;
        Throwable told = wrapped && failure.getCause() != null ? failure.getCause() : failure;
        String message = told.getMessage();
        return message == null
                        || message.isBlank()
                        || told instanceof IOException && !told.getClass().equals(IOException.class)
                ? told.toString()
                : message;
    }
}
