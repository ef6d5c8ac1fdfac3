package io.tidemark.series.schema;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value with what a registry's serializer says of its schema: in front of the value, or in headers.
 *
 * <table>
 * <caption>Where the number is</caption>
 * <tr><th>bytes or header</th><th>written by</th></tr>
 * <tr><td>0, four bytes that are not all zero</td><td>Confluent, Apicurio 3, and Apicurio 2 with its {@code Legacy4ByteIdHandler}</td></tr>
 * <tr><td>0, eight bytes that begin with four zeros</td><td>Apicurio 2</td></tr>
 * <tr><td>{@code apicurio.value.globalId} or {@code .contentId}, eight bytes</td><td>Apicurio with headers</td></tr>
 * <tr><td>{@code __value_schema_id}: 0 and four bytes, or 1 and sixteen</td><td>Confluent with headers</td></tr>
 * </table>
 *
 * @param id of the schema
 * @param from where the value proper begins
 * @param inHeaders whether nothing stands before the value
 */
record Framed(SchemaId id, int from, boolean inHeaders) {
    private static final int HEADER_BYTES = 8;
    private static final int GUID_BYTES = 17;

    /** @throws SchemaException when there is no frame */
    static Framed of(byte[] value, Function<String, byte @Nullable []> headers) throws SchemaException {
        Framed header = inHeaders(headers);
        if (header != null) return header;
        if (value.length < 5 || value[0] != 0) {
            throw SchemaException.malformed("the value begins with " + start(value)
                    + " and not with the frame of a schema registry (a zero byte and the schema's number); where producers write"
                    + " no frame, declare input.schema.file in place of registry");
        }
        int number = ByteBuffer.wrap(value, 1, 4).getInt();
        if (number != 0 || value.length < 9) {
            return new Framed(new SchemaId(SchemaId.Kind.CONTENT, number & 0xFFFF_FFFFL), 5, false);
        }
        return new Framed(
                new SchemaId(SchemaId.Kind.GLOBAL, ByteBuffer.wrap(value, 1, 8).getLong()), 9, false);
    }

    private static @Nullable Framed inHeaders(Function<String, byte @Nullable []> headers) {
        byte[] content = headers.apply("apicurio.value.contentId");
        if (content != null && content.length == HEADER_BYTES) {
            return new Framed(
                    new SchemaId(SchemaId.Kind.CONTENT, ByteBuffer.wrap(content).getLong()), 0, true);
        }
        byte[] global = headers.apply("apicurio.value.globalId");
        if (global != null && global.length == HEADER_BYTES) {
            return new Framed(
                    new SchemaId(SchemaId.Kind.GLOBAL, ByteBuffer.wrap(global).getLong()), 0, true);
        }
        byte[] confluent = headers.apply("__value_schema_id");
        if (confluent == null) return null;
        if (confluent.length == 5 && confluent[0] == 0) {
            return new Framed(
                    new SchemaId(
                            SchemaId.Kind.CONTENT,
                            ByteBuffer.wrap(confluent, 1, 4).getInt()),
                    0,
                    true);
        }
        if (confluent.length < GUID_BYTES || confluent[0] != 1) return null;
        ByteBuffer guid = ByteBuffer.wrap(confluent, 1, 16);
        return new Framed(
                new SchemaId(SchemaId.Kind.GUID, 0, new UUID(guid.getLong(), guid.getLong()).toString()), 0, true);
    }

    /** The first bytes of a value, for people. */
    static String start(byte[] value) {
        if (value.length == 0) return "no byte";
        StringBuilder shown = new StringBuilder("0x");
        for (int i = 0; i < Math.min(8, value.length); i++) shown.append(String.format("%02x", value[i]));
        return shown.toString();
    }
}
