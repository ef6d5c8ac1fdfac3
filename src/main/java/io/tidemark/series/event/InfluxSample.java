package io.tidemark.series.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lines of Influx as rows of texts: {@code measurement}, {@code tags.NAME}, the fields, {@code timestamp}. */
final class InfluxSample {
    private InfluxSample() {}

    /** Reads records of one line or several; empty when a line is none of Influx. */
    static Optional<SampleRows> of(List<String> records, int most) {
        List<Map<String, String>> rows = new ArrayList<>();
        try {
            for (String record : records) {
                for (JsonNode line : InfluxLines.parse(record.getBytes(UTF_8), header -> null)) {
                    if (rows.size() < most) rows.add(row(line));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new SampleRows(
                        SampleRows.Form.INFLUX,
                        ',',
                        false,
                        SampleRows.Marks.PLAIN,
                        Optional.empty(),
                        Optional.empty(),
                        rows));
    }

    private static Map<String, String> row(JsonNode line) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("measurement", line.path("measurement").asText());
        line.path("tags")
                .properties()
                .forEach(tag -> row.put("tags." + tag.getKey(), tag.getValue().asText()));
        line.path("fields")
                .properties()
                .forEach(field -> row.put(field.getKey(), field.getValue().asText()));
        if (line.has("timestamp")) row.put("timestamp", line.path("timestamp").asText());
        return row;
    }
}
