package io.tidemark.series.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of Influx as rows of texts: {@code measurement}, {@code tags.NAME}, the fields that are numbers, {@code timestamp}. */
final class InfluxSample {
    private static final Pattern LINE =
            Pattern.compile("([^,\\s\\\\]+)((?:,[^,=\\s]+=[^,=\\s]+)*) ([^=\\s,]+=.+?)(?: (-?\\d+))?");
    private static final Pattern FIELD = Pattern.compile("([^=,\\s]+)=(\"[^\"]*\"|[^,\"\\s]+?)[iu]?(?:,|$)");

    private InfluxSample() {}

    /** Reads records of one line or several; empty when a line is none of Influx. */
    static Optional<SampleRows> of(List<String> records, int most) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (String record : records) {
            for (String line : record.split("\n")) {
                Matcher parts = LINE.matcher(line.strip());
                if (line.isBlank() || rows.size() >= most) continue;
                if (!parts.matches()) return Optional.empty();
                rows.add(row(parts));
            }
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SampleRows(SampleRows.Form.INFLUX, ',', false, Optional.empty(), Optional.empty(), rows));
    }

    private static Map<String, String> row(Matcher parts) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("measurement", parts.group(1));
        for (String tag : parts.group(2).split(",")) {
            int equals = tag.indexOf('=');
            if (equals > 0) row.put("tags." + tag.substring(0, equals), tag.substring(equals + 1));
        }
        Matcher field = FIELD.matcher(parts.group(3));
        while (field.find()) row.put(field.group(1), field.group(2));
        if (parts.group(4) != null) row.put("timestamp", parts.group(4));
        return row;
    }
}
