package io.tidemark.app.cli;

import io.tidemark.app.node.StateReset;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark series}: what is done to one series. */
@Command(
        name = "series",
        description = "Resets a series.",
        subcommands = {SeriesCommand.Reset.class})
final class SeriesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say reset");
    }

    /** {@code tidemark series reset}. */
    @Command(
            name = "reset",
            header = "Forgets a series, which then begins as one that was never seen.",
            description =
                    "Forgets a series, such as one whose clock ran ahead and whose events are late ever since: its window, its"
                            + " calibration and its alert. What was written of it stays. Ingest and verdict must not run.",
            footer = {
                "",
                "Examples:",
                "  tidemark series reset pumps/p1          says what would be done",
                "  tidemark series reset pumps/p1 --yes"
            })
    static final class Reset extends ResetCommand {
        @Parameters(paramLabel = "STREAM/SERIES", description = "the series' key, as scores have it")
        private String name = "";

        @Override
        void reset() {
            int slash = name.indexOf('/');
            if (slash < 1) throw wrong("say STREAM/SERIES, but it was " + name);
            StreamSpec stream = topology.stream(name.substring(0, slash));
            String key = TopicNames.key(stream.name(), name.substring(slash + 1));
            KafkaConnection kafka = await(TopicNames::scores);
            StateReset state = new StateReset(kafka);
            List<String> inputs = List.of(stream.input().topic());
            StateReset.Held held = state.held(inputs, key::equals);
            if (held.series() == 0) {
                throw new BrokerException("no role holds a series " + key + "; tidemark tail shows the keys there are");
            }
            List<String> plan = new ArrayList<>();
            plan.add("series " + key + " begins as one that was never seen, with its next event");
            held.state().forEach(keys -> plan.add(line(keys)));
            plan.add("an open alert of it ends without a record, and its incident expires");
            plan.add("not changed: the place in topic " + inputs.get(0) + ", models, and what "
                    + kafka.names().scores() + " and the other topics hold of it");
            List<String> inTheWay = new ArrayList<>(state.running(inputs));
            inTheWay.addAll(state.underWay());
            carryOut(plan, inTheWay, () -> held.state().forEach(keys -> keys.delete(kafka)));
        }
    }
}
