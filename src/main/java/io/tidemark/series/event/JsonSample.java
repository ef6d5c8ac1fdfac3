package io.tidemark.series.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records of JSON as rows of texts by dotted path: one for each record, for each element of an array that holds the events,
 * and for each pair of names and numbers side by side.
 */
final class JsonSample {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int most;
    private final List<Map<String, String>> rows = new ArrayList<>();
    private Optional<String> records = Optional.empty();
    private Optional<SampleRows.Pairs> pairs = Optional.empty();

    private JsonSample(int most) {
        this.most = most;
    }

    /**
     * Reads records; empty when one is no JSON object, nor an array of them.
     *
     * @param most rows that are worth reading
     */
    static Optional<SampleRows> of(List<String> texts, int most) {
        JsonSample sample = new JsonSample(most);
        try {
            for (String text : texts) {
                JsonNode root = JSON.readTree(text);
                if (sample.rows.isEmpty()) sample.records = records(root);
                if (!sample.add(root)) return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(new SampleRows(
                SampleRows.Form.JSON, ',', false, SampleRows.Marks.PLAIN, sample.records, sample.pairs, sample.rows));
    }

    /** Where the events of a record are: it is an array itself, or has one array of objects and no number beside it but a time. */
    private static Optional<String> records(JsonNode root) {
        if (root.isArray()) return Optional.of("");
        List<String> arrays = new ArrayList<>();
        root.properties().forEach(field -> {
            if (isOfObjects(field.getValue())) arrays.add(field.getKey());
        });
        Map<String, String> beside = new LinkedHashMap<>();
        flatten("", root, beside);
        boolean numbers = beside.entrySet().stream()
                .anyMatch(field -> SampleRows.isNumber(field.getValue()) && !SampleRows.isNameOfTime(field.getKey()));
        return arrays.size() == 1 && !numbers ? Optional.of(arrays.get(0)) : Optional.empty();
    }

    private static boolean isOfObjects(JsonNode node) {
        return node.isArray() && !node.isEmpty() && node.get(0).isObject();
    }

    private boolean add(JsonNode root) {
        if (records.isEmpty()) {
            if (root.isObject()) element(root, Map.of());
            return root.isObject();
        }
        JsonNode events = records.get().isEmpty() ? root : root.path(records.get());
        if (!events.isArray()) return false;
        Map<String, String> encloses = new LinkedHashMap<>();
        if (root.isObject()) flatten("", root, encloses);
        for (JsonNode event : events) {
            if (!event.isObject()) return false;
            element(event, encloses);
        }
        return true;
    }

    private void element(JsonNode element, Map<String, String> encloses) {
        if (rows.isEmpty()) pairs = pairs(element);
        Map<String, String> row = new LinkedHashMap<>(encloses);
        flatten("", element, row);
        if (pairs.isEmpty()) {
            if (rows.size() < most) rows.add(row);
            return;
        }
        JsonNode names = element.path(pairs.get().names());
        JsonNode numbers = element.path(pairs.get().numbers());
        for (int i = 0; i < Math.min(names.size(), numbers.size()) && rows.size() < most; i++) {
            Map<String, String> one = new LinkedHashMap<>(row);
            one.put(pairs.get().names(), names.get(i).asText());
            one.put(pairs.get().numbers(), numbers.get(i).asText());
            rows.add(one);
        }
    }

    /** An array of texts beside an array of as many numbers; of several of texts, the one that is called names. */
    private static Optional<SampleRows.Pairs> pairs(JsonNode element) {
        String names = "";
        String numbers = "";
        for (Map.Entry<String, JsonNode> field : element.properties()) {
            JsonNode array = field.getValue();
            if (!array.isArray() || array.isEmpty()) continue;
            if (array.get(0).isTextual() && (names.isEmpty() || field.getKey().matches("(?i).*name.*"))) {
                names = field.getKey();
            }
            if (array.get(0).isNumber()) numbers = field.getKey();
        }
        boolean side = !names.isEmpty()
                && !numbers.isEmpty()
                && element.path(names).size() == element.path(numbers).size();
        return side ? Optional.of(new SampleRows.Pairs(names, numbers)) : Optional.empty();
    }

    private static void flatten(String path, JsonNode node, Map<String, String> row) {
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                if (entry.getKey().indexOf('.') >= 0) return;
                flatten(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), row);
            });
        } else if (node.isValueNode() && !node.isNull()) {
            row.put(path, node.asText());
        }
    }
}
