package io.tidemark.app.cli;

import io.tidemark.app.node.StateReset;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.role.ingest.IngestRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark streams reset}: an input topic is read again. */
@Command(
        name = "reset",
        header = "Reads a stream's input topic again, from its oldest record or from a time.",
        description =
                "Reads a stream's input topic again, from its oldest record or from a time, with series that begin as if they were"
                        + " never seen. Streams that read the same topic are reset with it. Every event from there on gets its outcome"
                        + " once more, beside those that are there. Ingest and verdict must not run.",
        footer = {
            "",
            "Examples:",
            "  tidemark streams reset pumps --to earliest          says what would be done",
            "  tidemark streams reset pumps --to 2026-01-01T00:00:00Z --yes"
        })
final class StreamsResetCommand extends ResetCommand {
    @Parameters(paramLabel = "NAME|FILE", description = "a declared stream, by name or file")
    private String name = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "WHERE",
            description = "earliest, latest, or a time of the records such as 2026-01-01T00:00:00Z")
    private String to = "";

    @Override
    void reset() {
        StreamSpec stream = topology.stream(name);
        OffsetReset where = where();
        String input = stream.input().topic();
        List<StreamSpec> together = together(stream, input);
        KafkaConnection kafka = await(TopicNames::scores);
        TopicNames names = kafka.names();
        StateReset state = new StateReset(kafka);
        String streams = together.stream().map(StreamSpec::name).collect(Collectors.joining(", "));
        StateReset.Held held =
                state.held(List.of(input), key -> together.stream().anyMatch(one -> key.startsWith(one.name() + "/")));
        List<String> plan = new ArrayList<>();
        plan.add((together.size() == 1 ? "stream " : "streams that read topic " + input + ": ") + streams);
        plan.add("place: group " + IngestRole.group(kafka, input) + " reads topic " + input + " from " + where);
        plan.add("series: " + held.series() + " begin as ones that were never seen");
        held.state().forEach(keys -> plan.add(line(keys)));
        plan.add("open alerts of them end without a record, and their incidents expire");
        plan.add("outputs: " + names.scores() + ", " + names.forecasts() + ", " + names.alerts() + " and "
                + names.training() + " keep what they have; events that are read again get outcomes once more");
        plan.add("not changed: models, and what the learner has learnt");
        List<String> inTheWay = new ArrayList<>(state.running(List.of(input)));
        inTheWay.addAll(state.underWay());
        carryOut(plan, inTheWay, () -> {
            held.state().forEach(keys -> keys.delete(kafka));
            state.place(input, together, where);
        });
    }

    private OffsetReset where() {
        try {
            return OffsetReset.parse(to, clock());
        } catch (IllegalArgumentException e) {
            throw wrong("--to must be earliest, latest or a past time such as 2026-01-01T00:00:00Z, but was " + to);
        }
    }

    /** The streams of one input topic share its group and its place. */
    private List<StreamSpec> together(StreamSpec stream, String input) {
        Map<String, StreamSpec> byName = new LinkedHashMap<>();
        for (StreamSpec one : topology.streams()) if (one.input().topic().equals(input)) byName.put(one.name(), one);
        byName.put(stream.name(), stream);
        return List.copyOf(byName.values());
    }
}
