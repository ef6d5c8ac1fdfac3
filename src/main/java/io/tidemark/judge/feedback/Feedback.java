package io.tidemark.judge.feedback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.series.sample.Label;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a person said of a stretch of a series, as {@code feedback} and {@code labels} hold it: JSON that
 * {@code topology/formats/feedback.schema.json} describes.
 *
 * @param stream name of the stream; in [1, {@value #NAME_CHARS_MAX}] characters
 * @param series the series key; in [1, {@value #NAME_CHARS_MAX}] characters
 * @param fromMs event time of the first row, inclusive; epoch milliseconds, of the years 1 to 9999
 * @param toMs event time of the last row, inclusive; in [fromMs, fromMs + {@link #STRETCH_MAX}]
 * @param anomaly whether the stretch is an anomaly; else it is normal
 * @param who said it; at most {@value #WHO_CHARS_MAX} characters, empty where not known
 * @param note for other people; at most {@value #NOTE_CHARS_MAX} characters, may be empty
 */
public record Feedback(String stream, String series, long fromMs, long toMs, boolean anomaly, String who, String note) {
    /** Version of the record's format. */
    public static final int VERSION = 1;
    /** The longest stretch of one label. */
    public static final Duration STRETCH_MAX = Duration.ofDays(31);
    /** The largest record. */
    public static final int BYTES_MAX = 16 << 10;

    public static final int NAME_CHARS_MAX = 512;
    public static final int WHO_CHARS_MAX = 100;
    public static final int NOTE_CHARS_MAX = 1000;

    /** As records name the two labels. */
    public static final String NORMAL = "normal";

    public static final String ANOMALY = "anomaly";

    /** 0001-01-01T00:00:00Z. */
    static final long MIN_MS = -62_135_596_800_000L;
    /** The last millisecond of the year 9999. */
    static final long MAX_MS = 253_402_300_799_999L;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** @throws FeedbackException naming what is out of its bounds, and the bounds */
    public Feedback {
        length("stream", stream, 1, NAME_CHARS_MAX);
        length("series", series, 1, NAME_CHARS_MAX);
        length("who", who, 0, WHO_CHARS_MAX);
        length("note", note, 0, NOTE_CHARS_MAX);
        if (fromMs < MIN_MS || fromMs > MAX_MS || toMs < MIN_MS || toMs > MAX_MS) {
            throw new FeedbackException(FeedbackReason.MALFORMED, "from and to must be of the years 1 to 9999");
        }
        if (toMs < fromMs) {
            throw new FeedbackException(
                    FeedbackReason.BACKWARDS,
                    "to must be at or after from, " + time(fromMs) + ", but was " + time(toMs));
        }
        if (toMs - fromMs > STRETCH_MAX.toMillis()) {
            throw new FeedbackException(
                    FeedbackReason.TOO_LONG,
                    "a stretch must be at most " + STRETCH_MAX.toDays() + " days long, but " + time(fromMs) + " to "
                            + time(toMs) + " is longer; label it in parts");
        }
    }

    private static void length(String name, String text, int min, int max) {
        if (text.length() < min || text.length() > max) {
            throw new FeedbackException(
                    FeedbackReason.MALFORMED,
                    name + " must have " + min + " to " + max + " characters, but has " + text.length());
        }
    }

    /** As records write a time: RFC 3339 in UTC with milliseconds. */
    public static String time(long timeMs) {
        return TIME.format(Instant.ofEpochMilli(timeMs));
    }

    /** What the label is called. */
    public String label() {
        return anomaly ? ANOMALY : NORMAL;
    }

    /** The key on {@code labels}: a later label of the same stretch takes the place of an earlier one. */
    public String key() {
        return stream + "/" + series + "@" + fromMs + "-" + toMs;
    }

    /** As those who learn read it. */
    public Label toLabel() {
        return new Label(stream, series, fromMs, toMs, anomaly);
    }

    /** The record's value: JSON in UTF-8. */
    public byte[] encode() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", VERSION);
        json.put("stream", stream);
        json.put("series", series);
        json.put("from", time(fromMs));
        json.put("to", time(toMs));
        json.put("label", label());
        if (!who.isEmpty()) json.put("who", who);
        if (!note.isEmpty()) json.put("note", note);
        try {
            return JSON.writeValueAsString(json).getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
