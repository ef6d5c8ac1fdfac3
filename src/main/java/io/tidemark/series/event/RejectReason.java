package io.tidemark.series.event;

import java.util.Locale;

/** Why an event is no part of any step. Each is an expected outcome, counted and routed, never an exception. */
public enum RejectReason {
    /** The record has no value. */
    TOMBSTONE,
    /** The record is larger than {@code limits.event}, or the image than {@code max-bytes}. */
    TOO_LARGE,
    /** The value is not JSON or CSV, is cut, or nests deeper than {@link EventDecoder#NESTING_MAX}. */
    MALFORMED,
    /** The record is of another kind than {@code where} declares: it is passed over, and no dead letter. */
    OTHER_KIND,
    /** A declared field is there but is no number, such as a text or an object. */
    WRONG_TYPE,
    /** The field of the time, or of the feature's name or value in long form, is not there. */
    MISSING_FIELD,
    /** A field of the series key is not there, or its only one is empty, or the record's key is null where it names the series. */
    NO_SERIES,
    /** A record in long form names a feature that the stream does not declare. */
    UNKNOWN_FEATURE,
    /** The time is not in the declared form, or outside the years 1 to 9999. */
    TIME_UNREADABLE,
    /**
     * The time is further beyond the record's Kafka timestamp, or the clock, than {@code max-future}; or more than 30 days beyond the series' newest
     * event, and the next event does not agree.
     */
    TOO_FAR_FUTURE,
    /** Every value is missing: absent, null, NaN or infinite. */
    NO_VALUES,
    /** A value's magnitude is above {@link EventDecoder#VALUE_MAX}. */
    VALUE_OUT_OF_RANGE,
    /** A value is one that its feature cannot have, as {@code valid-range} declares. */
    OUTSIDE_VALID_RANGE,
    /** The bytes are no PNG, JPEG, BMP, TIFF or WebP. */
    IMAGE_UNKNOWN_FORMAT,
    /** The image is cut or damaged. */
    IMAGE_MALFORMED,
    /** The image is of a kind that is not read, such as JPEG 2000 or an unusual TIFF compression. */
    IMAGE_UNSUPPORTED,
    /** The image has no rows or no columns. */
    IMAGE_EMPTY,
    /** The header declares more pixels than {@code max-pixels}. */
    IMAGE_TOO_MANY_PIXELS,
    /** The declared crop does not lie within the frame. */
    IMAGE_TOO_SMALL,
    /** The image has more than one frame or page. */
    IMAGE_ANIMATED,
    /** The image has transparency. */
    IMAGE_ALPHA,
    /** The image has the colours of print. */
    IMAGE_CMYK,
    /** The image has more than eight bits a channel. */
    IMAGE_DEEP,
    /** The record names no image, or by headers that cannot be read. */
    CLAIM_MALFORMED,
    /** The URI is no {@code file:}, the stream declares no root, or the file lies outside of it. */
    CLAIM_OUTSIDE,
    /** There is no such file, or it cannot be read. */
    CLAIM_MISSING,
    /** The file has another SHA-256 than the record says. */
    CLAIM_MISMATCH,
    /** The stream already has as many series as {@code limits.series} admits. */
    SERIES_LIMIT,
    /** Another event of the series has the same time, and {@code same-time: reject} is declared. */
    SAME_TIME,
    /** The step holds as many separate offset ranges as it may. */
    STEP_FULL,
    /** The event waited in an internal topic while its stream was removed. */
    UNKNOWN_STREAM,
    /** The event waited, in an internal topic or in an open step, while its stream's features, grid or scaling changed. */
    STREAM_CHANGED,
    /** The schema that the record names is not to be had, or is of another kind. */
    SCHEMA_UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word that records and meters carry, such as {@code time-unreadable}. Words do not change once published. */
    public String label() {
        return label;
    }
}
