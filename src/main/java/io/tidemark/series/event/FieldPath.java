package io.tidemark.series.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path into a tree of objects and arrays.
 *
 * <table>
 * <caption>Parts</caption>
 * <tr><th>written</th><th>means</th></tr>
 * <tr><td>{@code a.b}</td><td>{@code b} of the object {@code a}, or what is literally named {@code a.b}</td></tr>
 * <tr><td>{@code "a.b".c}</td><td>{@code c} of what is literally named {@code a.b}</td></tr>
 * <tr><td>{@code a[2].b}</td><td>{@code b} of the third element of {@code a}</td></tr>
 * <tr><td>{@code a[key=x].b}</td><td>{@code b} of the first element of {@code a} whose {@code key} is {@code x}</td></tr>
 * <tr><td>{@code a.b}, where {@code a} is an array</td><td>{@code b} of its only element; or the {@code value} of the element whose {@code key} or
 *     {@code name} is {@code b}, which may have dots</td></tr>
 * </table>
 */
final class FieldPath {
    private final List<Part> parts;

    /**
     * @param name of a member; empty for an element of the array at hand
     * @param index of an element; -1: none
     * @param key member of an element that tells it apart; null: none
     * @param value what that member is
     */
    private record Part(String name, int index, @Nullable String key, String value) {}

    FieldPath(String path) {
        List<Part> read = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            char c = path.charAt(at);
            int end;
            if (c == '.') {
                end = at + 1;
            } else if (c == '"' && path.indexOf('"', at + 1) > 0) {
                end = path.indexOf('"', at + 1);
                read.add(new Part(path.substring(at + 1, end++), -1, null, ""));
            } else if (c == '[' && path.indexOf(']', at) > 0) {
                end = path.indexOf(']', at);
                read.add(element(path.substring(at + 1, end++)));
            } else {
                end = at + 1;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') end++;
                read.add(new Part(path.substring(at, end), -1, null, ""));
            }
            at = end;
        }
        parts = List.copyOf(read);
    }

    private static Part element(String inside) {
        int equals = inside.indexOf('=');
        if (equals > 0) return new Part("", -1, inside.substring(0, equals), inside.substring(equals + 1));
        return inside.matches("\\d{1,9}")
                ? new Part("", Integer.parseInt(inside), null, "")
                : new Part(inside, -1, null, "");
    }

    /** Whether a path has parts that only a tree can follow. */
    static boolean needsTree(String path) {
        return path.indexOf('[') >= 0 || path.indexOf('"') >= 0;
    }

    /** What lies at the path; null when nothing does. */
    @Nullable
    JsonNode in(JsonNode from) {
        return find(from, 0);
    }

    /** Every element of the arrays at the path, through arrays on the way. */
    void each(JsonNode from, Elements into) {
        each(from, 0, null, into);
    }

    /** Elements with what encloses them. */
    interface Elements {
        void element(TreeFields.Scope scope);
    }

    private void each(JsonNode node, int part, TreeFields.@Nullable Scope outer, Elements into) {
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (part == parts.size()) into.element(new TreeFields.Scope(element, outer));
                else each(element, part, outer, into);
            }
        } else if (part == parts.size()) {
            if (!node.isMissingNode() && !node.isNull()) into.element(new TreeFields.Scope(node, outer));
        } else {
            String name = parts.get(part).name();
            for (int to = part + 1; to <= parts.size(); to++) {
                if (to > part + 1) name = name + '.' + parts.get(to - 1).name();
                JsonNode child = node.get(name);
                if (child != null) each(child, to, new TreeFields.Scope(node, outer), into);
            }
        }
    }

    private @Nullable JsonNode find(JsonNode node, int from) {
        if (from == parts.size()) return node;
        Part part = parts.get(from);
        if (part.index() >= 0) {
            JsonNode element = node.get(part.index());
            return element == null ? null : find(element, from + 1);
        }
        if (part.key() != null) return keyed(node, part.key(), part.value(), from + 1);
        if (node.isArray()) return inArray(node, from);
        String name = part.name();
        for (int to = from + 1; to <= parts.size(); to++) {
            if (to > from + 1) {
                if (parts.get(to - 1).name().isEmpty()) break;
                name = name + '.' + parts.get(to - 1).name();
            }
            JsonNode child = node.get(name);
            JsonNode found = child == null ? null : find(child, to);
            if (found != null) return found;
        }
        return null;
    }

    private @Nullable JsonNode keyed(JsonNode array, String key, String value, int next) {
        for (JsonNode element : array) {
            JsonNode member = element.get(key);
            if (member != null && member.asText().equals(value)) return find(element, next);
        }
        return null;
    }

    private @Nullable JsonNode inArray(JsonNode array, int from) {
        String name = parts.get(from).name();
        for (int to = from + 1; to <= parts.size(); to++) {
            if (to > from + 1) name = name + '.' + parts.get(to - 1).name();
            for (JsonNode element : array) {
                JsonNode key = element.has("key") ? element.get("key") : element.get("name");
                JsonNode value = element.get("value");
                if (key == null || value == null || !key.asText().equals(name)) continue;
                return find(to == parts.size() ? unwrapped(value) : value, to);
            }
        }
        return array.size() == 1 ? find(array.get(0), from) : null;
    }

    /** A value in an object of its type, such as {@code {"stringValue": "x"}}. */
    private static JsonNode unwrapped(JsonNode value) {
        if (!value.isObject() || value.size() != 1) return value;
        Map.Entry<String, JsonNode> only = value.fields().next();
        return only.getKey().endsWith("Value") ? only.getValue() : value;
    }
}
