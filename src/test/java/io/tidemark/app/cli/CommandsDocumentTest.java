package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.DocumentLines;
import io.tidemark.WrittenFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code COMMANDS.md} is written from the commands themselves. */
class CommandsDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/COMMANDS.md");
    private static final String COMMAND = "mvn -q test -Dtest=CommandsDocumentTest -Dregenerate";

    /** Options that nearly every command has; they are told once. */
    private static final Set<String> CONNECTION = Set.of("--bootstrap", "--prefix", "--config", "--set", "--wait");

    private static final Set<String> EVERYWHERE = Set.of("--help", "--version", "--debug");

    @Test
    void theDocumentHasEveryCommandWithItsOptions() throws Exception {
        WrittenFile.hold(DOCUMENT, document(), COMMAND);
    }

    private static String document() {
        CommandLine root = Tidemark.commandLine();
        StringBuilder text = new StringBuilder("# Commands\n\n");
        text.append(DocumentLines.wrapped(
                        "`tidemark COMMAND --help` says the same, with examples. Results go to standard"
                                + " output, progress and logs to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage or"
                                + " configuration. Written by `" + COMMAND + "`."))
                .append("\n\n## Options of every command\n\n");
        table(text, named(root.getCommandSpec(), EVERYWHERE));
        text.append("\n## Options of the commands that talk to Kafka\n\n");
        CommandSpec tail = spec(root, "tail");
        table(text, named(tail, CONNECTION));
        root.getSubcommands().values().forEach(command -> describe(text, command));
        return text.toString();
    }

    private static CommandSpec spec(CommandLine root, String name) {
        return Objects.requireNonNull(root.getSubcommands().get(name), name).getCommandSpec();
    }

    private static void describe(StringBuilder text, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String name = spec.qualifiedName().substring("tidemark ".length());
        text.append("\n## ").append(name).append("\n\n");
        String[] about = spec.usageMessage().description();
        if (about.length == 0) about = spec.usageMessage().header();
        List<String> paragraph = new ArrayList<>();
        for (String line : about) if (!line.isBlank()) paragraph.add(line.strip());
        text.append(DocumentLines.wrapped(String.join(" ", paragraph))).append("\n");
        Set<ArgSpec> own = own(spec);
        if (!own.isEmpty()) {
            text.append("\n");
            table(text, own);
        }
        boolean talks = spec.optionsMap().keySet().containsAll(CONNECTION);
        if (talks) text.append("\nAnd [the connection](#options-of-the-commands-that-talk-to-kafka).\n");
        new LinkedHashSet<>(command.getSubcommands().values()).forEach(below -> describe(text, below));
    }

    /** A command's own arguments, parameters first. */
    private static Set<ArgSpec> own(CommandSpec spec) {
        Set<ArgSpec> own = new LinkedHashSet<>(spec.positionalParameters());
        boolean talks = spec.optionsMap().keySet().containsAll(CONNECTION);
        for (OptionSpec option : spec.options()) {
            boolean told =
                    EVERYWHERE.contains(option.longestName()) || talks && CONNECTION.contains(option.longestName());
            if (!told && !option.hidden()) own.add(option);
        }
        return own;
    }

    private static Set<ArgSpec> named(CommandSpec spec, Set<String> names) {
        Set<ArgSpec> found = new LinkedHashSet<>();
        for (OptionSpec option : spec.options()) if (names.contains(option.longestName())) found.add(option);
        assertThat(found).hasSameSizeAs(names);
        return found;
    }

    private static void table(StringBuilder text, Set<ArgSpec> arguments) {
        text.append("| argument | meaning |\n|---|---|\n");
        for (ArgSpec argument : arguments) {
            String meaning = String.join(" ", argument.description()).strip();
            text.append("| `")
                    .append(cell(usage(argument)))
                    .append("` | ")
                    .append(cell(meaning))
                    .append(argument instanceof OptionSpec option && option.required() ? " (required)" : "")
                    .append(" |\n");
        }
    }

    private static String usage(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec) return argument.paramLabel();
        OptionSpec option = (OptionSpec) argument;
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
