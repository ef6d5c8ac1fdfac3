package io.tidemark.series.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.config.InputSpec;
import io.tidemark.series.schema.SchemaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds fields in a tree, for what one pass over the tokens cannot do: several events in a record, arrays on the way to a field, and names
 * and values in arrays side by side. A field that is not in an element is looked for in what encloses it, outwards.
 */
final class TreeFields implements FieldReader {
    /** An element, or an object around it. */
    record Scope(JsonNode node, @Nullable Scope outer) {}

    /** Turns bytes into a tree. */
    interface Parser {
        /**
         * @param headers the newest value of a header, or null
         * @throws IOException when they are not of this format
         */
        @Nullable
        JsonNode parse(byte[] record, Function<String, byte @Nullable []> headers) throws IOException;
    }

    private final Parser parser;
    private final Optional<FieldPath> records;
    private final List<FieldPath> paths = new ArrayList<>();
    private final boolean longForm;
    private final int namePlace;
    private String problem = "";
    private String cause = "";
    private RejectReason refusal = RejectReason.MALFORMED;
    private final List<Scope> events = new ArrayList<>();
    /** For each event: which of the names and values side by side are its own; -1: it has one of its own. */
    private final List<Integer> pairs = new ArrayList<>();

    TreeFields(InputSpec input, Fields fields, Parser parser) {
        this.parser = parser;
        boolean lines = input.encoding().format() == InputSpec.Format.INFLUX;
        records = (lines ? Optional.of("") : input.choice().records()).map(FieldPath::new);
        longForm = input.fields().longForm().isPresent();
        namePlace = fields.values;
        for (String name : fields.names) paths.add(new FieldPath(name));
    }

    /** Reads JSON within the limits of a factory. */
    static Parser json(JsonFactory factory) {
        JsonMapper mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        return (record, headers) -> mapper.readTree(record);
    }

    @Override
    public int open(byte[] record, Function<String, byte @Nullable []> headers, Fields fields) {
        events.clear();
        pairs.clear();
        cause = "";
        problem = "";
        refusal = RejectReason.MALFORMED;
        JsonNode tree;
        try {
            tree = parser.parse(record, headers);
        } catch (SchemaException e) {
            problem = e.getMessage() == null ? "" : e.getMessage();
            refusal = e.isUnknown() ? RejectReason.SCHEMA_UNKNOWN : RejectReason.MALFORMED;
            return MALFORMED;
        } catch (IOException e) {
            cause = Detail.cause(e);
            return MALFORMED;
        }
        if (tree == null || !tree.isContainerNode()) return MALFORMED;
        if (records.isPresent()) records.get().each(tree, this::add);
        else if (tree.isObject()) add(new Scope(tree, null));
        else return MALFORMED;
        if (events.size() == 1) event(0, fields);
        return events.size();
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public String cause() {
        return cause;
    }

    @Override
    public RejectReason refusal() {
        return refusal;
    }

    private void add(Scope scope) {
        int beside = longForm ? beside(scope) : -1;
        if (beside < 0) {
            events.add(scope);
            pairs.add(-1);
        }
        for (int i = 0; i < beside; i++) {
            events.add(scope);
            pairs.add(i);
        }
    }

    /** How many names stand side by side; -1 when there is one alone. */
    private int beside(Scope scope) {
        JsonNode names = find(namePlace, scope);
        return names != null && names.isArray() ? names.size() : -1;
    }

    @Override
    public void event(int index, Fields fields) {
        Scope scope = events.get(index);
        int pair = pairs.get(index);
        for (int place = 0; place < paths.size(); place++) {
            if (fields.isOutside(place)) continue;
            JsonNode node = find(place, scope);
            if (pair >= 0 && place >= namePlace && node != null && node.isArray()) node = node.get(pair);
            if (node != null) set(place, node, fields);
        }
    }

    private @Nullable JsonNode find(int place, Scope from) {
        FieldPath path = paths.get(place);
        for (Scope scope = from; scope != null; scope = scope.outer()) {
            JsonNode found = path.in(scope.node());
            if (found != null) return found;
        }
        return null;
    }

    private static void set(int place, JsonNode node, Fields fields) {
        switch (node.getNodeType()) {
            case NULL -> fields.set(place, Fields.Found.NULL);
            case STRING -> fields.text(place, node.textValue());
            case BOOLEAN -> fields.set(place, node.booleanValue() ? Fields.Found.TRUE : Fields.Found.FALSE);
            case NUMBER -> {
                double number = node.doubleValue();
                if (fields.asWritten(place) || Double.isInfinite(number)) fields.text(place, node.asText());
                else fields.number(place, number);
            }
            default -> fields.set(place, Fields.Found.OTHER);
        }
    }
}
