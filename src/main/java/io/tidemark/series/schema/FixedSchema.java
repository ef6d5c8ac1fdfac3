package io.tidemark.series.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Messages of a {@code .proto} that comes with the program. Safe for any thread. */
public final class FixedSchema {
    private final ProtobufReader reader;

    private FixedSchema(ProtobufReader reader) {
        this.reader = reader;
    }

    /** @throws UncheckedIOException when the program lacks it */
    public static FixedSchema of(Class<?> beside, String name, String message) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) throw new IOException(name + " is missing from the jar");
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            SchemaText schema = new SchemaText("PROTOBUF", text, java.util.List.of());
            return new FixedSchema(new ProtobufReader(ProtoFiles.of(schema), message, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException when the value is no such message */
    public JsonNode read(byte[] value) throws IOException {
        return reader.read(value, 0, false, name -> null);
    }
}
