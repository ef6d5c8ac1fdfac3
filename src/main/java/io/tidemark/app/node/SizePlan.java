package io.tidemark.app.node;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicFile;
import io.tidemark.kafka.client.LiveHeap;
import java.time.Duration;
import java.util.List;

/**
 * The machines that one stream takes under a load: measured processor time and bytes of an event ({@link MeasuredCost}), multiplied out
 * over the state and the records that {@link StreamCost} works out from the declaration.
 *
 * @param cost what the stream takes of one event and one series
 * @param load what it is to bear
 * @param stepsPerSecond steps that are judged; those of a grid come whether events do or not
 * @param partitions of Tidemark's topics: a power of two from 4 up, at least the processes of each role
 * @param brokerCores cores of all brokers together by the bytes that are written, each copy of a partition counted as the first
 */
public record SizePlan(
        StreamCost cost,
        Load load,
        double stepsPerSecond,
        int partitions,
        List<RoleSize> roles,
        double brokerCores,
        Disk disk,
        Traffic traffic) {

    private static final int SERIES_MAX = 10_000_000;
    private static final double EVENTS_MAX = 1e9;
    private static final int REPLICATION_MAX = 10;
    private static final int PARTITIONS_MIN = 4;
    private static final int PARTITIONS_MAX = 10_000;
    /** The share of a core that is planned for; the rest catches up after a pause. */
    private static final double BUSY = 0.6;
    /** The share of a heap that may be full; a collector needs the rest. */
    private static final double LIVE = 0.5;
    /** State for which a process is planned; a larger heap pauses longer, and takes longer to restore. */
    private static final long HEAP_STATE_MAX = 4L << 30;
    /** Kafka rewrites a compacted log once half of it is old values. */
    private static final double CHANGELOG_COPIES = 2;

    /**
     * What a stream is to bear.
     *
     * @param series in [1, 10,000,000], and at most {@code limits.series} of the stream
     * @param eventsPerSecond of all series together; in (0, 1e9]
     * @param replication copies of each partition; in [1, 10]
     */
    public record Load(int series, double eventsPerSecond, int replication) {
        public Load {
            if (series < 1 || series > SERIES_MAX) {
                throw new IllegalArgumentException("series must be in [1, 10000000], but was " + series);
            }
            if (!(eventsPerSecond > 0 && eventsPerSecond <= EVENTS_MAX)) {
                throw new IllegalArgumentException(
                        "rate must be in (0, 1e9] events a second, but was " + eventsPerSecond);
            }
            if (replication < 1 || replication > REPLICATION_MAX) {
                throw new IllegalArgumentException("replication must be in [1, 10], but was " + replication);
            }
        }
    }

    /**
     * The processes of one role.
     *
     * @param cores busy with the load, of all processes together
     * @param processes so many that each is busy for six tenths of a core, and holds 4 GiB of state, at most
     * @param heapBytes of each process, half of it free for the collector
     */
    public record RoleSize(RoleName role, double cores, int processes, long heapBytes) {
        /** Of each process: the heap, and what the JVM and the engine take beside it. */
        public long memoryBytes() {
            return heapBytes + MeasuredCost.BESIDE_HEAP_BYTES;
        }
    }

    /**
     * Bytes on the disks of all brokers together, copies included. Forecasts, pictures, dead letters and the input topic come on top.
     *
     * @param topics samples, inferences, training, scores and codes, for as long as topics.yaml keeps each
     * @param changelogs of ingest and verdict
     */
    public record Disk(double topics, double changelogs) {
        public double bytes() {
            return topics + changelogs;
        }
    }

    /**
     * Bytes a second of the brokers' network. The input topic, and those who read scores, come on top.
     *
     * @param in from Tidemark
     * @param between from broker to broker, for the copies
     * @param out to Tidemark
     */
    public record Traffic(double in, double between, double out) {}

    public SizePlan {
        roles = List.copyOf(roles);
    }

    /**
     * Plans for one stream.
     *
     * @throws IllegalArgumentException when no number of machines bears the load, saying why
     */
    public static SizePlan of(StreamCost cost, Load load, TopicFile topics) {
        StreamSpec stream = cost.stream();
        if (load.series() > stream.limits().series()) {
            throw new IllegalArgumentException("series must be at most limits.series of stream " + stream.name() + ", "
                    + stream.limits().series() + ", but was " + load.series() + "; raise limits.series in its file");
        }
        double steps = stream.grid()
                .step()
                .map(step -> load.series() * 1e3 / step.toMillis())
                .orElse(load.eventsPerSecond());
        double wide = 1 + MeasuredCost.FEATURE_SHARE * (stream.features() - 1);
        double ofOneSeries = Math.max(steps, load.eventsPerSecond()) / load.series();
        double busiest = ofOneSeries * MeasuredCost.VERDICT_SECONDS * wide * MeasuredCost.OVERHEAD;
        if (busiest > BUSY) {
            throw new IllegalArgumentException(String.format(
                    "a series is judged by one process, and %.0f steps a second of one series take %.1f cores of it;"
                            + " declare a step, or more series",
                    ofOneSeries, busiest));
        }
        double taught = steps * Math.min(load.series(), stream.learning().series()) / load.series();
        List<RoleSize> roles = List.of(
                role(
                        RoleName.INGEST,
                        load.eventsPerSecond() * MeasuredCost.INGEST_SECONDS * wide,
                        load.series() * cost.state().ingestHeap()),
                role(
                        RoleName.WORKER,
                        steps * (MeasuredCost.WORKER_SECONDS + cost.work().score() / MeasuredCost.SCORED_A_SECOND),
                        0),
                learner(stream, taught, cost.work().teach()),
                role(
                        RoleName.VERDICT,
                        steps * MeasuredCost.VERDICT_SECONDS * wide,
                        load.series() * cost.state().verdictHeap()));
        Traffic traffic = traffic(cost, load, steps, taught);
        return new SizePlan(
                cost,
                load,
                steps,
                partitions(roles),
                roles,
                traffic.in() * load.replication() * MeasuredCost.BROKER_SECONDS / MeasuredCost.BROKER_BYTES,
                disk(cost, load, topics, steps, taught),
                traffic);
    }

    private static RoleSize role(RoleName role, double seconds, long stateBytes) {
        double cores = seconds * MeasuredCost.OVERHEAD;
        long processors = (long) Math.ceil(cores / BUSY);
        long heaps = (stateBytes + HEAP_STATE_MAX - 1) / HEAP_STATE_MAX;
        int processes = Math.toIntExact(Math.max(1, Math.max(processors, heaps)));
        return new RoleSize(role, cores, processes, heapBytes(stateBytes / processes));
    }

    /** One process learns a stream, with at most the share of a processor that is declared. */
    private static RoleSize learner(StreamSpec stream, double taught, double teach) {
        if (stream.networks().isEmpty()) return new RoleSize(RoleName.LEARNER, 0, 1, heapBytes(0));
        double seconds = taught * (MeasuredCost.TEACH_SECONDS + teach / MeasuredCost.TAUGHT_A_SECOND);
        long rows = (long) stream.learning().bufferRows() * stream.networks().size();
        double cores =
                Math.min(seconds * MeasuredCost.OVERHEAD, stream.learning().share());
        return new RoleSize(RoleName.LEARNER, cores, 1, heapBytes(rows * Float.BYTES * stream.features()));
    }

    private static long heapBytes(long liveBytes) {
        return (long) Math.max((MeasuredCost.HEAP_BASE_BYTES + liveBytes) / LIVE, liveBytes / LiveHeap.SHARE);
    }

    private static int partitions(List<RoleSize> roles) {
        int processes = roles.stream().mapToInt(RoleSize::processes).max().orElse(1);
        if (processes > PARTITIONS_MAX) {
            throw new IllegalArgumentException("a role would need " + processes
                    + " processes, but a topic has at most 10000 partitions; divide the stream");
        }
        int least = Math.max(PARTITIONS_MIN, processes);
        int power = Integer.highestOneBit(least);
        return Math.min(PARTITIONS_MAX, power == least ? least : 2 * power);
    }

    private static Disk disk(StreamCost cost, Load load, TopicFile topics, double steps, double taught) {
        double kept = sampleBytes(cost) * steps * seconds(topics, "samples")
                + inferenceBytes(cost) * steps * seconds(topics, "inferences")
                + scoreBytes(cost) * steps * seconds(topics, "scores")
                + cost.record().code() * steps * seconds(topics, "codes")
                + cost.record().training() * taught * seconds(topics, "training");
        double state = (double) cost.state().stored() * load.series() * CHANGELOG_COPIES;
        return new Disk(kept * load.replication(), state * load.replication());
    }

    private static Traffic traffic(StreamCost cost, Load load, double steps, double taught) {
        double events = load.eventsPerSecond()
                * (MeasuredCost.REPARTITION_BYTES
                        + MeasuredCost.FEATURE_BYTES * (cost.stream().features() - 1));
        double read = events
                + steps * (sampleBytes(cost) + inferenceBytes(cost))
                + taught * cost.record().training();
        double written = read
                + steps
                        * (scoreBytes(cost)
                                + cost.record().code()
                                + MeasuredCost.CHANGELOG_BYTES * cost.stream().features());
        return new Traffic(written, written * (load.replication() - 1), read);
    }

    private static double sampleBytes(StreamCost cost) {
        return cost.record().sample() * MeasuredCost.SAMPLE_COMPRESSION;
    }

    private static double inferenceBytes(StreamCost cost) {
        return cost.record().inference() * MeasuredCost.INFERENCE_COMPRESSION;
    }

    private static double scoreBytes(StreamCost cost) {
        return cost.record().score() * MeasuredCost.SCORE_COMPRESSION;
    }

    private static double seconds(TopicFile topics, String name) {
        Duration retention = topics.topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("topics.yaml does not list " + name))
                .retention();
        return retention.toMillis() / 1e3;
    }
}
