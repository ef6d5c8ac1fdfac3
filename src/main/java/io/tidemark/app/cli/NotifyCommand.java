package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.Section;
import io.tidemark.role.notify.NotifyCheck;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark notify}: who is told of incidents, and whether that works. */
@Command(
        name = "notify",
        description = {
            "Checks topology/notify.yaml and that its secrets are there, and lists who is told of incidents.",
            "With --send each receiver is sent a test incident that opens and resolves."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark notify", "  tidemark notify --send --receiver chat"})
final class NotifyCommand extends CliCommand {
    private static final Columns COLUMNS = new Columns(
            Columns.text("receiver", 20),
            Columns.text("type", 12),
            Columns.text("from", 8),
            Columns.text("groups", 20),
            Columns.text("states", 40),
            Columns.text("retry", 6),
            Columns.text("check", 10));

    @Option(names = "--send", description = "send a test incident")
    private boolean send;

    @Option(names = "--receiver", paramLabel = "NAME", description = "only this receiver")
    private @Nullable String only;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = out();
        List<NotifyFile.Receiver> receivers = NotifyFile.read(topology.notifications()).receivers().stream()
                .filter(receiver -> only == null || receiver.name().equals(only))
                .toList();
        if (receivers.isEmpty()) {
            throw wrong(
                    only == null
                            ? "nobody is told: " + topology.notifications() + " declares no receiver"
                            : "there is no receiver " + only + " in " + topology.notifications());
        }
        out.println(COLUMNS.header());
        boolean failed = false;
        for (NotifyFile.Receiver receiver : receivers) {
            String problem = NotifyCheck.problem(receiver, System.getenv(), send, clock());
            failed |= !problem.isEmpty();
            out.println(COLUMNS.line(List.of(
                    receiver.name(),
                    receiver.type().name().toLowerCase(Locale.ROOT),
                    receiver.filter().severity().name().toLowerCase(Locale.ROOT),
                    receiver.filter().groups().isEmpty()
                            ? "all"
                            : String.join(" ", receiver.filter().groups()),
                    String.join(" ", receiver.filter().states()),
                    Section.show(receiver.retryFor()),
                    problem.isEmpty() ? (send ? "delivered" : "ok") : problem)));
        }
        return failed ? 1 : 0;
    }
}
