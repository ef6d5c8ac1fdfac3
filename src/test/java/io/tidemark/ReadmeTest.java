package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidemark.app.cli.Tidemark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every {@code ./tidemark} line in a {@code sh} block of the documents parses, so no document shows a command that is not. */
class ReadmeTest {

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");

    private static final Pattern SPAN = Pattern.compile("`((?:\\./)?tidemark [^`]+)`");

    /** Only looked at. */
    private static final CommandLine PROGRAM = Tidemark.commandLine();

    /** A word, or a quoted string with its quotes. */
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|[^\\s'\"]+");

    @Test
    void everyCommandInTheDocumentsParses() throws Exception {
        boolean incomplete = !Tidemark.commandLine().getSubcommands().containsKey("demo");
        if (incomplete) {
            System.err.println("skipped: the command line has no demo");
        }
        assumeFalse(incomplete, "the command line has no demo");

        List<String> wrong = new ArrayList<>();
        for (Path file : RepositoryFiles.all()) {
            if (file.toString().endsWith(".md")) {
                for (List<String> command : commands(RepositoryFiles.text(file).orElse(""))) {
                    try {
                        Tidemark.commandLine().parseArgs(command.toArray(String[]::new));
                    } catch (CommandLine.ParameterException e) {
                        wrong.add(file + ": ./tidemark " + String.join(" ", command) + ": " + e.getMessage());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** {@code tidemark …} between backticks, or at the begin of a line of a {@code text} block. */
    @Test
    void everyCommandThatTheDocumentsMentionHasTheOptionsTheyGiveIt() throws Exception {
        List<String> wrong = new ArrayList<>();
        int mentioned = 0;
        for (Path file : RepositoryFiles.all()) {
            if (!file.toString().endsWith(".md")) continue;
            for (List<String> words : mentions(RepositoryFiles.text(file).orElse(""))) {
                mentioned++;
                problem(words).ifPresent(why -> wrong.add(file + ": tidemark " + String.join(" ", words) + ": " + why));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(mentioned).isGreaterThan(100);
    }

    @Test
    void aMentionThatNamesNoCommandOrNoOptionIsFound() {
        String document = """
                Both `tidemark sice --stream s` and `tidemark size --stream s --serie
                3` are wrong; `tidemark size` and `tidemark COMMAND --help` are not, nor `a tidemark sice`.

                ```text
                ./tidemark models list --streem pumps
                tidemark models list
                no tidemark here
                ```
                """;
        assertThat(mentions(document).stream()
                        .flatMap(words -> problem(words).stream())
                        .toList())
                .containsExactly("no command sice", "no option --serie", "no option --streem");
    }

    private static List<List<String>> mentions(String document) {
        List<List<String>> mentions = new ArrayList<>();
        Matcher span = SPAN.matcher(FENCED.matcher(document).replaceAll(""));
        while (span.find()) mentions.add(words(span.group(1).replace('\n', ' ')));
        for (String block : CodeBlocks.text(document)) {
            for (String line : block.split("\n")) {
                if (line.matches("(\\./)?tidemark .*")) mentions.add(words(line));
            }
        }
        return mentions.stream().map(words -> words.subList(1, words.size())).toList();
    }

    /** What is wrong with the words after {@code tidemark}; words in capitals stand for others. */
    private static Optional<String> problem(List<String> words) {
        CommandLine command = PROGRAM;
        int next = 0;
        while (next < words.size() && command.getSubcommands().containsKey(words.get(next))) {
            command = Objects.requireNonNull(command.getSubcommands().get(words.get(next++)));
        }
        if (next == 0 && !words.isEmpty() && words.get(0).matches("[a-z].*"))
            return Optional.of("no command " + words.get(0));
        for (String word : words.subList(next, words.size())) {
            String option = word.replaceAll("[=,.;:].*", "");
            if (option.matches("--[a-z-]+")
                    && !command.getCommandSpec().optionsMap().containsKey(option)) {
                return Optional.of("no option " + option);
            }
        }
        return Optional.empty();
    }

    @Test
    void readmeShowsTheTwoCommands() throws Exception {
        String readme = RepositoryFiles.text(Path.of("README.md")).orElseThrow();
        assertThat(commands(readme)).anyMatch(command -> command.get(0).equals("demo"));
        assertThat(readme).contains("mvn -B verify");
    }

    @Test
    void commandsEndWhereTheShellTakesOver() {
        String document = """
                ```sh
                ./tidemark demo --for 60s   # a minute
                ls; echo ./tidemark no
                TIDEMARK_HEAP=4g ./tidemark tail scores --json | head -3
                ./tidemark feedback 'pump 3' \\
                    2026-01-01T00:00:00Z anomaly > out.txt
                ```
                ./tidemark outside a block
                """;
        assertThat(commands(document))
                .containsExactly(
                        List.of("demo", "--for", "60s"),
                        List.of("tail", "scores", "--json"),
                        List.of("feedback", "pump 3", "2026-01-01T00:00:00Z", "anomaly"));
    }

    /** The arguments of each line that runs {@code ./tidemark}, after any environment settings. */
    private static List<List<String>> commands(String document) {
        List<List<String>> commands = new ArrayList<>();
        for (String block : CodeBlocks.shell(document)) {
            for (String line : block.replace("\\\n", " ").split("\n")) {
                List<String> words = words(line);
                int start = 0;
                while (start < words.size() && words.get(start).matches("[A-Z_]+=.*")) {
                    start++;
                }
                if (start < words.size() && words.get(start).equals("./tidemark")) {
                    commands.add(List.copyOf(words.subList(start + 1, words.size())));
                }
            }
        }
        return commands;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String text = word.group();
            if (text.matches("[|&>;#<].*|2>.*")) {
                break;
            }
            boolean quoted = text.startsWith("'") || text.startsWith("\"");
            words.add(quoted ? text.substring(1, text.length() - 1) : text);
        }
        return words;
    }
}
