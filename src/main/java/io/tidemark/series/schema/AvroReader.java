package io.tidemark.series.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding as a tree by the schema that wrote it: records and maps are objects, unions their value, enums texts,
 * decimals numbers, dates texts, other bytes Base64. The whole of the value must be of the schema.
 */
final class AvroReader implements SchemaReader.ValueReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEPTH_MAX = 64;

    private final Schema schema;

    /** @throws SchemaException when the text is no schema of Avro */
    AvroReader(SchemaText text) throws SchemaException {
        Schema.Parser parser = new Schema.Parser();
        try {
            for (SchemaText.Reference reference : text.references()) parser.parse(reference.text());
            schema = parser.parse(text.text());
        } catch (AvroRuntimeException e) {
            throw SchemaException.unknown("its text is not an Avro schema: " + e.getMessage());
        }
    }

    @Override
    public JsonNode read(byte[] value, int from, boolean framed, Function<String, byte @Nullable []> headers)
            throws SchemaException {
        Cursor cursor = new Cursor(value, from);
        JsonNode tree = cursor.read(schema, 0);
        if (cursor.at != value.length) {
            throw SchemaException.malformed("the value has " + (value.length - cursor.at) + " bytes more than schema "
                    + schema.getFullName() + " says; was it written by another schema" + frameHint(value, from) + "?");
        }
        return tree;
    }

    private static String frameHint(byte[] value, int from) {
        return from == 0 && value.length > 0 && value[0] == 0
                ? ", or has it the frame of a registry (input.schema.frame: registry)"
                : "";
    }

    /** A place in one value. */
    private static final class Cursor {
        private final byte[] bytes;
        private final long nodesMax;
        private long nodes;
        private int at;

        Cursor(byte[] bytes, int from) {
            this.bytes = bytes;
            at = from;
            // elements without a byte of their own, such as nulls, are bounded by the size of what holds them
            nodesMax = 1_024 + 16L * bytes.length;
        }

        JsonNode read(Schema schema, int depth) throws SchemaException {
            if (depth > DEPTH_MAX || ++nodes > nodesMax) throw wrong(schema, "nests or repeats too much");
            return switch (schema.getType()) {
                case NULL -> NODES.nullNode();
                case BOOLEAN -> NODES.booleanNode(take(1, schema).get() != 0);
                case INT -> whole(schema);
                case LONG -> NODES.numberNode(number(schema));
                case FLOAT -> NODES.numberNode((double) take(4, schema).getFloat());
                case DOUBLE -> NODES.numberNode(take(8, schema).getDouble());
                case STRING -> NODES.textNode(text(schema));
                case BYTES -> bytes(schema, count(schema));
                case FIXED -> bytes(schema, schema.getFixedSize());
                case ENUM -> NODES.textNode(symbol(schema));
                case UNION -> read(branch(schema), depth + 1);
                case RECORD -> {
                    ObjectNode object = NODES.objectNode();
                    for (Schema.Field field : schema.getFields()) {
                        object.set(field.name(), read(field.schema(), depth + 1));
                    }
                    yield object;
                }
                case ARRAY -> {
                    ArrayNode array = NODES.arrayNode();
                    for (long left = block(schema); left != 0; left = block(schema)) {
                        for (; left > 0; left--) array.add(read(schema.getElementType(), depth + 1));
                    }
                    yield array;
                }
                case MAP -> {
                    ObjectNode map = NODES.objectNode();
                    for (long left = block(schema); left != 0; left = block(schema)) {
                        for (; left > 0; left--) map.set(text(schema), read(schema.getValueType(), depth + 1));
                    }
                    yield map;
                }
            };
        }

        private JsonNode whole(Schema schema) throws SchemaException {
            long number = number(schema);
            if (!(schema.getLogicalType() instanceof LogicalTypes.Date)) return NODES.numberNode(number);
            try {
                return NODES.textNode(LocalDate.ofEpochDay(number).toString());
            } catch (DateTimeException e) {
                throw wrong(schema, "has no such day");
            }
        }

        /** How many elements follow; 0 at the end. */
        private long block(Schema schema) throws SchemaException {
            long count = number(schema);
            if (count >= 0) return count;
            number(schema);
            return Math.max(0, -count);
        }

        private Schema branch(Schema union) throws SchemaException {
            long index = number(union);
            if (index < 0 || index >= union.getTypes().size()) throw wrong(union, "has no branch " + index);
            return union.getTypes().get((int) index);
        }

        private String symbol(Schema schema) throws SchemaException {
            long index = number(schema);
            if (index < 0 || index >= schema.getEnumSymbols().size()) throw wrong(schema, "has no symbol " + index);
            return schema.getEnumSymbols().get((int) index);
        }

        private String text(Schema schema) throws SchemaException {
            int length = count(schema);
            int from = at;
            take(length, schema);
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }

        private JsonNode bytes(Schema schema, int length) throws SchemaException {
            int from = at;
            take(length, schema);
            byte[] taken = Arrays.copyOfRange(bytes, from, from + length);
            if (length > 0 && schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                return NODES.numberNode(new BigDecimal(new BigInteger(taken), decimal.getScale()));
            }
            return NODES.textNode(java.util.Base64.getEncoder().encodeToString(taken));
        }

        private int count(Schema schema) throws SchemaException {
            long length = number(schema);
            if (length < 0 || length > bytes.length - at) throw wrong(schema, "is cut");
            return (int) length;
        }

        private ByteBuffer take(int length, Schema schema) throws SchemaException {
            if (length > bytes.length - at) throw wrong(schema, "is cut");
            ByteBuffer taken = ByteBuffer.wrap(bytes, at, length).order(ByteOrder.LITTLE_ENDIAN);
            at += length;
            return taken;
        }

        /** A number in zigzag, seven bits a byte, the lowest first. */
        private long number(Schema schema) throws SchemaException {
            long bits = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                if (at == bytes.length) throw wrong(schema, "is cut");
                byte next = bytes[at++];
                bits |= (next & 0x7FL) << shift;
                if (next >= 0) return bits >>> 1 ^ -(bits & 1);
            }
            throw wrong(schema, "has a number of more than ten bytes");
        }

        private SchemaException wrong(Schema schema, String what) {
            return SchemaException.malformed("at byte " + at + " of " + bytes.length
                    + " the value is not as its schema says: " + schema.getName() + " " + what
                    + "; was it written by another schema" + frameHint(bytes, 0) + "?");
        }
    }
}
