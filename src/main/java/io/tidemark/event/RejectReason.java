package io.tidemark.event;

import java.util.Locale;

/** Why an event is no part of any step. Each is an expected outcome, counted and routed, never an exception. */
public enum RejectReason {
    /** The record has no value. */
    TOMBSTONE,
    /** The record is larger than {@code limits.event}. */
    TOO_LARGE,
    /** The value is not JSON or CSV, is cut, or nests deeper than {@link EventDecoder#NESTING_MAX}. */
    MALFORMED,
    /** A declared field is there but is no number, such as a text, a boolean or an object. */
    WRONG_TYPE,
    /** The field of the time, or of the feature's name or value in long form, is not there. */
    MISSING_FIELD,
    /** A field of the series key is not there or empty, or the record's key is null where it names the series. */
    NO_SERIES,
    /** The series key is longer than {@link EventDecoder#SERIES_BYTES_MAX}. */
    SERIES_TOO_LONG,
    /** A record in long form names a feature that the stream does not declare. */
    UNKNOWN_FEATURE,
    /** The time is not in the declared form, or outside the years 1 to 9999. */
    TIME_UNREADABLE,
    /** The time is further beyond the record's Kafka timestamp than {@code max-future}. */
    TOO_FAR_FUTURE,
    /** Every value is missing: absent, null, NaN or infinite. */
    NO_VALUES,
    /** A value's magnitude is above {@link EventDecoder#VALUE_MAX}. */
    VALUE_OUT_OF_RANGE,
    /** The stream already has as many series as {@code limits.series} admits. */
    SERIES_LIMIT,
    /** The step holds as many separate offset ranges as it may. */
    STEP_FULL,
    /** The event waited in an internal topic while its stream was removed. */
    UNKNOWN_STREAM,
    /** The event waited in an internal topic while its stream's features changed. */
    STREAM_CHANGED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word that records and meters carry, such as {@code time-unreadable}. Words do not change once published. */
    public String label() {
        return label;
    }
}
