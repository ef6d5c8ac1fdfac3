package io.tidemark.app.cli;

import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.StoredKeys;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that forgets state: what it says before it does anything, and whether it does. */
abstract class ResetCommand extends KafkaCommand {
    @Option(names = "--yes", description = "do it; without this only what would be done is printed")
    private boolean yes;

    @Option(names = "--dry-run", description = "print what would be done, which is the default")
    private boolean dryRun;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    TopologyOptions topology;

    @Override
    public final Integer call() {
        if (yes && dryRun) throw wrong("say --yes or --dry-run, not both");
        reset();
        return 0;
    }

    /** Makes the plan, and ends with {@link #carryOut}. */
    abstract void reset();

    /**
     * Prints what is to be done, and does it when that was said.
     *
     * @param inTheWay sentences why it cannot be done now
     */
    final void carryOut(List<String> plan, Collection<String> inTheWay, Runnable action) {
        PrintWriter out = out();
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
