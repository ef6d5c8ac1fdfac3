package io.tidemark.app.cli;

import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** How picocli lists the constants of an enum, which are typed in small letters. */
    private static final Pattern CONSTANTS =
            Pattern.compile("\\[([A-Z, ]+)\\] \\(case-insensitive\\) but was (?:'|)([^' ]*)");

    private final BooleanSupplier debug;

    /** @param debug whether stack traces are wanted, asked when something fails */
    Failures(BooleanSupplier debug) {
        this.debug = debug;
    }

    int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        PrintWriter err = line.getErr();
        Matcher constants = CONSTANTS.matcher(sentence(wrong));
        err.println("tidemark: " + lowercase(constants));
        if (constants.reset().find()) {
            Set<String> known =
                    Set.of(constants.group(1).toLowerCase(Locale.ROOT).split(", "));
            Nearest.of(constants.group(2), known).ifPresent(meant -> err.println("Did you mean: " + meant + "?"));
        }
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            Optional<String> command = commandBehind(unmatched, arguments);
            if (command.isPresent()) err.println("Options go behind the command: " + command.get() + " …");
            else if (unmatched.isUnknownOption()) UnmatchedArgumentException.printSuggestions(wrong, err);
            else meant(unmatched).ifPresent(meant -> err.println("Did you mean: " + meant + "?"));
        }
        err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        trace(wrong, err);
        return WRONG_USAGE;
    }

    private static String lowercase(Matcher constants) {
        return constants.replaceFirst(found ->
                Matcher.quoteReplacement(found.group(1).toLowerCase(Locale.ROOT) + " but was '" + found.group(2)));
    }

    /** The command, with the option, that was written behind its option. */
    private static Optional<String> commandBehind(UnmatchedArgumentException unmatched, String[] arguments) {
        CommandSpec command = unmatched.getCommandLine().getCommandSpec();
        String option = unmatched.getUnmatched().get(0);
        for (String name : arguments) {
            CommandLine own = command.subcommands().get(name);
            if (own != null && has(own.getCommandSpec(), option)) {
                return Optional.of(own.getCommandSpec().qualifiedName() + " " + option);
            }
        }
        return Optional.empty();
    }

    private static boolean has(CommandSpec command, String option) {
        return command.findOption(option) != null
                || command.subcommands().values().stream().anyMatch(own -> has(own.getCommandSpec(), option));
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
