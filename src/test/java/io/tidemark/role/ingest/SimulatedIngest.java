package io.tidemark.role.ingest;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.kafka.client.SimulatedStreams;
import io.tidemark.metrics.Meters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The processors and the store of ingest, wired as {@link IngestTopology} wires them, for a simulation. */
public final class SimulatedIngest {
    private SimulatedIngest() {}

    /** Few series stay on the heap between two commits. */
    private static final long ROOM_BYTES = 4 << 10;

    /** The application of one input topic. */
    public static SimulatedStreams.Application of(
            TopicNames names, String input, List<StreamSpec> streams, int contextRows, int partitions, Meters meters) {
        String events = IngestTopology.events(names, input);
        SimulatedStreams.Sink scores = new SimulatedStreams.Sink(names.scores(), IngestTopology::seriesPartition);
        SimulatedStreams.Sink dead = new SimulatedStreams.Sink(names.deadLetters(), null);
        return new SimulatedStreams.Application(
                names.role("ingest-" + input),
                List.of(
                        new SimulatedStreams.Node(
                                Set.of(input), () -> new DecodeProcessor(input, streams, Map.of(), meters), null, ""),
                        new SimulatedStreams.Node(
                                Set.of(events, names.ticks()),
                                () -> new SeriesProcessor(
                                        input, names.ticks(), streams, stream -> contextRows, partitions, meters),
                                slots -> new PipelineStore(slots, new LiveHeap(ROOM_BYTES)),
                                IngestTopology.changelog(names, input))),
                Map.of(
                        IngestTopology.TO_EVENTS,
                        new SimulatedStreams.Sink(events, IngestTopology::seriesPartition),
                        IngestTopology.DECODE_SCORES,
                        scores,
                        IngestTopology.DECODE_DEAD_LETTERS,
                        dead,
                        IngestTopology.SAMPLES,
                        new SimulatedStreams.Sink(names.samples(), IngestTopology::seriesPartition),
                        IngestTopology.TRAINING,
                        new SimulatedStreams.Sink(names.training(), IngestTopology::streamPartition),
                        IngestTopology.SCORES,
                        scores,
                        IngestTopology.DEAD_LETTERS,
                        dead,
                        IngestTopology.TICKS,
                        new SimulatedStreams.Sink(names.ticks(), IngestTopology::seriesPartition)));
    }
}
