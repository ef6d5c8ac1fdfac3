package io.tidemark.series.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds fields in one JSON object by dotted paths ({@code metrics.cpu}), token by token: what is not declared is skipped and
 * never stored. Paths do not reach into arrays. Of a repeated key the last one counts.
 */
final class JsonFields implements FieldReader {
    private final JsonFactory factory;
    private final Node root = new Node();

    /** A step of the declared paths: its children by name, and the places that end here. */
    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private int[] places = new int[0];
    }

    JsonFields(Fields fields, int eventBytesMax) {
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(EventDecoder.NESTING_MAX)
                        .maxNumberLength(128)
                        .maxStringLength(eventBytesMax)
                        .maxNameLength(EventDecoder.NAME_LENGTH_MAX)
                        .build())
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        for (int place = 0; place < fields.names.size(); place++) {
            Node node = root;
            for (String part : parts(fields.names.get(place))) {
                node = node.children.computeIfAbsent(part, key -> new Node());
            }
            node.places = Arrays.copyOf(node.places, node.places.length + 1);
            node.places[node.places.length - 1] = place;
        }
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
            parts.add(path.substring(from, dot));
            from = dot + 1;
        }
        parts.add(path.substring(from));
        return parts;
    }

    @Override
    public boolean read(byte[] record, Fields fields) {
        try (JsonParser parser = factory.createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return false;
            object(parser, root, fields);
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads an object up to its end; the depth of recursion is that of the declared paths. */
    private static void object(JsonParser parser, Node node, Fields fields) throws IOException {
        String name = parser.nextFieldName();
        while (name != null) {
            Node child = node.children.get(name);
            JsonToken token = parser.nextToken();
            if (child == null) parser.skipChildren();
            else value(parser, token, child, fields);
            name = parser.nextFieldName();
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) throw new IOException("the object does not end");
    }

    private static void value(JsonParser parser, @Nullable JsonToken token, Node node, Fields fields)
            throws IOException {
        if (token == null) throw new IOException("the object does not end");
        for (int place : node.places) leaf(parser, token, place, fields);
        if (token == JsonToken.START_OBJECT && !node.children.isEmpty()) object(parser, node, fields);
        else parser.skipChildren();
    }

    private static void leaf(JsonParser parser, JsonToken token, int place, Fields fields) throws IOException {
        switch (token) {
            case VALUE_NULL -> fields.set(place, Fields.Found.NULL);
            case VALUE_STRING -> fields.text(place, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser, place, fields);
            default -> fields.set(place, Fields.Found.OTHER);
        }
    }

    private static void number(JsonParser parser, int place, Fields fields) throws IOException {
        if (fields.asWritten(place)) {
            fields.text(place, parser.getText());
            return;
        }
        double number = parser.getDoubleValue();
        // 1e999 is a number that no double holds, Infinity is none
        if (Double.isInfinite(number)) fields.text(place, parser.getText());
        else fields.number(place, number);
    }
}
