package io.tidemark.image.decode;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventTime;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.event.SeriesKey;
import io.tidemark.series.sample.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of an image stream's input topic as events. One thread.
 *
 * <table>
 * <caption>Where a frame and its facts come from</caption>
 * <tr><th>what</th><th>where</th></tr>
 * <tr><td>the image</td><td>the value, or what it wraps: base64, a data URL, a field of JSON, a CloudEvent; where it is empty the
 *     file that header {@code tidemark-uri} names, which must have the SHA-256 of header {@code sha256}</td></tr>
 * <tr><td>the series</td><td>the headers, else the fields of JSON, that {@code series} names, joined by {@code /}; where it names none
 *     the record's key, else CloudEvents' {@code ce_source}, or {@code source} in JSON</td></tr>
 * <tr><td>the time</td><td>the header, else the field, that {@code time} names; where it names none {@code ce_time}, or {@code time} of
 *     a CloudEvent in JSON, else the record's Kafka timestamp</td></tr>
 * <tr><td>the id</td><td>{@code ce_id}, or {@code id} of a CloudEvent in JSON: two frames of a series with one time and one id are one
 *     frame</td></tr>
 * </table>
 */
public final class ImageEventDecoder implements AutoCloseable {
    /** Names the file of a claim check. */
    public static final String URI = "tidemark-uri";
    /** Its SHA-256 in hexadecimal digits. */
    public static final String SHA256 = "sha256";

    public static final String CE_ID = "ce_id";
    public static final String CE_SOURCE = "ce_source";
    public static final String CE_TIME = "ce_time";

    /** Begins the headers of a CloudEvent's attributes. */
    private static final String CE = "ce_";

    private static final int HEADER_BYTES_MAX = 4096;
    private static final ImageEnvelope NOTHING = new ImageEnvelope(new byte[0], null);

    private final List<String> series;
    private final String timeField;
    private final EventTime time;
    private final long futureMsMax;
    private final ClaimCheck claims;
    private final ImageDecoder images;
    private final int bytesMax;

    /** @throws IllegalArgumentException when the stream has no frames */
    public ImageEventDecoder(StreamSpec stream) {
        ImageSpec spec = stream.input()
                .image()
                .orElseThrow(() -> new IllegalArgumentException("stream " + stream.name() + " has no frames"));
        series = stream.input().fields().series();
        timeField = stream.input().fields().time().field();
        time = new EventTime(stream.input().fields().time(), 1);
        futureMsMax = stream.grid().maxFuture().toMillis();
        claims = new ClaimCheck(spec.root(), spec.limits().maxBytes());
        images = new ImageDecoder(spec);
        bytesMax = spec.limits().maxBytes();
    }

    /**
     * Reads one record.
     *
     * @param event receives series, time, frame and brightness; on a refusal what was read until then
     * @return why it is rejected, or null when the event is good
     */
    public @Nullable Refusal decode(
            byte @Nullable [] key,
            byte @Nullable [] value,
            RecordHeaders headers,
            long producedMs,
            DecodedEvent event) {
        event.clear();
        event.producedMs = producedMs;
        ImageEnvelope envelope = NOTHING;
        Refusal broken = null;
        try {
            if (value != null) envelope = ImageEnvelope.open(value, bytesMax);
        } catch (RefusedException e) {
            broken = e.refusal();
        }
        RejectReason reason = series(key, headers, envelope, event);
        if (reason == null) reason = time(headers, envelope, event);
        if (broken != null) return broken;
        if (reason != null) return new Refusal(reason, "");
        try {
            ImageDecoder.Outcome outcome =
                    images.decode(bytes(envelope.image(), headers), attribute(headers, envelope, CE_ID));
            if (outcome instanceof Refusal refusal) return refusal;
            Frame frame = ((ImageDecoder.Decoded) outcome).frame();
            event.frame = frame;
            event.values()[0] = frame.brightness();
            return null;
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    private byte[] bytes(byte[] value, RecordHeaders headers) throws RefusedException {
        if (value.length > 0) return value;
        String uri = text(headers, URI);
        if (uri.isEmpty()) {
            throw new RefusedException(
                    RejectReason.TOMBSTONE, "the record has neither a value nor a header " + URI + " that names one");
        }
        return claims.fetch(uri, text(headers, SHA256));
    }

    private @Nullable RejectReason series(
            byte @Nullable [] key, RecordHeaders headers, ImageEnvelope envelope, DecodedEvent event) {
        String name;
        if (series.isEmpty()) {
            boolean keyed = key != null && key.length > 0;
            name = keyed ? new String(key, StandardCharsets.UTF_8) : attribute(headers, envelope, CE_SOURCE);
        } else {
            StringBuilder joined = new StringBuilder();
            for (String field : series) {
                String part = named(headers, envelope, field);
                if (part.isEmpty()) return RejectReason.NO_SERIES;
                joined.append(joined.length() == 0 ? "" : "/")
                        .append(series.size() == 1 ? part : SeriesKey.escaped(part));
            }
            name = joined.toString();
        }
        if (name.isEmpty()) return RejectReason.NO_SERIES;
        event.series = SeriesKey.bounded(name);
        return null;
    }

    private @Nullable RejectReason time(RecordHeaders headers, ImageEnvelope envelope, DecodedEvent event) {
        String text = timeField.isEmpty() ? attribute(headers, envelope, CE_TIME) : named(headers, envelope, timeField);
        if (!text.isEmpty()) event.timeMs = time.parse(text);
        else if (timeField.isEmpty()) event.timeMs = event.producedMs;
        else return RejectReason.MISSING_FIELD;
        if (event.timeMs == EventTime.UNREADABLE) {
            event.timeMs = 0;
            return RejectReason.TIME_UNREADABLE;
        }
        return event.producedMs > 0 && event.timeMs - event.producedMs > futureMsMax
                ? RejectReason.TOO_FAR_FUTURE
                : null;
    }

    /** What a stream names: a header, else a field of JSON; empty where there is neither. */
    private static String named(RecordHeaders headers, ImageEnvelope envelope, String field) {
        String text = text(headers, field);
        return text.isEmpty() ? envelope.text(field) : text;
    }

    /** An attribute of a CloudEvent: a header, else the field of a CloudEvent in JSON; empty where there is neither. */
    private static String attribute(RecordHeaders headers, ImageEnvelope envelope, String header) {
        String text = text(headers, header);
        return text.isEmpty() && envelope.isCloudEvent() ? envelope.text(header.substring(CE.length())) : text;
    }

    /** A header as text; empty when it is absent or longer than any that is of use. */
    private static String text(RecordHeaders headers, String name) {
        byte[] value = headers.value(name);
        return value == null || value.length > HEADER_BYTES_MAX ? "" : new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        images.close();
    }
}
