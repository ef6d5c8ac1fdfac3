package io.tidemark.judge.similar;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import org.jspecify.annotations.Nullable;

/**
 * What a model made of a window or a frame at its bottleneck, as a record of {@code codes} holds it.
 *
 * @param values at least one, all finite
 */
@SuppressWarnings("ArrayRecordComponent")
public record Code(String stream, Window window, Model model, float[] values) {

    /**
     * Which rows of which series.
     *
     * @param timeMs event time of the newest; epoch milliseconds
     * @param generation set-up of the series that the step's number belongs to
     * @param step number of the newest
     * @param rows at least 1
     */
    public record Window(String series, long timeMs, int generation, long step, int rows) {
        /** Whether both have a row in common. */
        public boolean overlaps(Window other) {
            return Math.abs(step - other.step) < Math.max(rows, other.rows)
                    && generation == other.generation
                    && series.equals(other.series);
        }
    }

    /** Codes of one model are points of one space. */
    public record Model(String network, int version) {}

    /**
     * Reads a record's value; fields that are not known are passed over.
     *
     * @throws MalformedRecordException when it is none
     */
    public static Code read(byte @Nullable [] record) {
        JsonNode json = JsonRecord.object(record);
        JsonNode model = json.path("model");
        Window window = new Window(
                text(json, "series"), timeMs(json), (int) whole(json, "generation"), whole(json, "step"), (int)
                        whole(json, "rows"));
        return new Code(
                text(json, "stream"),
                window,
                new Model(text(model, "network"), (int) whole(model, "version")),
                values(json.path("code")));
    }

    private static String text(JsonNode json, String name) {
        if (json.path(name).isTextual()) return json.path(name).textValue();
        throw new MalformedRecordException("a code has no " + name);
    }

    private static long whole(JsonNode json, String name) {
        if (json.path(name).canConvertToLong()) return json.path(name).longValue();
        throw new MalformedRecordException("a code has no " + name);
    }

    private static long timeMs(JsonNode json) {
        try {
            return FeedbackDecoder.timeMs("time", text(json, "time"));
        } catch (FeedbackException e) {
            throw new MalformedRecordException(e.sentence());
        }
    }

    private static float[] values(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) list.get(i).asDouble(Double.NaN);
        boolean finite = values.length > 0;
        for (float value : values) finite &= Float.isFinite(value);
        if (finite) return values;
        throw new MalformedRecordException("a code must be a list of numbers");
    }

    /** Euclidean distance; both have as many values. */
    double distance(Code other) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double d = (double) values[i] - other.values[i];
            sum += d * d;
        }
        return Math.sqrt(sum);
    }
}
