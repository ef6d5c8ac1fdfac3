package io.tidemark.series.event;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the declared fields in a record's bytes. */
sealed interface FieldReader permits JsonFields, CsvFields, TreeFields, MetricFields {
    /** What {@link #open} says of bytes that are not of this format. */
    int MALFORMED = -1;

    /**
     * Reads a record.
     *
     * @param headers the newest value of a header, or null
     * @param fields cleared; receives what is there where the record holds one event
     * @return how many events it holds; {@link #MALFORMED} when the bytes are not of this format
     */
    int open(byte[] record, Function<String, byte @Nullable []> headers, Fields fields);

    /**
     * Fills in one event of the opened record.
     *
     * @param index of the event
     * @param fields cleared where the record holds more than one event
     */
    void event(int index, Fields fields);

    /** Why {@link #open} found no event, for people; empty: as the format's name says. */
    default String problem() {
        return "";
    }

    /** What is wrong with bytes that are not of this format, to go on the sentence that says so; may be empty. */
    default String cause() {
        return "";
    }

    /** As what a record is rejected in which {@link #open} found no event. */
    default RejectReason refusal() {
        return RejectReason.MALFORMED;
    }
}
