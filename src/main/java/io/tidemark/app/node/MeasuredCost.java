package io.tidemark.app.node;

/**
 * What was measured of the product's cost, as {@link SizePlan} multiplies it out; src/docs/MEASUREMENTS.md has each command and machine.
 * Processor time is in seconds of one shared core with AVX-512, so that it is an upper bound on machines of one's own.
 */
final class MeasuredCost {
    /** "What an event costs", mean of three runs without other work: reading an event and making its sample, one feature. */
    static final double INGEST_SECONDS = 12.1e-6;

    /** The same runs: judging a step of one feature. */
    static final double VERDICT_SECONDS = 29.6e-6;

    /** The same runs: the brokers' share of an event, in one replica. */
    static final double BROKER_SECONDS = 21.4e-6;

    /** "What an event costs": the bytes that such an event adds to the brokers' logs, in one replica. */
    static final double BROKER_BYTES = 651;

    /** "What an event costs", where 111.7 µs go: the worker's 5.3 µs a sample, less the pass of the network. */
    static final double WORKER_SECONDS = 4.7e-6;

    /** The same: the learner's 4.5 µs an event, of which 64 in 1,000 teach. */
    static final double TEACH_SECONDS = 4.5e-6 * 1000 / 64;

    /** The same runs, 71.8 µs of the product's own in all over 51.5 of its roles: the collector, the compilers, threads of Kafka's clients. */
    static final double OVERHEAD = 71.8 / 51.5;

    /**
     * Each feature more than one, as a share of the first: decision 5 has 1.5 µs a step for one feature and 3.5 for eight in the largest
     * part of the verdict. The whole path was not measured with many features.
     */
    static final double FEATURE_SHARE = (3.5 - 1.5) / 1.5 / 7;

    /** "Engines beside their libraries", djl in batches of 256: the slowest network of windows, attention-ae of 73,728 multiply-adds. */
    static final double SCORED_A_SECOND = 203 * 256.0 * 73_728;

    /** The same table: training dense-ae, of 4,608 multiply-adds, the slowest for its size. */
    static final double TAUGHT_A_SECOND = 1232 * 256.0 * 4_608;

    /** "What an event costs", bytes an event: compressed over what {@link StreamCost} says of the same stream. */
    static final double SAMPLE_COMPRESSION = 310.0 / 376;

    static final double INFERENCE_COMPRESSION = 66.0 / 168;
    static final double SCORE_COMPRESSION = 100.0 / 390;

    /** The same table: an event on its way to its series' partition, of one feature; a further feature is a number of 8 bytes. */
    static final double REPARTITION_BYTES = 29;

    static final double FEATURE_BYTES = 8;

    /** The same table: what a step writes to the changelogs of ingest and verdict, the larger figure, one feature. */
    static final double CHANGELOG_BYTES = 19 + 132;

    /** "Resident memory of the engines": what lived on the heap after a collection, with no series. */
    static final long HEAP_BASE_BYTES = 128L << 20;

    /** The same: 582 MiB resident with a heap of 256; and what the files of the state take of memory. */
    static final long BESIDE_HEAP_BYTES = 422L << 20;

    private MeasuredCost() {}
}
