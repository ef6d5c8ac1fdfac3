package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.Section;
import io.tidemark.metrics.Build;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.ResourceBundle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command {@code tidemark}; every other command is below it.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. Results go to standard output, progress and logs to
 * standard error.
 */
@Command(
        name = "tidemark",
        description = "Watches Kafka topics and says, for every event, how strange it is.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Tidemark.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; one sentence on standard error says why", "2:wrong usage or configuration"
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            BacktestCommand.class,
            RateCommand.class,
            BenchCommand.class,
            ModelsCommand.class,
            NetworksCommand.class,
            ImageCommand.class,
            StreamsCommand.class,
            SeriesCommand.class,
            TailCommand.class,
            FeedbackCommand.class,
            ConsoleCommand.class,
            IncidentsCommand.class,
            SimilarCommand.class,
            SilenceCommand.class,
            NotifyCommand.class,
            ReplayCommand.class,
            RetrainCommand.class,
            SizeCommand.class,
            HealthyCommand.class
        })
public final class Tidemark implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "print the whole stack trace when something fails")
    private boolean debug;

    /** Runs the command line and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        // Numbers look the same everywhere. Kafka Streams formats some for each record, which Java 17 does cheaply for
        // this locale only.
        Locale.setDefault(Locale.Category.FORMAT, Locale.US);
        // Results are UTF-8 wherever the locale says nothing, as in most containers.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
        CommandLine line = commandLine();
        line.setOut(new PrintWriter(System.out, false, UTF_8));
        line.setErr(new PrintWriter(System.err, true, UTF_8));
        int exitCode = line.execute(arguments);
        line.getOut().flush();
        LastWords.said();
        System.exit(exitCode);
    }

    /** The whole command line, not yet given any arguments; tests read its model. */
    public static CommandLine commandLine() {
        Tidemark root = new Tidemark();
        CommandLine line = new CommandLine(root);
        line.registerConverter(Duration.class, Tidemark::duration);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setResourceBundle(ResourceBundle.getBundle("io.tidemark.app.cli.help", Locale.ROOT));
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setParameterExceptionHandler(new Failures(root::debug)::wrongUsage);
        line.setExecutionExceptionHandler(new Failures(root::debug)::failed);
        return line;
    }

    private boolean debug() {
        return debug;
    }

    private static Duration duration(String text) {
        return Section.parseDuration(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a time such as 10s, 5m or 2h"));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tidemark " + Build.current()};
        }
    }
}
