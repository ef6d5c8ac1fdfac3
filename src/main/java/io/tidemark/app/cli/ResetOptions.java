package io.tidemark.app.cli;

import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.StoredKeys;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command that forgets state says before it does anything, and whether it does. */
final class ResetOptions {
    @Option(names = "--yes", description = "do it; without this only what would be done is printed")
    private boolean yes;

    @Option(names = "--dry-run", description = "print what would be done, which is the default")
    private boolean dryRun;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    void check() {
        if (yes && dryRun) throw new ParameterException(command.commandLine(), "say --yes or --dry-run, not both");
    }

    /**
     * Prints what is to be done, and does it when that was said.
     *
     * @param inTheWay sentences why it cannot be done now
     */
    void run(List<String> plan, Collection<String> inTheWay, Runnable action) {
        PrintWriter out = command.commandLine().getOut();
        plan.forEach(out::println);
        out.flush();
        if (!yes) {
            inTheWay.forEach(why -> out.println("not now: " + why));
            out.println("nothing has been changed; do it with --yes");
            return;
        }
        if (!inTheWay.isEmpty()) throw new BrokerException("nothing has been changed: " + String.join("; ", inTheWay));
        action.run();
        out.println("done; start the roles again");
    }

    /** A line of the plan. */
    static String line(StoredKeys keys) {
        return "state: " + keys.size() + " records are deleted from " + keys.topic();
    }
}
