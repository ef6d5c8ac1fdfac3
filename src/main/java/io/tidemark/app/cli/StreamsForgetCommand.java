package io.tidemark.app.cli;

import io.tidemark.app.node.StateReset;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.StoredKeys;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tidemark streams forget}: what roles still hold of a stream that is no longer declared. */
@Command(
        name = "forget",
        header = "Deletes the state of a stream that is no longer declared.",
        description =
                "Deletes what ingest, verdict and learner hold of a stream that is no longer declared: its series and its"
                        + " checkpoints. Models and what was written stay. Ingest, verdict and learner must not run.",
        footer = {"", "Example:", "  tidemark streams forget old-pumps --yes"})
final class StreamsForgetCommand extends ResetCommand {
    @Parameters(paramLabel = "NAME", description = "the stream's name")
    private String name = "";

    @Override
    void reset() {
        if (topology.streams().stream().map(StreamSpec::name).anyMatch(name::equals)) {
            throw wrong("stream " + name + " is declared in " + topology.streamsFolder()
                    + "; take its file away first, or read it again with tidemark streams reset");
        }
        KafkaConnection kafka = await(TopicNames::scores);
        StateReset state = new StateReset(kafka);
        List<String> inputs = state.inputs();
        StateReset.Held held = state.held(inputs, key -> key.startsWith(name + "/"));
        StoredKeys checkpoints = state.checkpoints(name);
        if (held.series() == 0 && checkpoints.size() == 0) {
            throw new BrokerException("no role holds anything of a stream " + name);
        }
        List<StoredKeys> all = new ArrayList<>(held.state());
        all.add(checkpoints);
        all.removeIf(keys -> keys.size() == 0);
        List<String> plan = new ArrayList<>();
        plan.add("stream " + name + ": " + held.series() + " series are forgotten");
        all.forEach(keys -> plan.add(line(keys)));
        plan.add("not changed: its models, and what was written of it");
        List<String> inTheWay = new ArrayList<>(state.running(inputs));
        state.learns().ifPresent(inTheWay::add);
        carryOut(plan, inTheWay, () -> all.forEach(keys -> keys.delete(kafka)));
    }
}
