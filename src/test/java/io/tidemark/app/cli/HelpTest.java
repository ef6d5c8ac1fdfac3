package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What every command's {@code --help} holds to. */
class HelpTest {
    private static final Pattern DEFAULT_SAID_ANOTHER_WAY = Pattern.compile("Default:|Defaults to|by default");

    private static final Pattern PHRASE = Pattern.compile("([a-z0-9]|[A-Z][A-Z0-9]).*[^.]");

    /** The line that a list of commands shows: the header, or the first line of the description. */
    @Test
    void summaryOfEachCommandIsAWholeSentence() {
        List<String> cut = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        eachCommand(command -> {
            CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();
            String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
            String summary = lines.length == 0 ? "" : lines[0].strip();
            seen.add(summary);
            if (!summary.endsWith(".")) {
                cut.add(command.getCommandSpec().qualifiedName() + ": " + summary);
            }
        });
        assertThat(seen).hasSizeGreaterThan(30);
        assertThat(cut).isEmpty();
    }

    @Test
    void defaultsAreSaidInParentheses() {
        List<String> other = new ArrayList<>();
        eachCommand(command -> {
            for (OptionSpec option : command.getCommandSpec().options()) {
                String text = String.join(" ", option.description());
                if (DEFAULT_SAID_ANOTHER_WAY.matcher(text).find()) {
                    other.add(command.getCommandSpec().qualifiedName() + " " + option.longestName() + ": " + text);
                }
            }
        });
        assertThat(other).isEmpty();
    }

    @Test
    void bracketsOfADescriptionClose() {
        List<String> open = new ArrayList<>();
        eachCommand(command -> {
            for (OptionSpec option : command.getCommandSpec().options()) {
                String text = String.join(" ", option.description());
                int depth = 0;
                boolean closedTooOften = false;
                // half-open intervals mix the two kinds
                for (char c : text.toCharArray()) {
                    depth += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
                    closedTooOften |= depth < 0;
                }
                if (depth != 0 || closedTooOften) {
                    open.add(command.getCommandSpec().qualifiedName() + " " + option.longestName() + ": " + text);
                }
            }
        });
        assertThat(open).isEmpty();
    }

    /** As in {@code how long to wait (default: 60s)}: no capital but of names and abbreviations, and no full stop. */
    @Test
    void whatAnOptionMeansIsAPhraseWithoutAFullStop() {
        List<String> other = new ArrayList<>();
        eachCommand(command -> {
            for (ArgSpec argument : command.getCommandSpec().args()) {
                String text = String.join(" ", argument.description());
                if (!PHRASE.matcher(text).matches()) {
                    other.add(command.getCommandSpec().qualifiedName() + " " + argument.paramLabel() + ": " + text);
                }
            }
        });
        assertThat(other).isEmpty();
    }

    private static void eachCommand(Consumer<CommandLine> consumer) {
        List<CommandLine> left = new ArrayList<>(List.of(Tidemark.commandLine()));
        while (!left.isEmpty()) {
            CommandLine command = left.remove(left.size() - 1);
            consumer.accept(command);
            left.addAll(command.getSubcommands().values());
        }
    }
}
