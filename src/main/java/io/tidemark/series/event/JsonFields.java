package io.tidemark.series.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds fields in one JSON object by dotted paths ({@code metrics.cpu}, which may be literal names with dots), token by token: what is not
 * declared is skipped and never stored. A record with an array on the way to a field is read as a tree. Of a repeated key the last one counts.
 */
final class JsonFields implements FieldReader {
    private final JsonFactory factory;
    private final Node root = new Node();
    private final TreeFields tree;
    private boolean arrays;
    private String cause = "";

    /** A step of the declared paths: its children by name, and the places that end here. */
    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private int[] places = new int[0];
    }

    JsonFields(InputSpec input, Fields fields, int eventBytesMax) {
        factory = factory(eventBytesMax);
        tree = new TreeFields(input, fields, TreeFields.json(factory));
        for (int place = 0; place < fields.names.size(); place++) {
            if (!fields.isOutside(place)) add(root, fields.names.get(place), place);
        }
    }

    /** Reads within the limits of a record. */
    static JsonFactory factory(int eventBytesMax) {
        return JsonFactory.builder()
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
    }

    /** By every way to cut the path at its dots into names. */
    private static void add(Node node, String path, int place) {
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            Node child = node.children.computeIfAbsent(path.substring(0, dot), key -> new Node());
            add(child, path.substring(dot + 1), place);
        }
        Node leaf = node.children.computeIfAbsent(path, key -> new Node());
        leaf.places = Arrays.copyOf(leaf.places, leaf.places.length + 1);
        leaf.places[leaf.places.length - 1] = place;
    }

    @Override
    public int open(byte[] record, Function<String, byte @Nullable []> headers, Fields fields) {
        arrays = false;
        cause = "";
        try (JsonParser parser = factory.createParser(record)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                cause = first == JsonToken.START_ARRAY ? "" : "an object was expected";
                return MALFORMED;
            }
            object(parser, root, fields);
            long endedAt = parser.currentLocation().getByteOffset();
            if (parser.nextToken() != null) {
                cause = "more follows the object that ends at byte " + endedAt + "; write one object a record";
                return MALFORMED;
            }
        } catch (IOException e) {
            cause = Detail.cause(e);
            return MALFORMED;
        }
        if (!arrays) return 1;
        fields.clear();
        return tree.open(record, headers, fields);
    }

    @Override
    public void event(int index, Fields fields) {
        if (arrays) tree.event(index, fields);
    }

    @Override
    public String cause() {
        return cause;
    }

    /** Reads an object up to its end; the depth of recursion is that of the declared paths. */
    private void object(JsonParser parser, Node node, Fields fields) throws IOException {
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

    private void value(JsonParser parser, @Nullable JsonToken token, Node node, Fields fields) throws IOException {
        if (token == null) throw new IOException("the object does not end");
        for (int place : node.places) leaf(parser, token, place, fields);
        if (token == JsonToken.START_ARRAY) arrays |= !node.children.isEmpty() || namesOrValues(node, fields);
        if (token == JsonToken.START_OBJECT && !node.children.isEmpty()) object(parser, node, fields);
        else parser.skipChildren();
    }

    /** Whether an array here holds names of features, in long form. */
    private static boolean namesOrValues(Node node, Fields fields) {
        for (int place : node.places) if (fields.longForm && place == fields.values) return true;
        return false;
    }

    private void leaf(JsonParser parser, JsonToken token, int place, Fields fields) throws IOException {
        switch (token) {
            case VALUE_NULL -> fields.set(place, Fields.Found.NULL);
            case VALUE_STRING -> fields.text(place, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser, place, fields);
            case VALUE_TRUE -> fields.set(place, Fields.Found.TRUE);
            case VALUE_FALSE -> fields.set(place, Fields.Found.FALSE);
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
