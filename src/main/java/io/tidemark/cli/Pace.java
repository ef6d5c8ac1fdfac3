package io.tidemark.cli;

/** When an event of a replay is due. */
@FunctionalInterface
interface Pace {
    /** As fast as Kafka takes them. */
    Pace AT_ONCE = (key, value) -> {};

    /** Returns when the event is due. */
    void await(byte[] key, byte[] value);
}
