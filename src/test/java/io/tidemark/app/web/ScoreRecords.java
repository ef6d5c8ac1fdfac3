package io.tidemark.app.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Records of {@code scores} for the console's tests, made of the golden one. */
final class ScoreRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXAMPLE = Path.of("topology", "formats", "score.scored.example.json");

    private ScoreRecords() {}

    /** A step of features {@code flow}, whose value is {@code step} and which has nine tenths of the surprise, and {@code pressure}. */
    static ObjectNode of(String stream, String series, long timeMs, long step, double score) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(Files.readAllBytes(EXAMPLE));
            record.put("stream", stream).put("series", series).put("step", step).put("score", score);
            record.put("time", Instant.ofEpochMilli(timeMs).toString());
            record.withObject("values").put("flow", step);
            record.withObject("contribution").put("flow", 90).put("pressure", 10);
            return record;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
