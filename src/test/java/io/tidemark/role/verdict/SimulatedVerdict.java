package io.tidemark.role.verdict;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.kafka.client.SimulatedStreams;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What judges, with its store, wired as {@link VerdictTopology} wires it, for a simulation; without labels and incidents. */
public final class SimulatedVerdict {
    private SimulatedVerdict() {}

    /** Few series stay on the heap between two commits. */
    private static final long ROOM_BYTES = 100 << 10;

    /** The application. */
    public static SimulatedStreams.Application of(
            TopicNames names, List<StreamSpec> streams, Meters meters, InstantSource clock) {
        return new SimulatedStreams.Application(
                names.role("verdict"),
                List.of(new SimulatedStreams.Node(
                        Set.of(names.inferences()),
                        () -> new VerdictProcessor(streams, names.labels(), 1, meters, clock),
                        slots -> new SeriesStore(slots, new LiveHeap(ROOM_BYTES)),
                        VerdictTopology.changelog(names))),
                Map.of(
                        VerdictTopology.SCORES,
                        new SimulatedStreams.Sink(names.scores(), VerdictTopology::seriesPartition),
                        VerdictTopology.FORECASTS,
                        new SimulatedStreams.Sink(names.forecasts(), VerdictTopology::seriesPartition),
                        VerdictTopology.ALERTS,
                        new SimulatedStreams.Sink(names.alerts(), VerdictTopology::seriesPartition),
                        VerdictTopology.GATES,
                        new SimulatedStreams.Sink(names.gates(), VerdictTopology::streamPartition),
                        VerdictTopology.TO_GROUP,
                        new SimulatedStreams.Sink(names.incidentInbox(), VerdictTopology::streamPartition),
                        VerdictTopology.DEAD_LETTERS,
                        new SimulatedStreams.Sink(names.deadLetters(), VerdictTopology::seriesPartition)));
    }
}
